/**
 * The model a run is played on: one simulator, one client at a time, one virtual time, and everything between them that
 * can fail. `play` goes through the steps of the seed, waits until the client is live again, and ends it.
 */
import { type Act, type DiscordSim, type Faults, NO_FAULTS } from "@guildwire/discord-sim";
import { GatewayIntent } from "@guildwire/discord-wire";
import { Chance } from "@guildwire/runtime/random";
import { everythingIsStored, handedOverOnce } from "./checks/delivery-truth.ts";
import { dialsAreBackedOff, endIsTheEnd, invalidSessionsStayDead } from "./checks/reconnect-manners.ts";
import { assertServerIsContent } from "./checks/server-opinion.ts";
import {
  claimsAreStored,
  identifiesKeepTheirDistance,
  nothingBeforeHello,
  sendsStayWithinBudget,
} from "./checks/wire-manners.ts";
import { ClientLife, type ConsumerMood, emptyDisk } from "./client-life.ts";
import { type Stage, strike } from "./fault-kinds.ts";
import { CALM, FaultyNetwork } from "./faulty-network.ts";
import { linesOfReplica, linesOfTruth } from "./guild-replica.ts";
import { Happenings } from "./happenings.ts";
import type { RunOptions, RunReport } from "./model-run.ts";
import { type UntimedObservation, Violation } from "./observation.ts";
import { QUIET_REST, type RestMood, restStandIn } from "./rest-stand-in.ts";
import { settle } from "./settling.ts";
import { HEARTBEAT_MS, openSimulator, type SimulatorClock } from "./simulator.ts";
import { drawSwarm, type Swarm } from "./swarm.ts";
import { Trace } from "./trace.ts";
import { VirtualTime } from "./virtual-time.ts";

const INTENTS = GatewayIntent.Guilds | GatewayIntent.GuildVoiceStates;
/** A process that ended is started again by its platform after this. */
const RESTART_MS = 3_000;

/**
 * The longest way back: an Identify that is never answered (60 s), or two intervals until a dead connection shows; then
 * a Resume at each address that comes to nothing, and the Identify; and a back-off of 19.2 s at most before each dial.
 */
const LIVE_WITHIN_MS = 2 * HEARTBEAT_MS + 60_000 + 2 * 10_000 + 4 * 19_200 + 30_000;
const FATAL_CODES = [4004, 4010, 4011, 4012, 4013, 4014] as const;
/** How long it is watched that nothing follows the end. */
const AFTER_END_MS = 600_000;
const STOP_SECONDS_MAX = 200;
const PROMPT: ConsumerMood = { storeDelayMs: 0, confirmDelayMs: 0 };

export class Model implements Stage {
  readonly network: FaultyNetwork;
  readonly rest: RestMood = { ...QUIET_REST };
  readonly consumer: ConsumerMood = { ...PROMPT };
  readonly #chance: Chance;
  readonly #swarm: Swarm;
  readonly #time: VirtualTime;
  readonly #sim: DiscordSim;
  readonly #trace: Trace;
  readonly #happenings: Happenings;
  readonly #completeness = everythingIsStored(() => this.#isLossy);
  readonly #disk = emptyDisk();
  #life: ClientLife;
  #lives = 0;
  #faults = 0;
  #lastFault: string | undefined;
  #dials = 0;
  #dispatches = 0;

  static async create(options: RunOptions): Promise<Model> {
    const clock: SimulatorClock = { time: undefined };
    const model = new Model(options, await openSimulator(options.seed, clock));
    clock.time = model.#time;
    return model;
  }

