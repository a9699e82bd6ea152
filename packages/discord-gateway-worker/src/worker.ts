/**
 * The worker, composed: every part is built here and handed what it needs by name. Reading this file shows the
 * process: Gateway → guild tracker → store → sender, with freshness, health and logs beside them.
 */
import { DISPATCH_NAMES, GatewayIntent } from "@guildwire/discord-wire";
import type { Happening } from "@guildwire/events";
import { GatewayClient, type GatewayEvent, nodeClock } from "@guildwire/gateway";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { createPost } from "./delivery/post.ts";
import { type Attempt, Sender } from "./delivery/sender.ts";
import { createFetchGatewayBot } from "./discord-rest.ts";
import type { WorkerError } from "./error-code.ts";
import { faultError, storageError } from "./fatal.ts";
import { Freshness } from "./freshness.ts";
import { type DispatchNote, GuildTracker } from "./guild-tracker.ts";
import { connectionState } from "./health/connection-state.ts";
import { type HealthReport, startHealthServer } from "./health/health-server.ts";
import { WorkerJournal } from "./journal.ts";
import { WorkerStore } from "./store/worker-store.ts";

/** Both unprivileged: everyone in voice comes with GUILD_CREATE, whatever the guild's size. */
const INTENTS = GatewayIntent.Guilds | GatewayIntent.GuildVoiceStates;

const FLUSH_MS_MAX = 10_000;
const FLUSH_AFTER_FAILURE_MS_MAX = 2_000;
const CURSOR_FLUSH_EVERY_MS = 1_000;
/** A receiver that has refused this many attempts in a row is not taking what is sent. */
const DELIVERY_FAILURES_READY_MAX = 3;

export interface WorkerOptions {
  readonly config: Config;
  readonly log: Logger;
  /** The worker cannot go on; it has not stopped yet. Called once. */
  readonly onFatal: (error: WorkerError) => void;
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #journal: WorkerJournal;
  readonly #store: WorkerStore;
  readonly #tracker: GuildTracker;
  readonly #client: GatewayClient;
  readonly #sender: Sender;
  readonly #freshness: Freshness;
  readonly #closePost: () => Promise<void>;
  readonly #startedAtMs = Date.now();
  #health: { readonly port: number; close(): Promise<void> } | undefined;
  #cursorTimer: NodeJS.Timeout | undefined;
  #wasReady = false;
  #inGuild: boolean | null = null;
  #channelInfoRefused = false;
  #failed = false;

