/** The servers that tell everybody: ours as it is built, and the others as their documentation has them. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSecrets } from "../../../packages/events/src/secret.ts";
import { signDelivery, WEBHOOK_HEADERS } from "../../../packages/events/src/signature.ts";
import { MeasuredProcess, SUBJECT_CORE } from "../suite/measured-process.ts";
import { changeEvent, OUR_GUILD, snapshotEvent } from "./change.ts";
import type { DialectName } from "./dialect.ts";
import { isListening, type PublishOrder } from "./peers/peer-orders.ts";
import { isStallReport, type StallOrder, type StallReport } from "./stall-message.ts";

const START_MS_MAX = 30_000;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const HUB = here("../../../apps/hub/dist/server/main.js");
const STALL_WATCH = ["--import", here("stall-watch.ts")];

export interface FanOutSubject {
  readonly name: string;
  readonly isOurs: boolean;
  readonly dialect: DialectName;
  readonly start: () => Promise<FanOutServer>;
}

export interface FanOutServer extends AsyncDisposable {
  readonly process: MeasuredProcess;
  readonly port: number;
  /** So many changes, at once. Resolves when they are handed over; ours has committed them by then. */
  publish(changes: number): Promise<void>;
}

const peer = (script: string, ...args: readonly string[]) => {
  return async () => await PeerServer.start(here(`peers/${script}`), args);
};

export const OURS: FanOutSubject = {
  name: "Guildwire's hub",
  isOurs: true,
  dialect: "hub",
  start: async () => await HubServer.start(),
};
export const SOCKET_IO: FanOutSubject = {
  name: "Socket.IO, `io.emit`",
  isOurs: false,
  dialect: "socketIo",
  start: peer("socket-io.ts", "plain"),
};
export const SOCKET_IO_RECOVERY: FanOutSubject = {
  name: "Socket.IO with connection state recovery",
  isOurs: false,
  dialect: "socketIo",
  start: peer("socket-io.ts", "recovery"),
};
export const WS_SHARED: FanOutSubject = {
  name: "`ws`, a loop, one string",
  isOurs: false,
  dialect: "plain",
  start: peer("ws-loop.ts", "shared"),
};
export const SUBJECTS: readonly FanOutSubject[] = [
  OURS,
  SOCKET_IO,
  SOCKET_IO_RECOVERY,
  WS_SHARED,
  { ...WS_SHARED, name: "`ws`, a loop, `JSON.stringify` for each", start: peer("ws-loop.ts", "each") },
  { ...WS_SHARED, name: "crossws, `publish`", start: peer("crossws.ts") },
];

/** How long a server's event loop was held up while `work` ran. */
export async function stallDuring(process: MeasuredProcess, work: () => Promise<void>): Promise<StallReport> {
  const order = (watch: boolean): void => process.send({ type: "stall", watch } satisfies StallOrder);
  order(true);
  await work();
  const report = process.message(isStallReport, START_MS_MAX);
  order(false);
  return await report;
}

class PeerServer implements FanOutServer {
  readonly process: MeasuredProcess;
  readonly port: number;
  #published = 0;

  private constructor(process: MeasuredProcess, port: number) {
    this.process = process;
    this.port = port;
  }

  static async start(script: string, args: readonly string[]): Promise<PeerServer> {
    const process = MeasuredProcess.start({
      script,
      args,
      nodeFlags: STALL_WATCH,
      env: { NODE_ENV: "production" },
      core: SUBJECT_CORE,
    });
    const { port } = await process.message(isListening, START_MS_MAX);
    return new PeerServer(process, port);
  }

  async publish(changes: number): Promise<void> {
    const order: PublishOrder = { type: "publish", from: this.#published, changes, atMs: Date.now() };
    this.process.send(order);
    this.#published += changes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.end();
  }
}

const SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const secrets = readSecrets(SECRET);
const KEYS = secrets.ok ? secrets.keys : [];

/** The worker's part is played here: a signed delivery for each time that something is published. */
class HubServer implements FanOutServer {
  readonly process: MeasuredProcess;
  readonly port: number;
  readonly #directory: string;
  #published = 0;
  /** The snapshot is the first. */
  #seq = 1;

  private constructor(process: MeasuredProcess, port: number, directory: string) {
    this.process = process;
    this.port = port;
    this.#directory = directory;
  }

  static async start(): Promise<HubServer> {
    const directory = mkdtempSync(join(tmpdir(), "guildwire-bench-"));
    const process = MeasuredProcess.start({
      script: HUB,
      nodeFlags: STALL_WATCH,
      core: SUBJECT_CORE,
      env: {
        HOST: "127.0.0.1",
        PORT: "0",
        HUB_SECRET: SECRET,
        NODE_ENV: "production",
        LOG_LEVEL: "info",
        DATA_DIR: directory,
        HUB_CONNECTIONS_MAX: "100000",
        HUB_CONNECTIONS_PER_ADDRESS_MAX: "100000",
      },
    });
    const [, port] = await process.printed(/"hub_started","port":(\d+)/, START_MS_MAX);
    const server = new HubServer(process, Number(port), directory);
    await server.#deliver([snapshotEvent(1, Date.now())]);
    return server;
  }

  async publish(changes: number): Promise<void> {
    const atMs = Date.now();
    const first = this.#published;
    this.#published += changes;
    const events = Array.from({ length: changes }, (_, index) => {
      this.#seq += 1;
      return changeEvent(first + index, this.#seq, atMs);
    });
    await this.#deliver(events);
  }

  async #deliver(events: readonly unknown[]): Promise<void> {
    const body = JSON.stringify({ source: OUR_GUILD.id, epoch: "measured", events });
    const parts = { id: `d_${this.#seq}`, timestampS: Math.floor(Date.now() / 1_000), body };
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/internal/events`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        [WEBHOOK_HEADERS.id]: parts.id,
        [WEBHOOK_HEADERS.timestamp]: String(parts.timestampS),
        [WEBHOOK_HEADERS.signature]: signDelivery(parts, KEYS),
      },
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`the hub answered ${answer.status}: ${text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.end();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
