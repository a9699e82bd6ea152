/** Our client on real sockets against the simulator, with its default timing, and a log of what it tells and when. */
import { createDiscordSim, type DiscordSim, type SimOptions } from "@guildwire/discord-sim";
import { GatewayIntent } from "@guildwire/discord-wire";
import { GatewayClient, type GatewayClientOptions, type GatewayEvent } from "../../src/index.ts";

type Timed<E = GatewayEvent> = E & { readonly atMs: number };
type EventOf<T extends GatewayEvent["type"]> = Timed<Extract<GatewayEvent, { type: T }>>;

/** Longer than any wait of the client that a test looks at. */
const PATIENCE_MS = 30_000;

export class Stage implements AsyncDisposable {
  readonly sim: DiscordSim;
  readonly client: GatewayClient;
  readonly #events: Timed[] = [];
  readonly #listeners = new Set<(event: Timed) => void>();

  private constructor(sim: DiscordSim, options: Partial<GatewayClientOptions>) {
    this.sim = sim;
    this.client = new GatewayClient({
      token: sim.token,
      intents: GatewayIntent.Guilds | GatewayIntent.GuildVoiceStates,
      onDispatches: ({ session, lastSeq }) => this.client.confirmStored(session.id, lastSeq),
      onEvent: (event) => this.#note({ ...event, atMs: performance.now() }),
      fetchGatewayBot: () =>
        Promise.resolve({
          ok: true,
          value: { url: sim.gatewayUrl, shards: 1, sessionStartLimit: PLENTY },
        }),
      ...options,
    });
    this.client.start();
  }

  static async open(
    options: Partial<GatewayClientOptions> = {},
    simOptions: SimOptions = {},
  ): Promise<Stage> {
    const sim = await createDiscordSim({ rate: 0, people: 10, rooms: 2, ...simOptions });
    return new Stage(sim, options);
  }

  /** Opens a stage whose client is ready and has stored what came with READY; returns the moment with it. */
  static async live(
    options: Partial<GatewayClientOptions> = {},
    simOptions: SimOptions = {},
  ): Promise<{ readonly stage: Stage; readonly fromMs: number }> {
    const stored = Promise.withResolvers<void>();
    const stage = await Stage.open(
      {
        onDispatches: ({ session, dispatches, lastSeq }) => {
          stage.client.confirmStored(session.id, lastSeq);
          if (dispatches.some(({ name }) => name === "GUILD_CREATE")) stored.resolve();
        },
        ...options,
      },
      simOptions,
    );
    await stage.until("ready");
    await stored.promise;
    return { stage, fromMs: performance.now() };
  }

  /** The first event of this type that is told from `fromMs` on, already or soon. */
  until<T extends GatewayEvent["type"]>(type: T, fromMs = 0): Promise<EventOf<T>> {
    return this.#first((event): event is EventOf<T> => event.type === type && event.atMs >= fromMs, type);
  }

  /** The first time from `fromMs` on that the client is ready or has resumed. */
  untilLive(fromMs: number): Promise<EventOf<"ready" | "resumed">> {
    const fits = (event: Timed): event is EventOf<"ready" | "resumed"> =>
      (event.type === "ready" || event.type === "resumed") && event.atMs >= fromMs;
    return this.#first(fits, "ready or resumed");
  }

  async #first<E extends Timed>(fits: (event: Timed) => event is E, what: string): Promise<E> {
    const told = this.#events.find(fits);
    if (told !== undefined) return told;
    const { promise, resolve, reject } = Promise.withResolvers<E>();
    const listener = (event: Timed): void => {
      if (fits(event)) resolve(event);
    };
    const timer = setTimeout(() => reject(new Error(`no ${what}; told: ${this.told}`)), PATIENCE_MS);
    this.#listeners.add(listener);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    }
  }

  /** Calls back at every event of the types, until the stage ends. */
  whenever(types: readonly GatewayEvent["type"][], react: () => void): void {
    this.#listeners.add((event) => {
      if (types.includes(event.type)) setImmediate(react);
    });
  }

  count(type: GatewayEvent["type"], fromMs = 0): number {
    return this.#events.filter((event) => event.type === type && event.atMs >= fromMs).length;
  }

  /** Everything that was told, as a program would log it. */
  get told(): string {
    return JSON.stringify(this.#events);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.stop({ keepSession: false });
    await this.sim.close();
  }

  #note(event: Timed): void {
    this.#events.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  }
}

const PLENTY = { total: 1000, remaining: 1000, resetAfterMs: 0, maxConcurrency: 1 };

/** The longest and the shortest back-off that chance can bring. */
export const LONGEST = { random: () => 0.999 } as const;
export const SHORTEST = { random: () => 0 } as const;

/** For what is promised over a stretch of time: there is no event for "nothing more happens". */
export function elapsed(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
