/**
 * Everything of a chaos run that lives: four processes under the supervisor, the three lines between them, a witness
 * beside the worker, and the ledger of what passed.
 *
 *   simulator ══ tcp link ══ worker ══ delivery link ══ hub ══ tcp link ══ replica
 *       ╚══ witness                         ╚══ ledger
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  choosePort,
  choosePorts,
  demoStack,
  type Ports,
  Supervisor,
  simCredentials,
  type WorldOptions,
} from "@guildwire/demo";
import { DeliveryLink } from "./delivery-link.ts";
import { Ledger } from "./ledger.ts";
import type { ReplicaReport } from "./replica.ts";
import { SmallDisk } from "./small-disk.ts";
import { TcpLink } from "./tcp-link.ts";
import { Witness } from "./witness.ts";

export type ProcessName = "sim" | "worker" | "hub" | "replica";

/** Short, so that a silent line is found out within the run. */
const HEARTBEAT_MS = 5_000;
/** Longer than a line or a process stands still: 4009 would end the session, and a run that keeps them has no such fault. */
const HEARTBEAT_TIMEOUT_MS = 40_000;
const DISK_MEGABYTES = 48;
/** Discord opens one session in 5 s; the witness takes the first turn. */
const IDENTIFY_WINDOW_MS = 5_000;
const START_MS = 30_000;
const OUTPUT_LINES_MAX = 400;

export class Rig implements AsyncDisposable {
  readonly ledger: Ledger;
  readonly deaths = new Map<string, number>();
  /** The last lines of all processes, for a failure. */
  readonly output: string[] = [];
  readonly ports: Ports;
  readonly dataDir: string;
  readonly #folder: string;
  readonly #replicaPort: number;
  readonly disk: SmallDisk | undefined;
  readonly simLink: TcpLink;
  readonly replicaLink: TcpLink;
  readonly deliveryLink: DeliveryLink;
  readonly supervisor: Supervisor;
  #witness: Witness | undefined;
  #hubStatusToken = "";

