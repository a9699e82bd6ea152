/** A stage for one trial: a simulator, the tap before it, and one client in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createDiscordSim, type DiscordSim, type Faults } from "../../../packages/discord-sim/src/index.ts";
import type { ClientJob } from "./clients/job.ts";
import { Tap } from "./tap.ts";
import { isLive, Timeline } from "./timeline.ts";

/** Short, so that a dead peer is noticed within a trial. */
export const HEARTBEAT_INTERVAL_MS = 2_000;
const READY_WITHIN_MS = 20_000;
const OUTPUT_CHARACTERS_MAX = 4_000_000;

/** The form of a real token, and nothing a scanner could take for one. */
const TOKEN_TAIL = "not-a-real-token-of-any-bot-but-benchs";
const TOKEN = `${Buffer.from("100000000000000001").toString("base64")}.sim001.${TOKEN_TAIL}`;

export class Stage implements AsyncDisposable {
  readonly timeline: Timeline;
  readonly sim: DiscordSim;
  readonly tap: Tap;
  readonly #clientName: string;
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(clientName: string, parts: { timeline: Timeline; sim: DiscordSim; tap: Tap }) {
    this.#clientName = clientName;
    this.timeline = parts.timeline;
    this.sim = parts.sim;
    this.tap = parts.tap;
  }

  static async open(clientName: string): Promise<Stage> {
    const timeline = new Timeline();
    const sim = await createDiscordSim({
      token: TOKEN,
      people: 40,
      // Events flow all the time, as they do in life.
      rate: 5,
      heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
      // What a client thinks of missing beats is its own affair here.
      heartbeatTimeoutMs: 120_000,
    });
    const tap = await Tap.open(timeline, sim.port);
    return new Stage(clientName, { timeline, sim, tap });
  }

  startClient(): void {
    const job: ClientJob = {
      token: TOKEN,
      gatewayUrl: `ws://127.0.0.1:${this.tap.mainPort}/gateway`,
      apiUrl: `http://127.0.0.1:${this.tap.mainPort}/api`,
      mainPort: this.tap.mainPort,
      resumePort: this.tap.resumePort,
    };
    const script = fileURLToPath(new URL("./run-client.ts", import.meta.url));
    const child = spawn(process.execPath, ["--no-warnings", script, this.#clientName, JSON.stringify(job)], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    const collect = (bytes: Buffer): void => {
      if (this.#output.length < OUTPUT_CHARACTERS_MAX) this.#output += bytes.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("exit", (code) => this.timeline.add({ kind: "exit", code }));
  }

  /** Starts the client and waits until it is live and has settled; returns the moment to count from. */
  async live(): Promise<number> {
    this.startClient();
    const ready = await this.timeline.first(0, READY_WITHIN_MS, isLive);
    if (ready === undefined) throw new Error(`never became ready: ${this.#output.slice(0, 2_000)}`);
    await pause(SETTLE_MS);
    return this.timeline.nowMs();
  }

  setFaults(faults: Partial<Faults>): void {
    this.sim.setFaults(faults);
  }

  get output(): string {
    return this.#output;
  }

  get tokenLeaked(): boolean {
    return this.#output.includes(TOKEN) || this.#output.includes(TOKEN_TAIL);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }
    this.tap.close();
    await this.sim.close();
  }
}

/** Longer than the way from READY to what a client does about it. */
const SETTLE_MS = 700;

export function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
