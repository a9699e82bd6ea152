/**
 * The worker, composed: every part is built here and handed what it needs by name. Reading this file shows the
 * process: Gateway → guild tracker → store → sender, with freshness, health and logs beside them.
 */
import { DISPATCH_NAMES } from "@guildwire/discord-wire";
import type { Happening } from "@guildwire/events";
import { GatewayClient, type GatewayEvent, webSocketOpener } from "@guildwire/gateway";
import { systemClock } from "@guildwire/runtime";
import type { ProcessError } from "@guildwire/runtime/errors";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { createControlDoor } from "./control/control-door.ts";
import { createPost } from "./delivery/post.ts";
import { type Attempt, Sender, stopFlushMs } from "./delivery/sender.ts";
import { createFetchGatewayBot } from "./discord-rest.ts";
import { faultError } from "./fatal.ts";
import { Freshness } from "./freshness.ts";
import { INTENTS } from "./gateway-intents.ts";
import { type DispatchNote, GuildTracker } from "./guild-tracker.ts";
import { type HealthFacts, healthReport } from "./health/health-facts.ts";
import { startHealthServer } from "./health/health-server.ts";
import { WorkerHealth } from "./health/worker-health.ts";
import { WorkerJournal } from "./journal.ts";
import { OutboxKeeper } from "./outbox-keeper.ts";
import { proxyAgent } from "./proxy-agent.ts";
import { RequestGuard } from "./request-guard.ts";
import { workerStorageError } from "./store/open-database.ts";
import { openStoredTruth } from "./store/stored-truth.ts";
import type { WorkerStore } from "./store/worker-store.ts";

const HOUSEKEEPING_EVERY_MS = 1_000;
/** 4 MiB a second: a long backlog gives its disk back within a minute or so, and no event waits for that. */
const SHRINK_PAGES_MAX = 1_024;

/** READY names the guild, GUILD_CREATE brings it, normally within a second or two. */
const GUILD_WAIT_MS_MAX = 30_000;

export interface WorkerOptions {
  readonly config: Config;
  readonly log: Logger;
  /** The worker cannot go on; it has not stopped yet. Called once. */
  readonly onFatal: (error: ProcessError) => void;
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #journal: WorkerJournal;
  readonly #store: WorkerStore;
  readonly #tracker: GuildTracker;
  readonly #client: GatewayClient;
  readonly #sender: Sender;
  readonly #freshness: Freshness;
  readonly #keeper: OutboxKeeper;
  readonly #closePost: () => Promise<void>;
  readonly #health: WorkerHealth;
  #door: { readonly port: number; close(): Promise<void> } | undefined;
  #housekeeping: NodeJS.Timeout | undefined;
  #cancelGuildWait: (() => void) | undefined;
  #inGuild: boolean | null = null;
  readonly #requests = new RequestGuard<"requestChannelInfo">();
  #failed = false;