  private constructor(parts: RigParts, ledger: Ledger, world: WorldOptions) {
    ({ ports: this.ports, folder: this.#folder, replicaPort: this.#replicaPort, disk: this.disk } = parts);
    ({ simLink: this.simLink, replicaLink: this.replicaLink, deliveryLink: this.deliveryLink } = parts);
    this.ledger = ledger;
    this.dataDir = join(this.#folder, "data");
    this.supervisor = new Supervisor(this.#specs(world), (name, news) => {
      if (news.type === "died")
        this.deaths.set(`${name} ${news.how}`, (this.deaths.get(`${name} ${news.how}`) ?? 0) + 1);
      this.output.push(news.type === "line" ? `${name}: ${news.text}` : `${name}: ${JSON.stringify(news)}`);
      if (this.output.length > OUTPUT_LINES_MAX) this.output.shift();
    });
  }

  /** Everything runs, the hub has the first snapshot, and nothing happens until `setLife(true)`. `onMade`: before that. */
  static async start(world: WorldOptions, onMade: (rig: Rig) => void): Promise<Rig> {
    const ports = await choosePorts(() => undefined, { sim: 0, worker: 0, hub: 0 });
    const folder = mkdtempSync(join(tmpdir(), "guildwire-chaos-"));
    mkdirSync(join(folder, "data"));
    const ledger = new Ledger();
    const parts: RigParts = {
      ports,
      folder,
      replicaPort: (await choosePort(0)).port,
      disk: SmallDisk.mount(join(folder, "data"), DISK_MEGABYTES),
      simLink: await TcpLink.open(ports.sim),
      replicaLink: await TcpLink.open(ports.hub),
      deliveryLink: await DeliveryLink.open(ports.hub, ledger),
    };
    const rig = new Rig(parts, ledger, world);
    onMade(rig);
    try {
      await rig.#begin();
      return rig;
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  get witness(): Witness {
    if (this.#witness === undefined) throw new Error("the rig has not begun");
    return this.#witness;
  }

  async #begin(): Promise<void> {
    const { supervisor } = this;
    supervisor.process("sim").start();
    supervisor.process("hub").start();
    await supervisor.process("sim").ready;
    this.#witness = new Witness(`ws://127.0.0.1:${this.ports.sim}/gateway`, tokenOf(this.ports));
    await this.#witness.ready;
    await pause(IDENTIFY_WINDOW_MS);
    supervisor.process("worker").start();
    supervisor.process("replica").start();
    await supervisor.ready();
    await within(START_MS, "the first snapshot", () => this.ledger.acked > 0);
  }

  #specs(world: WorldOptions) {
    const { ports, dataDir } = this;
    const clock = fileURLToPath(new URL("skewed-clock.ts", import.meta.url));
    const { sim, worker, hub, hubStatusToken } = demoStack({
      ports,
      world,
      dataDir,
      env: {
        worker: {
          DISCORD_API_URL: `http://127.0.0.1:${this.simLink.port}/api/v10`,
          HUB_ENDPOINT: `http://127.0.0.1:${this.deliveryLink.port}/api/internal/events`,
          CHAOS_CLOCK_FILE: this.#clockFile,
        },
        hub: { HOST: "127.0.0.1" },
      },
    });
    this.#hubStatusToken = hubStatusToken;
    const replica = {
      name: "replica",
      args: [fileURLToPath(new URL("replica.ts", import.meta.url))],
      env: {
        PORT: String(this.#replicaPort),
        CHAOS_HUB_URL: `ws://127.0.0.1:${this.replicaLink.port}/ws`,
        PRIMARY_GUILD_ID: simCredentials(ports)["PRIMARY_GUILD_ID"] ?? "",
      },
      readyUrl: `http://127.0.0.1:${this.#replicaPort}/`,
    };
    return [
      { ...worker, args: ["--import", clock, ...worker.args] },
      {
        ...sim,
        args: [
          ...sim.args,
          "--paused",
          ...["--heartbeat-ms", String(HEARTBEAT_MS)],
          ...["--heartbeat-timeout-ms", String(HEARTBEAT_TIMEOUT_MS)],
        ],
      },
      hub,
      replica,
    ];
  }

  get #clockFile(): string {
    return join(this.#folder, "clock-skew-ms");
  }

  skewWorkerClock(skewMs: number): void {
    writeFileSync(this.#clockFile, String(skewMs));
  }

  signal(name: ProcessName, signal: NodeJS.Signals): void {
    const { pid } = this.supervisor.process(name);
    try {
      if (pid !== undefined) process.kill(pid, signal);
    } catch {
      // It has just died of something else.
    }
  }

  async setLife(goesOn: boolean): Promise<void> {
    await this.control("POST", goesOn ? "/resume" : "/pause");
  }

  async control(method: "GET" | "POST", path: string, body?: object): Promise<unknown> {
    const url = `http://127.0.0.1:${this.ports.sim}/control${path}`;
    const response = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    return response.json();
  }

  async replica(): Promise<ReplicaReport> {
    return (await json(`http://127.0.0.1:${this.#replicaPort}/`)) as ReplicaReport;
  }

  async hubStatus(): Promise<HubStatus> {
    const headers = { authorization: `Bearer ${this.#hubStatusToken}` };
    return (await json(`http://127.0.0.1:${this.ports.hub}/api/status`, headers)) as HubStatus;
  }

  async workerHealth(): Promise<WorkerHealth> {
    return (await json(`http://127.0.0.1:${this.ports.worker}/health`)) as WorkerHealth;
  }

  /** All processes end in order; what they wrote stays until the rig is disposed of. */
  async stop(): Promise<void> {
    for (const name of ["worker", "hub"] as const) this.signal(name, "SIGCONT");
    this.#witness?.[Symbol.dispose]();
    await this.supervisor.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Promise.all([
      this.simLink[Symbol.asyncDispose](),
      this.replicaLink[Symbol.asyncDispose](),
      this.deliveryLink[Symbol.asyncDispose](),
    ]);
    this.disk?.[Symbol.dispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface RigParts {
  readonly ports: Ports;
  readonly folder: string;
  readonly replicaPort: number;
  readonly disk: SmallDisk | undefined;
  readonly simLink: TcpLink;
  readonly replicaLink: TcpLink;
  readonly deliveryLink: DeliveryLink;
}

export interface HubStatus {
  readonly sources: readonly {
    readonly epoch: string;
    readonly seq: number;
    readonly status: string | null;
  }[];
}

export interface WorkerHealth {
  readonly state: string;
  readonly outbox: {
    readonly epoch: string;
    readonly lastSeq: number;
    readonly waiting: number;
    readonly parked: number;
  };
}

function tokenOf(ports: Ports): string {
  return simCredentials(ports)["DISCORD_BOT_TOKEN"] ?? "";
}

const POLL_MS = 100;

export async function within(ms: number, what: string, isSo: () => boolean): Promise<void> {
  const untilMs = performance.now() + ms;
  while (!isSo()) {
    if (performance.now() > untilMs) throw new Error(`${what} did not come within ${ms} ms`);
    await pause(POLL_MS);
  }
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

async function json(url: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(2_000) });
  return response.json();
}