  /** @throws WorkerError when the data directory cannot be used. */
  constructor(options: WorkerOptions) {
    const { config, log } = options;
    this.#options = options;
    this.#journal = new WorkerJournal(log);
    this.#store = WorkerStore.open(config.dataDir, {
      token: config.token.reveal(),
      intents: INTENTS,
      guildId: config.guildId,
    });
    const memory = this.#store.loadGuild();
    const session = this.#store.loadSession();

    this.#tracker = new GuildTracker({
      guildId: config.guildId,
      memory,
      commit: (commit) => this.#store.commit(commit),
      onAppended: (happenings) => this.#onAppended(happenings),
      onStored: (sessionId, seq) => this.#client.confirmStored(sessionId, seq),
      onDispatch: (note) => this.#onDispatch(note),
    });
    this.#freshness = new Freshness({
      clock: nodeClock,
      tell: (status, since) =>
        this.#guard(() => this.#tracker.tell({ type: "source.status", data: { status, since } })),
      isQuiet: () => this.#store.outboxDepth().waiting === 0,
    });
    this.#client = new GatewayClient({
      token: config.token.reveal(),
      intents: INTENTS,
      session,
      filter: { names: DISPATCH_NAMES, guildId: config.guildId },
      compression: config.compression,
      timing: { attemptsMax: config.reconnectAttemptsMax },
      fetchGatewayBot: createFetchGatewayBot(config.discordApiUrl, config.token),
      onDispatches: (batch) => {
        this.#tracker.take(batch);
        if (batch.dispatches.some(({ name }) => name === "RESUMED") && memory.status === "available") {
          this.#freshness.live();
        }
      },
      onEvent: (event) => this.#onGatewayEvent(event),
    });
    const { post, close } = createPost({ url: config.hubEndpoint, keys: config.hubKeys });
    this.#closePost = close;
    this.#sender = new Sender({
      source: config.guildId,
      outbox: this.#store,
      post,
      appendSnapshot: () => this.#tracker.tellSnapshot(),
      onAttempt: (attempt) => this.#onAttempt(attempt),
      onFailure: (error) => this.#fail(storageError(error, config.dataDir)),
    });
    this.#journal.starting({
      guildId: config.guildId,
      hubEndpoint: config.hubEndpoint,
      dataDir: config.dataDir,
      compression: config.compression,
      epoch: this.#store.epoch,
      storedSession: session !== undefined,
      waiting: this.#store.outboxDepth().waiting,
    });
  }

  /** Resolves with the health port. @throws WorkerError when it is taken; nothing has connected then. */
  async start(): Promise<number> {
    this.#health = await startHealthServer({
      port: this.#options.config.port,
      report: () => this.#report(),
      metrics: () => this.#renderMetrics(),
    });
    this.#journal.listening(this.#health.port);
    this.#cursorTimer = setInterval(
      () => this.#guard(() => this.#tracker.flushCursor()),
      CURSOR_FLUSH_EVERY_MS,
    );
    this.#sender.start();
    this.#freshness.delivered();
    this.#client.start();
    return this.#health.port;
  }

  /** Stops reading, leaves the session resumable, delivers what waits within a bound, and closes the store. */
  async stop(): Promise<void> {
    this.#freshness.stop();
    clearInterval(this.#cursorTimer);
    await this.#client.stop({ keepSession: true });
    const flushed = await this.#sender.flush(this.#failed ? FLUSH_AFTER_FAILURE_MS_MAX : FLUSH_MS_MAX);
    await this.#sender.stop();
    await this.#closePost();
    await this.#health?.close();
    this.#guard(() => {
      this.#tracker.flushCursor();
      this.#journal.stopped(flushed, this.#store.outboxDepth().waiting);
      this.#store.close();
    });
  }

  #onAppended(happenings: readonly Happening[]): void {
    this.#journal.appended(happenings);
    for (const { type } of happenings) {
      if (type === "guild.snapshot") this.#freshness.live(true);
      if (type === "guild.unavailable") this.#freshness.suspended("outage");
      if (type === "guild.removed") this.#freshness.suspended("gone");
    }
    this.#sender.wake();
  }

  #onDispatch(note: DispatchNote): void {
    this.#journal.dispatch(note);
    const { guildId } = this.#options.config;
    const { dispatch } = note;
    if (dispatch?.type === "READY") {
      this.#inGuild = dispatch.data.guildIds.some((id) => id === guildId);
      if (!this.#inGuild) this.#journal.notInGuild(guildId);
    }
    if (dispatch?.type === "GUILD_CREATE" && dispatch.data.available && dispatch.data.guild.id === guildId) {
      this.#inGuild = true;
      // Status lines and start times are on no channel object: they have to be asked for.
      if (!this.#channelInfoRefused) {
        this.#client.send({ kind: "requestChannelInfo", guildId, fields: ["status", "voice_start_time"] });
      }
    }
  }

  #onGatewayEvent(event: GatewayEvent): void {
    this.#journal.gateway(event);
    switch (event.type) {
      case "ready":
      case "resumed":
        this.#wasReady = true;
        return;
      case "connectionLost":
        // 4001, unknown opcode: a Gateway that does not know op 43 must not be asked again and again.
        if (event.code === 4001) this.#channelInfoRefused = true;
        this.#freshness.connectionLost();
        return;
      case "consumerFailed":
        this.#fail(storageError(event.error, this.#options.config.dataDir));
        return;
      case "stopped":
        if (event.fault !== null) this.#fail(faultError(event.fault));
        return;
      default:
        return;
    }
  }

  #onAttempt(attempt: Attempt): void {
    this.#journal.attempt(attempt);
    if (attempt.outcome.kind === "delivered") this.#freshness.delivered();
  }

  /** Runs what writes to the store outside the Gateway's own path, where a failure must end the process too. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(storageError(error, this.#options.config.dataDir));
    }
  }

  #fail(error: WorkerError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onFatal(error);
  }

  #report(): HealthReport {
    const { state, sessionId, heartbeatLatencyMs, connection } = this.#client.status;
    const depth = this.#store.outboxDepth();
    const memory = this.#memoryFacts();
    const health = connectionState(state, this.#wasReady);
    return {
      state: health,
      ready:
        health === "CONNECTED" &&
        memory.status === "available" &&
        this.#sender.failures < DELIVERY_FAILURES_READY_MAX,
      details: {
        uptimeS: Math.round((Date.now() - this.#startedAtMs) / 1000),
        gateway: { connection, session: sessionId !== null, heartbeatLatencyMs },
        guild: { id: this.#options.config.guildId, inGuild: this.#inGuild, ...memory },
        outbox: {
          epoch: this.#store.epoch,
          lastSeq: this.#store.lastSeq,
          waiting: depth.waiting,
          oldest: depth.oldestTimestamp,
        },
        delivery: { failuresInARow: this.#sender.failures },
      },
    };
  }

  #memoryFacts(): { readonly status: string; readonly rooms: number; readonly occupants: number } {
    const { status, rooms, occupants } = this.#tracker.memory;
    return { status, rooms: rooms.size, occupants: occupants.size };
  }

  #renderMetrics(): string {
    const { state, heartbeatLatencyMs } = this.#client.status;
    const { waiting } = this.#store.outboxDepth();
    return this.#journal.renderMetrics({
      connected: state === "ready",
      heartbeatLatencyMs,
      waiting,
      residentBytes: process.memoryUsage.rss(),
    });
  }
}
