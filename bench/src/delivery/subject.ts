/**
 * Who is measured: a sender that reads our stand-in for Discord, and a receiver behind a link, each a process of its own
 * with a directory of its own. Ours are the built worker and hub, as a user runs them.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LOAD_CORE, MeasuredProcess, SUBJECT_CORE } from "../suite/measured-process.ts";
import type { ForwarderMode } from "./peers/forwarder.ts";
import { SlowLink } from "./slow-link.ts";
import { VoiceDiscord } from "./voice-discord.ts";
import { GUILD_ID, type VoiceGuildSize, voiceGuild } from "./voice-guild.ts";

const START_MS_MAX = 30_000;
const STILL_MS = 300;
const SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const WORKER = here("../../../packages/discord-gateway-worker/dist/main.js");
const HUB = here("../../../apps/hub/dist/server/main.js");
const FORWARDER = here("peers/forwarder.ts");
const RECEIVER = here("peers/receiver.ts");

export interface Subject {
  readonly name: string;
  readonly mode: ForwarderMode | "ours";
  /**
   * Frames that are written and not yet acknowledged: enough that it never waits for the source, and no more than it
   * can bear. One that sends an event at a time has work with a few; thousands of `fetch` at once bring it down.
   */
  readonly underWayMax: number;
}

export const OURS: Subject = { name: "Guildwire", mode: "ours", underWayMax: 8_192 };
export const SUBJECTS: readonly Subject[] = [
  OURS,
  { name: "`fetch` per event, 64 at once, no order", mode: "fetch", underWayMax: 64 },
  { name: "`fetch`, one by one", mode: "fetch-in-turn", underWayMax: 256 },
  { name: "`undici.request`, one by one", mode: "undici", underWayMax: 256 },
  { name: "outbox, an insert per event, one by one", mode: "outbox", underWayMax: 256 },
];

/** A lively server, and no large one. */
export const ORDINARY: VoiceGuildSize = { rooms: 20, people: 200 };

export interface StageOptions extends VoiceGuildSize {
  readonly roundTripMs?: number;
  /** Servers that the bot sees besides. */
  readonly otherGuilds?: number;
  readonly workerEnv?: Readonly<Record<string, string>>;
  readonly hubEnv?: Readonly<Record<string, string>>;
}

/** A chain that runs. Its directory goes with it. */
export class Stage implements AsyncDisposable {
  readonly #directory: string;
  readonly #options: StageOptions;
  readonly subject: Subject;
  readonly discord: VoiceDiscord;
  readonly link: SlowLink;
  readonly receiverPort: number;
  #receiver: MeasuredProcess;
  #sender: MeasuredProcess;
  /** What had been acknowledged when the chain stood still at first. */
  #firstAcked = 0;

  private constructor(parts: {
    readonly subject: Subject;
    readonly directory: string;
    readonly options: StageOptions;
    readonly discord: VoiceDiscord;
    readonly link: SlowLink;
    readonly receiver: MeasuredProcess;
    readonly receiverPort: number;
    readonly sender: MeasuredProcess;
  }) {
    this.subject = parts.subject;
    this.#directory = parts.directory;
    this.#options = parts.options;
    this.discord = parts.discord;
    this.link = parts.link;
    this.#receiver = parts.receiver;
    this.receiverPort = parts.receiverPort;
    this.#sender = parts.sender;
  }

  /** Resolves when the sender is live and everything it had to say of itself has been taken. */
  static async set(subject: Subject, options: StageOptions): Promise<Stage> {
    // What was begun ends with a start that fails.
    await using begun = new AsyncDisposableStack();
    const directory = mkdtempSync(join(tmpdir(), "guildwire-bench-"));
    begun.defer(() => rmSync(directory, { recursive: true, force: true }));
    const discord = begun.use(await VoiceDiscord.open(voiceGuild(options), options.otherGuilds));
    const isOurs = subject.mode === "ours";
    mkdirSync(join(directory, "hub"));
    const receiver = begun.use(startReceiver(subject, options, directory, 0));
    const [, port] = await receiver.printed(isOurs ? HUB_PORT : /"port":(\d+)/, START_MS_MAX);
    const link = begun.use(
      await SlowLink.open({ targetPort: Number(port), roundTripMs: options.roundTripMs ?? 0 }),
    );
    const sender = begun.use(startSender(subject, options, directory, discord, link));
    const stage = new Stage({
      subject,
      directory,
      options,
      discord,
      link,
      receiver,
      receiverPort: Number(port),
      sender,
    });
    await stage.#begun(isOurs);
    begun.move();
    return stage;
  }

  get sender(): MeasuredProcess {
    return this.#sender;
  }

  get receiver(): MeasuredProcess {
    return this.#receiver;
  }