  constructor(options: RunOptions, sim: DiscordSim) {
    this.#chance = new Chance(`run/${options.seed}`);
    this.#sim = sim;
    this.#swarm = drawSwarm(this.#chance.fork("swarm"), options.without ?? []);
    const see = (observation: UntimedObservation): void => this.#see(observation);
    this.#trace = new Trace([
      nothingBeforeHello(),
      identifiesKeepTheirDistance(),
      sendsStayWithinBudget(),
      claimsAreStored(),
      dialsAreBackedOff(this.#swarm.timing),
      endIsTheEnd(),
      invalidSessionsStayDead(),
      handedOverOnce(),
      this.#completeness,
    ]);
    const isDialling = (): boolean => this.network.dialling;
    this.#time = new VirtualTime(() => settle(() => this.#movement(), isDialling));
    this.network = new FaultyNetwork(this.#time, see);
    this.#happenings = new Happenings(sim, see);
    this.#life = this.#begin();
  }

  async play(steps: number): Promise<void> {
    this.#life.client.start();
    for (let number = 0; number < steps; number += 1) {
      await this.#step(this.#chance.fork(`step/${number}`));
      this.#trace.assertClean();
    }
    await this.#becomeLive();
    assertServerIsContent(this.#sim.stats(), this.#swarm.kinds);
    await this.#end();
    this.#trace.assertClean();
  }

  async close(): Promise<void> {
    this.#life.crash();
    await this.#sim.close();
  }

  report(failure: Error | undefined): RunReport {
    return {
      kinds: this.#swarm.kinds,
      faults: this.#faults,
      dials: this.#dials,
      dispatches: this.#dispatches,
      virtualMs: this.#time.nowMs,
      observations: this.#trace.count,
      trace: this.#trace.lines,
      failure,
    };
  }

  setFaults(faults: Partial<Faults>): void {
    this.#sim.setFaults(faults);
  }

  act(act: Act): void {
    this.#sim.act(act);
  }

  crash(): void {
    this.#life.crash();
    this.#life = this.#begin();
    this.#life.client.start();
  }

  async restart(keepSession: boolean): Promise<void> {
    await this.#stop(keepSession);
    this.#life = this.#begin();
    this.#life.client.start();
  }

  sendCommands(count: number): void {
    for (let number = 0; number < count; number += 1) {
      this.#life.client.send(
        number % 5 === 0
          ? { kind: "presenceUpdate", status: "online", activities: [] }
          : { kind: "requestChannelInfo", guildId: this.#sim.guildId, fields: ["status"] },
      );
    }
  }

  async #step(chance: Chance): Promise<void> {
    for (let count = chance.below(4); count > 0; count -= 1)
      this.#happenings.maybe(chance.fork(`command/${count}`));
    for (const kind of this.#swarm.kinds) {
      const mine = chance.fork(kind);
      if (!mine.odds(this.#swarm.odds)) continue;
      this.#faults += 1;
      this.#see({ type: "fault", kind, detail: "" });
      await strike(kind, this, mine);
    }
    await this.#pass(chance.fork("pass").pick([0, 1, 200, 1_500, 6_000, 20_000, 60_000]));
  }

  /** Time passes; a process that gave up is started again by its platform. */
  async #pass(ms: number): Promise<void> {
    await this.#time.pass(ms);
    this.#assertOneTimerWhileAway();
    if (!this.#life.ended) return;
    if (this.#lastFault !== "attempts_spent")
      throw new Violation("only spent attempts end a run", `${this.#lastFault}`);
    // What was read is stored before the process goes: two of them never share a disk.
    await this.#stop(true);
    await this.#time.pass(RESTART_MS);
    this.#life = this.#begin();
    this.#life.client.start();
  }

  /** The server itself swallows dispatches. */
  get #isLossy(): boolean {
    return this.#swarm.kinds.includes("loseDispatches");
  }

  async #becomeLive(): Promise<void> {
    Object.assign(this.network.mood, CALM);
    Object.assign(this.rest, QUIET_REST);
    Object.assign(this.consumer, PROMPT);
    this.#sim.setFaults(NO_FAULTS);
    this.#see({ type: "fault", kind: "none any more", detail: "" });
    const sinceMs = this.#time.nowMs;
    for (;;) {
      // Something to hear of: a dead connection looks live to whoever has nothing to wait for.
      this.#happenings.surely();
      await this.#pass(1_000);
      this.#trace.assertClean();
      if (this.#isLive()) return;
      if (this.#time.nowMs - sinceMs > LIVE_WITHIN_MS) this.#complain();
    }
  }

  #isLive(): boolean {
    const { state, sessionId } = this.#life.client.status;
    if (state !== "ready" || sessionId === null) return false;
    if (!this.#completeness.isComplete(sessionId)) return false;
    // What the server itself swallowed is missing for good.
    return this.#isLossy || this.#difference() === undefined;
  }

  #complain(): never {
    const { state, sessionId } = this.#life.client.status;
    if (sessionId !== null && state === "ready") this.#completeness.assertComplete(sessionId);
    throw new Violation(
      "is live again within the bound",
      `${state}; ${this.#difference() ?? "the world fits"}`,
    );
  }

  /** Between the world of the consumer and the simulator's. */
  #difference(): string | undefined {
    const [ours, theirs] = [linesOfReplica(this.#disk.replica), linesOfTruth(this.#sim.world())];
    const missing = theirs.filter((line) => !ours.includes(line));
    const extra = ours.filter((line) => !theirs.includes(line));
    return missing.length + extra.length === 0 ? undefined : `lacks [${missing}], has [${extra}]`;
  }

  async #end(): Promise<void> {
    const chance = this.#chance.fork("end");
    if (chance.odds(0.3)) {
      this.#sim.act({ type: "close", code: chance.pick(FATAL_CODES) });
      await this.#time.pass(AFTER_END_MS);
      if (!this.#life.ended) throw new Violation("a fatal close code is the end", "it lives on");
      this.#assertNothingLeft();
      return;
    }
    await this.#stop(chance.odds(0.5));
    await this.#time.pass(AFTER_END_MS);
    this.#assertNothingLeft();
  }

  async #stop(keepSession: boolean): Promise<void> {
    let stopped = false;
    const stopping = this.#life.client.stop({ keepSession }).then(() => {
      stopped = true;
    });
    for (let waits = 0; !stopped; waits += 1) {
      if (waits > STOP_SECONDS_MAX) throw new Violation("a stop comes to its end", `not in ${waits} s`);
      await this.#time.pass(1_000);
    }
    await stopping;
    if (!keepSession) this.#disk.session = undefined;
    this.#assertNothingLeft();
  }

