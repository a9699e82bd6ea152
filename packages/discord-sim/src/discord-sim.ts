import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Snowflake } from "@guildwire/discord-wire";
import { answerControl, type ControlTarget } from "./control/control-port.ts";
import type { Act } from "./fault/act.ts";
import type { Faults } from "./fault/faults.ts";
import { openFrontDoor } from "./front-door.ts";
import { GatewayServer } from "./gateway/gateway-server.ts";
import { LifeLoop } from "./life/life-loop.ts";
import { seededRandom } from "./random.ts";
import type { RateLimits } from "./rest/rate-limit.ts";
import type { RestAnswer, RestRequest } from "./rest/rest-answer.ts";
import { answerRest } from "./rest/rest-api.ts";
import { SimError } from "./sim-error.ts";
import { type SimOptions, type SimSettings, settingsOf } from "./sim-options.ts";
import type { SimStats } from "./sim-stats.ts";
import { apply } from "./world/apply.ts";
import type { Change } from "./world/change.ts";
import type { WorldCommand } from "./world/command.ts";
import type { Dispatch } from "./world/dispatch.ts";
import { populate } from "./world/population.ts";
import { type Truth, truthOf } from "./world/truth.ts";
import type { World } from "./world/world.ts";

/** A running stand-in for Discord. Any number of them can live in one process; each has its own port and world. */
export interface DiscordSim extends AsyncDisposable {
  readonly port: number;
  /** `http://…/api/v10`: what `DISCORD_API_URL` is set to. */
  readonly apiUrl: string;
  /** `ws://…/gateway`, without a query string, as `GET /gateway/bot` gives it. */
  readonly gatewayUrl: string;
  /** `http://…/control`. */
  readonly controlUrl: string;
  readonly token: string;
  readonly guildId: Snowflake;
  /** What is true of the rooms right now. */
  world(): Truth;
  /** Makes something happen; returns what Discord says about it. Throws `COMMAND_REFUSED` when it is impossible. */
  command(command: WorldCommand): readonly Dispatch[];
  /** Does something to every live connection at once. */
  act(act: Act): void;
  /** Changes the faults named and leaves the others. */
  setFaults(faults: Partial<Faults>): void;
  /** Stops life: nothing happens by itself any more. Connections stay. */
  pause(): void;
  /** Lets life go on. */
  resume(): void;
  stats(): SimStats;
  /** Destroys all connections and frees the port. */
  close(): Promise<void>;
}

/** Starts a stand-in and resolves when it listens. Throws `SimError` (sim-error.ts). */
export async function createDiscordSim(options: SimOptions = {}): Promise<DiscordSim> {
  const sim = new RunningSim(settingsOf(options));
  await sim.open();
  return sim;
}

class RunningSim implements DiscordSim {
  readonly #settings: SimSettings;
  readonly #gateway: GatewayServer;
  readonly #life: LifeLoop;
  readonly #limits: RateLimits = { windows: new Map() };
  readonly #delayedReplies = new Set<() => void>();
  readonly #control: ControlTarget;
  #world: World;
  #door: Server | undefined;
  #port = 0;
  #commands = 0;
  #restRequests = 0;
  #restInvalidRequests = 0;

  constructor(settings: SimSettings) {
    this.#settings = settings;
    const { clock, seed, rate, faults } = settings;
    this.#world = populate({ ...settings, atMs: clock.nowMs() });
    const world = (): World => this.#world;
    const gatewaySettings = { ...settings, lifeId: randomBytes(12).toString("hex") };
    this.#gateway = new GatewayServer(gatewaySettings, faults, clock, world);
    this.#life = new LifeLoop(
      { clock, random: seededRandom(seed, "life"), eventsPerSecond: rate },
      world,
      // A command from outside may have made impossible what life had in mind: then it does not happen.
      (command) => void this.#apply(command),
    );
    this.#control = {
      truth: () => this.world(),
      stats: () => this.stats(),
      faults: () => this.#gateway.state.faults,
      pause: () => this.pause(),
      resume: () => this.resume(),
      apply: (command) => this.#apply(command),
      setFaults: (next) => this.setFaults(next),
      act: (act) => this.act(act),
    };
  }

  get port(): number {
    return this.#port;
  }

  get apiUrl(): string {
    return `http://${this.#authority}/api/v10`;
  }

  get gatewayUrl(): string {
    return `ws://${this.#authority}/gateway`;
  }

  get controlUrl(): string {
    return `http://${this.#authority}/control`;
  }

  get token(): string {
    return this.#settings.token;
  }

  get guildId(): Snowflake {
    return this.#settings.guildId;
  }

  async open(): Promise<void> {
    const { host, port, startPaused } = this.#settings;
    this.#door = await openFrontDoor(host, port, {
      rest: (request, authority, reply) => this.#rest(request, authority, reply),
      control: (method, path, body) => answerControl(this.#control, method, path, body),
      upgrade: (request, socket, head, door, authority) =>
        this.#gateway.upgrade(request, socket, head, door, authority),
    });
    this.#port = (this.#door.address() as AddressInfo).port;
    if (!startPaused) this.#life.start();
  }

  world(): Truth {
    return truthOf(this.#world);
  }

  command(command: WorldCommand): readonly Dispatch[] {
    const change = this.#apply(command);
    if (change.ok) return change.dispatches;
    const { field, problem } = change;
    throw new SimError("COMMAND_REFUSED", `${command.type}: ${field} ${problem}`, { field });
  }

  act(act: Act): void {
    this.#gateway.act(act);
  }

  setFaults(faults: Partial<Faults>): void {
    this.#gateway.setFaults(faults);
  }

  pause(): void {
    this.#life.stop();
  }

  resume(): void {
    this.#life.start();
  }

  stats(): SimStats {
    return {
      ...this.#gateway.stats,
      restRequests: this.#restRequests,
      restInvalidRequests: this.#restInvalidRequests,
      commands: this.#commands,
      paused: !this.#life.isRunning,
    };
  }

  async close(): Promise<void> {
    this.pause();
    for (const cancel of this.#delayedReplies) cancel();
    this.#gateway.close();
    const door = this.#door;
    this.#door = undefined;
    if (door === undefined) return;
    const closed = new Promise<void>((resolve) => door.close(() => resolve()));
    door.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #authority(): string {
    const { host } = this.#settings;
    return `${host.includes(":") ? `[${host}]` : host}:${this.#port}`;
  }

  #apply(command: WorldCommand): Change {
    const change = apply(this.#world, command, this.#settings.clock.nowMs());
    if (!change.ok) return change;
    this.#commands += 1;
    this.#world = change.world;
    this.#gateway.say(change.dispatches);
    return change;
  }

  #rest(request: RestRequest, authority: string, reply: (answer: RestAnswer) => void): void {
    this.#restRequests += 1;
    const { state } = this.#gateway;
    const answer = answerRest(request, {
      world: this.#world,
      gateway: state,
      limits: this.#limits,
      faults: state.faults,
      gatewayUrl: `ws://${authority}/gateway`,
      atMs: this.#settings.clock.nowMs(),
    });
    if ([401, 403, 429].includes(answer.status)) this.#restInvalidRequests += 1;
    const { restDelayMs } = state.faults;
    if (restDelayMs === 0) {
      reply(answer);
      return;
    }
    const cancel = this.#settings.clock.after(restDelayMs, () => {
      this.#delayedReplies.delete(cancel);
      reply(answer);
    });
    this.#delayedReplies.add(cancel);
  }
}