  /** @throws ProcessError when the data directory cannot be used. */
  constructor(options: WorkerOptions) {
    const { config, log } = options;
    this.#options = options;
    this.#health = new WorkerHealth(config.commit);
    this.#journal = new WorkerJournal(log, this.#health.metrics);
    const {
      store,
      guild: memory,
      session,
      sessionFate,
    } = openStoredTruth(config.dataDir, {
      token: config.token.reveal(),
      intents: INTENTS,
      guildId: config.guildId,
    });
    this.#store = store;

    this.#tracker = new GuildTracker({
      guildId: config.guildId,
      memory,
      commit: (commit) => this.#store.commit(commit),
      compact: (tell, nowIso) => this.#store.compact(tell, nowIso),
      replay: (parked, snapshot, nowIso) => this.#store.replay(parked, snapshot, nowIso),
      onAppended: (happenings, seen, nowIso) => this.#onAppended(happenings, seen, nowIso),
      onStored: (sessionId, seq) => this.#client.confirmStored(sessionId, seq),
      onDispatch: (note) => this.#onDispatch(note),
    });
    this.#freshness = new Freshness({
      clock: systemClock,
      tell: (data) => this.#guard(() => this.#tracker.tell({ type: "source.status", data })),
      link: () => this.#client.status,
      isQuiet: () => this.#store.outboxDepth().waiting === 0,
    });
    this.#client = new GatewayClient({
      token: config.token.reveal(),
      intents: INTENTS,
      session,
      filter: { names: DISPATCH_NAMES, guildId: config.guildId },
      compression: config.compression,
      timing: { attemptsMax: config.reconnectAttemptsMax },
      openSocket: webSocketOpener((url) => proxyAgent(url, config.proxies)),
      fetchGatewayBot: createFetchGatewayBot(config, (status, identifiesLeft) =>
        this.#health.discordAnswered(status, identifiesLeft),
      ),
      onDispatches: (batch) => {
        this.#health.dispatched();
        this.#tracker.take(batch);
        const { status } = memory;
        if (status !== "unknown" && batch.dispatches.some(({ name }) => name === "RESUMED")) {
          this.#freshness.resumed(status === "available" ? "live" : status);
        }
      },
      onEvent: (event) => this.#onGatewayEvent(event),
    });
    const { hubEndpoint: url, hubKeys: keys, proxies } = config;
    const { post, close } = createPost({ url, keys, proxies });
    this.#closePost = close;
    this.#sender = new Sender({
      source: config.guildId,
      outbox: this.#store,
      post,
      clock: systemClock,
      appendSnapshot: (alone) => this.#keeper.appendSnapshot(alone),
      onAttempt: (attempt) => this.#onAttempt(attempt),
      onParked: (parked, tries) => this.#keeper.parked(parked, tries),
      onFailure: (error) => this.#fail(workerStorageError(error, config.dataDir)),
    });
    this.#keeper = new OutboxKeeper({
      bounds: config.outbox,
      store,
      tracker: this.#tracker,
      freshness: this.#freshness,
      journal: this.#journal,
      onCompacted: () => this.#sender.supersede(),
    });
    this.#journal.starting({
      guildId: config.guildId,
      hubEndpoint: config.hubEndpoint,
      dataDir: config.dataDir,
      compression: config.compression,
      epoch: this.#store.epoch,
      storedSession: sessionFate,
      waiting: this.#store.outboxDepth().waiting,
    });
  }

  /** Resolves with the health port. @throws ProcessError when it is taken; nothing has connected then. */
  async start(): Promise<number> {
    this.#door = await startHealthServer({
      port: this.#options.config.port,
      host: this.#options.config.host,
      report: () => healthReport(this.#healthFacts()),
      metrics: () => this.#health.metrics.render(this.#healthFacts()),
      control: createControlDoor(this.#options.config.hubKeys, {
        inspect: () => this.#keeper.inspect(),
        replay: (parked) => this.#orFail(() => this.#keeper.replay(parked)),
      }),
    });
    this.#journal.listening(this.#door.port);
    this.#housekeeping = setInterval(() => this.#guard(() => this.#keepHouse()), HOUSEKEEPING_EVERY_MS);
    this.#sender.start();
    this.#freshness.delivered();
    this.#client.start();
    return this.#door.port;
  }

  /** Stops reading, leaves the session resumable, delivers what waits within a bound, and closes the store. */
  async stop(): Promise<void> {
    this.#freshness.stop();
    this.#cancelGuildWait?.();
    clearInterval(this.#housekeeping);
    this.#guard(() => this.#touchSession());
    await this.#client.stop({ keepSession: true });
    const flushed = await this.#sender.flush(stopFlushMs(this.#failed || this.#sender.failures > 0));
    await this.#sender.stop();
    await this.#closePost();
    await this.#door?.close();
    this.#guard(() => {
      this.#tracker.flushCursor();
      this.#journal.stopped(flushed, this.#store.outboxDepth().waiting);
      this.#store.close();
    });
  }

  /** `seen`: Discord told it just now; a snapshot for other reasons says nothing of the connection. */
  #onAppended(happenings: readonly Happening[], seen: boolean, nowIso: string): void {
    this.#journal.appended(happenings);
    for (const { type } of happenings) {
      if (type === "guild.snapshot" && seen) this.#freshness.live(nowIso);
      if (type === "guild.unavailable") this.#freshness.suspended("outage", nowIso);
      if (type === "guild.removed") this.#freshness.suspended("gone", nowIso);
    }
    this.#keeper.keepBounded();
    this.#sender.wake();
  }

  #keepHouse(): void {
    const shortMemory = this.#health.turn(HOUSEKEEPING_EVERY_MS);
    if (shortMemory !== undefined)
      this.#journal.memoryHigh(shortMemory.residentBytes, shortMemory.limitBytes);
    this.#freshness.look();
    this.#tracker.flushCursor();
    this.#keeper.keepBounded();
    this.#store.shrink(SHRINK_PAGES_MAX);
  }

  #touchSession(): void {
    if (this.#client.status.state === "ready") this.#store.touchSession(Date.now());
  }

  #onDispatch(note: DispatchNote): void {
    this.#journal.dispatch(note);
    const { guildId } = this.#options.config;
    const { dispatch } = note;
    if (dispatch?.type === "READY") {
      this.#inGuild = dispatch.data.guildIds.some((id) => id === guildId);
      if (!this.#inGuild) this.#journal.notInGuild(guildId);
      this.#cancelGuildWait?.();
      this.#cancelGuildWait = systemClock.after(GUILD_WAIT_MS_MAX, () =>
        this.#guard(() => this.#tracker.tellMissing()),
      );
    }
    if (dispatch?.type === "GUILD_CREATE" && dispatch.data.available && dispatch.data.guild.id === guildId) {
      this.#inGuild = true;
      this.#cancelGuildWait?.();
      // Status lines and start times are on no channel object: they have to be asked for.
      if (this.#requests.maySend("requestChannelInfo")) {
        this.#requests.sent("requestChannelInfo", systemClock.monotonicMs());
        this.#client.send({ kind: "requestChannelInfo", guildId, fields: ["status", "voice_start_time"] });
      }
    }
    if (dispatch?.type === "CHANNEL_INFO") this.#requests.answered("requestChannelInfo");
    if (dispatch?.type === "GUILD_DELETE" && !dispatch.data.unavailable && dispatch.data.id === guildId) {
      this.#inGuild = false;
    }
  }

  #onGatewayEvent(event: GatewayEvent): void {
    this.#journal.gateway(event);
    this.#health.gateway(event, this.#client.status);
    switch (event.type) {
      case "connectionLost":
        for (const { kind, why } of this.#requests.lost(event.code, systemClock.monotonicMs()))
          this.#journal.requestGivenUp(kind, why);
        this.#cancelGuildWait?.();
        this.#freshness.connectionLost();
        return;
      case "commandRefused":
        if (event.kind === "requestChannelInfo") this.#requests.notSent(event.kind);
        return;
      case "heartbeatAcknowledged":
        this.#guard(() => this.#touchSession());
        return;
      case "consumerFailed":
        this.#fail(workerStorageError(event.error, this.#options.config.dataDir));
        return;
      case "stopped":
        if (event.fault !== null) this.#fail(faultError(event.fault, event));
        return;
      default:
        return;
    }
  }

  #onAttempt(attempt: Attempt): void {
    this.#journal.attempt(attempt);
    if (attempt.outcome.kind !== "delivered") return;
    this.#health.delivered(attempt);
    this.#freshness.delivered();
  }

  /** Runs what writes to the store outside the Gateway's own path, where a failure must end the process too. */
  #guard(work: () => void): void {
    try {
      this.#orFail(work);
    } catch {
      // The process ends.
    }
  }

  #orFail<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      this.#fail(workerStorageError(error, this.#options.config.dataDir));
      throw error;
    }
  }

  #fail(error: ProcessError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onFatal(error);
  }

  #healthFacts(): HealthFacts {
    return this.#health.facts({
      guildId: this.#options.config.guildId,
      gateway: this.#client.status,
      // A process that resumed has had no READY to list the servers; what is stored says whether the bot was removed.
      inGuild: this.#tracker.memory.status === "gone" ? false : this.#inGuild,
      guild: this.#tracker.memory,
      epoch: this.#store.epoch,
      lastSeq: this.#store.lastSeq,
      depth: this.#store.outboxDepth(),
      parked: this.#store.parkedCount(),
      deliveryFailures: this.#sender.failures,
      postSinceMs: this.#sender.postSinceMs,
    });
  }
}