  #assertNothingLeft(): void {
    const timers = this.#life.pendingTimers;
    if (timers > 0) throw new Violation("no timer is left at the end", String(timers));
    if (this.network.openLinks > 0) {
      throw new Violation("no socket is left at the end", String(this.network.openLinks));
    }
  }

  /** I6: a lost connection leaves no timer but that of the next dial. */
  #assertOneTimerWhileAway(): void {
    const { client, pendingTimers } = this.#life;
    if (client.status.state === "disconnected" && pendingTimers !== 1) {
      throw new Violation("a lost connection leaves the timer of the next dial", `${pendingTimers} timers`);
    }
  }

  #begin(): ClientLife {
    this.#lives += 1;
    return new ClientLife({
      number: this.#lives,
      token: this.#sim.token,
      intents: INTENTS,
      timing: this.#swarm.timing,
      time: this.#time,
      network: this.network,
      disk: this.#disk,
      mood: this.consumer,
      chance: this.#chance.fork(`life/${this.#lives}`),
      fetchGatewayBot: restStandIn(this.#sim.gatewayUrl, this.rest, () => {
        this.network.activity += 1;
      }),
    });
  }

  #see(observation: UntimedObservation): void {
    if (observation.type === "dialled") this.#dials += 1;
    if (observation.type === "committed") this.#dispatches += 1;
    if (observation.type === "event" && observation.event.type === "stopped") {
      this.#lastFault = observation.event.fault?.code;
    }
    this.#trace.see({ ...observation, atMs: this.#time.nowMs });
  }

  #movement(): string {
    const { framesReceived, connectionsOpened, connections } = this.#sim.stats();
    return `${this.network.activity}/${framesReceived}/${connectionsOpened}/${connections}`;
  }
}