  /** Of our hub. */
  get hubFile(): string {
    return join(this.#directory, "hub", "hub.sqlite");
  }

  /** Events that were acknowledged since the chain was set. */
  get acked(): number {
    return this.link.acked - this.#firstAcked;
  }

  async reached(events: number, withinMs: number): Promise<void> {
    await this.link.reached(this.#firstAcked + events, withinMs);
  }

  /** Resolves when so many events of our worker wait on its disk, by what it says of itself. */
  async waiting(events: number, withinMs: number): Promise<void> {
    const untilMs = performance.now() + withinMs;
    for (;;) {
      const [, port] = await this.#sender.printed(HEALTH_PORT, START_MS_MAX);
      const answer = await fetch(`http://127.0.0.1:${port}/health`);
      const { outbox } = (await answer.json()) as { outbox: { waiting: number } };
      if (outbox.waiting >= events) return;
      if (performance.now() > untilMs) throw new Error(`${outbox.waiting} of ${events} wait`);
      await pause(50);
    }
  }

  /** Ends our worker with SIGKILL and starts it again. Resolves to how long it took until it answers, in ms. */
  async restartWorker(): Promise<number> {
    await this.#sender.end("SIGKILL");
    const startedAtMs = performance.now();
    this.#sender = startSender(OURS, this.#options, this.#directory, this.discord, this.link);
    await this.#sender.printed(HEALTH_PORT, START_MS_MAX);
    return performance.now() - startedAtMs;
  }

  /** Stops our hub in good order and starts it again at its port. Resolves to how long it took until it serves, in ms. */
  async restartHub(): Promise<number> {
    await this.#receiver.end("SIGTERM");
    const startedAtMs = performance.now();
    this.#receiver = startReceiver(OURS, this.#options, this.#directory, this.receiverPort);
    await this.#receiver.printed(HUB_PORT, START_MS_MAX);
    return performance.now() - startedAtMs;
  }

  /** GUILD_CREATE once more, as after an outage. Resolves when it is written. */
  greetAgain(): void {
    this.discord.greetAgain();
  }

  /** Voice states of other servers, in turn so many in all. Resolves when the worker has been through them. */
  async strangers(texts: readonly string[], frames: number, withinMs: number): Promise<void> {
    for (let written = 0; written < frames; written += 1) {
      if (!this.discord.hasRoom) await pause(1);
      this.discord.dispatch("VOICE_STATE_UPDATE", texts[written % texts.length] ?? "");
    }
    const { acked } = this;
    this.discord.speak(1);
    await this.reached(acked + 1, withinMs);
  }

  /** Resolves when nothing has been acknowledged for a while. */
  async settled(): Promise<void> {
    let before: number;
    do {
      before = this.link.acked;
      await this.link.movedWithin(STILL_MS + 2 * (this.#options.roundTripMs ?? 0));
    } while (this.link.acked !== before);
  }

  async #begun(isOurs: boolean): Promise<void> {
    await this.#sender.printed(isOurs ? /"gateway_ready"/ : /"ready"/, START_MS_MAX);
    await this.discord.greeted;
    if (!isOurs) return;
    await this.link.reached(1, START_MS_MAX);
    await this.settled();
    this.#firstAcked = this.link.acked;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#sender.end(), this.#receiver.end()]);
    await Promise.all([this.link[Symbol.asyncDispose](), this.discord[Symbol.asyncDispose]()]);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

const HEALTH_PORT = /"health_listening","port":(\d+)/;
const HUB_PORT = /"hub_started","port":(\d+)/;
const HUB_ENV = {
  HOST: "127.0.0.1",
  PORT: "0",
  HUB_SECRET: SECRET,
  NODE_ENV: "production",
  LOG_LEVEL: "info",
};

function startReceiver({ mode }: Subject, { hubEnv }: StageOptions, directory: string, port: number) {
  return MeasuredProcess.start({
    script: mode === "ours" ? HUB : RECEIVER,
    env: { ...HUB_ENV, PORT: String(port), DATA_DIR: join(directory, "hub"), ...hubEnv },
    core: LOAD_CORE,
  });
}

function startSender(
  { mode }: Subject,
  options: StageOptions,
  directory: string,
  discord: VoiceDiscord,
  link: SlowLink,
): MeasuredProcess {
  const isOurs = mode === "ours";
  return MeasuredProcess.start({
    script: isOurs ? WORKER : FORWARDER,
    core: SUBJECT_CORE,
    env: {
      NODE_ENV: "production",
      FORWARDER_MODE: mode,
      DISCORD_BOT_TOKEN: randomBytes(24).toString("base64url"),
      PRIMARY_GUILD_ID: GUILD_ID,
      DISCORD_API_URL: discord.apiUrl,
      GATEWAY_COMPRESS: "none",
      HUB_ENDPOINT: `http://127.0.0.1:${link.port}/api/internal/events`,
      HUB_SECRET: SECRET,
      PORT: "0",
      DATA_DIR: isOurs ? join(directory, "worker") : directory,
      ...options.workerEnv,
    },
  });
}
