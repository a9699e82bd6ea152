import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Snowflake } from "@guildwire/discord-wire";
import { answerControl, type ControlTarget } from "./control/control-port.ts";
import type { Act, ActTarget } from "./fault/act.ts";
import type { Faults } from "./fault/faults.ts";
import { openFrontDoor } from "./front-door.ts";
import { GatewayServer, type SessionReport } from "./gateway/gateway-server.ts";
import { Lives } from "./life-of-guilds.ts";
import { newRateLimits, type RateLimits } from "./rest/rate-limit.ts";
import type { RestAnswer, RestRequest } from "./rest/rest-answer.ts";
import { answerRest } from "./rest/rest-api.ts";
import { SimError } from "./sim-error.ts";
import { type SimOptions, type SimSettings, settingsOf } from "./sim-options.ts";
import type { SimStats } from "./sim-stats.ts";
import type { SimCommand } from "./world/command.ts";
import type { Dispatch } from "./world/dispatch.ts";
import { type Truth, truthOf } from "./world/truth.ts";
import { GuildCollection } from "./world/worlds.ts";
import { type Outcome, WorldKeeper } from "./world-keeper.ts";

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
  /** All servers the bot is in, the watched one first. */
  readonly guildIds: readonly Snowflake[];
  /** What is true of the rooms right now, of the watched server unless told otherwise. */
  world(guildId?: Snowflake): Truth;
  /**
   * Makes something happen, in the watched server unless told otherwise; returns what Discord says about it. Throws
   * `COMMAND_REFUSED` when it is impossible.
   */
  command(command: SimCommand, guildId?: Snowflake): readonly Dispatch[];
  /** Does something to every live connection at once, or to those the target means. */
  act(act: Act, target?: ActTarget): void;
  /** Sessions that are live or can still be resumed. */
  sessions(): readonly SessionReport[];
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
  readonly #keeper: WorldKeeper;
  readonly #lives: Lives;
  readonly #limits: RateLimits = newRateLimits();
  readonly #delayedReplies = new Set<() => void>();
  readonly #control: ControlTarget;
  #door: Server | undefined;
  #port = 0;
  #restRequests = 0;
  #restInvalidRequests = 0;
  #messagesSent = 0;

  constructor(settings: SimSettings) {
    this.#settings = settings;
    const { clock, faults } = settings;
    const worlds = new GuildCollection(
      { ...settings, atMs: clock.nowMs() },
      { count: settings.otherGuilds, people: settings.otherPeople, rooms: settings.otherRooms },
    );
    const gatewaySettings = { ...settings, lifeId: randomBytes(12).toString("hex") };
    this.#gateway = new GatewayServer(gatewaySettings, faults, clock, worlds);
    this.#keeper = new WorldKeeper(worlds, clock, (dispatches, guildId) =>
      this.#gateway.say(dispatches, guildId),
    );
    this.#lives = new Lives(settings, this.#keeper);
    this.#control = {
      truth: (guildId) => this.#truth(guildId),
      stats: () => this.stats(),
      faults: () => this.#gateway.state.faults,
      guildIds: () => this.guildIds,
      sessions: () => this.sessions(),
      pause: () => this.pause(),
      resume: () => this.resume(),
      apply: (command, guildId) => this.#keeper.apply(command, guildId),
      setFaults: (next) => this.setFaults(next),
      act: (act, target) => this.act(act, target),
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
    if (!startPaused) this.#lives.start();
  }

  get guildIds(): readonly Snowflake[] {
    return this.#keeper.worlds.guildIds;
  }

  world(guildId: Snowflake = this.guildId): Truth {
    const truth = this.#truth(guildId);
    if (truth !== undefined) return truth;
    throw new SimError("COMMAND_REFUSED", "guildId is not a server of this bot", { field: "guildId" });
  }

  command(command: SimCommand, guildId?: Snowflake): readonly Dispatch[] {
    const outcome: Outcome = this.#keeper.apply(command, guildId);
    if (outcome.ok) return outcome.dispatches;
    const { field, problem } = outcome;
    throw new SimError("COMMAND_REFUSED", `${command.type}: ${field} ${problem}`, { field });
  }

  act(act: Act, target: ActTarget = {}): void {
    this.#gateway.act(act, target);
  }

  sessions(): readonly SessionReport[] {
    return this.#gateway.sessions();
  }

  setFaults(faults: Partial<Faults>): void {
    this.#gateway.setFaults(faults);
  }

  pause(): void {
    this.#lives.stop();
  }

  resume(): void {
    this.#lives.start();
  }

  stats(): SimStats {
    return {
      ...this.#gateway.stats,
      restRequests: this.#restRequests,
      restInvalidRequests: this.#restInvalidRequests,
      messagesSent: this.#messagesSent,
      commands: this.#keeper.changes,
      paused: !this.#lives.isRunning,
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

  #truth(guildId: Snowflake = this.guildId): Truth | undefined {
    const world = this.#keeper.worlds.worldOf(guildId);
    return world && truthOf(world);
  }

  #rest(request: RestRequest, authority: string, reply: (answer: RestAnswer) => void): void {
    this.#restRequests += 1;
    const { state } = this.#gateway;
    const answer = answerRest(request, {
      keeper: this.#keeper,
      gateway: state,
      limits: this.#limits,
      faults: state.faults,
      gatewayUrl: `ws://${authority}/gateway`,
      shards: this.#settings.shards,
      callsPerSecondMax: this.#settings.restCallsPerSecondMax,
      strictUserAgent: this.#settings.strictUserAgent,
      atMs: this.#settings.clock.nowMs(),
    });
    if (request.method === "POST" && answer.status === 200 && MESSAGE_PATH.test(request.path)) {
      this.#messagesSent += 1;
    }
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

const MESSAGE_PATH = /^\/channels\/\d+\/messages$/;
