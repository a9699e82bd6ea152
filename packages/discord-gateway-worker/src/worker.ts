/**
 * The worker, composed: every part is built here and handed what it needs by name. Reading this file shows the
 * process: Gateway → guild tracker → store → sender, with freshness, health and logs beside them.
 */
import type { Delivery, SnapshotRange } from "@guildwire/delivery";
import { DISPATCH_NAMES } from "@guildwire/discord-wire";
import type { Happening } from "@guildwire/events";
import { GatewayClient, type GatewayEvent, webSocketOpener } from "@guildwire/gateway";
import { systemClock } from "@guildwire/runtime";
import type { ProcessError } from "@guildwire/runtime/errors";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { createControlDoor } from "./control/control-door.ts";
import { createFetchGatewayBot } from "./discord-rest.ts";
import { faultError } from "./fatal.ts";
import { Freshness } from "./freshness.ts";
import { INTENTS } from "./gateway-intents.ts";
import { entriesOf, GUILD_STREAM, openDelivery } from "./guild-delivery.ts";
import { GuildPresence } from "./guild-presence.ts";
import { type DispatchNote, GuildTracker, type TrackedCommit } from "./guild-tracker.ts";
import { type HealthFacts, healthReport } from "./health/health-facts.ts";
import { startHealthServer } from "./health/health-server.ts";
import { WorkerHealth } from "./health/worker-health.ts";
import { WorkerJournal } from "./journal.ts";
import { createOutboxOperator } from "./outbox-operator.ts";
import { proxyAgent } from "./proxy-agent.ts";
import { ReceiverWatch } from "./receiver-watch.ts";
import { workerStorageError } from "./store/open-database.ts";
import { openStoredTruth, type StoredTruth } from "./store/stored-truth.ts";
import type { WorkerStore } from "./store/worker-store.ts";

/** What waits is on disk: a person who stops the worker does not wait long for a receiver that fails. */
const FLUSH_FAILING_MS_MAX = 2_000;
const FLUSH_MS_MAX = 10_000;
const HOUSEKEEPING_EVERY_MS = 1_000;
/** 4 MiB a second: a long backlog gives its disk back within a minute or so, and no event waits for that. */
const SHRINK_PAGES_MAX = 1_024;

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
  readonly #freshness: Freshness;
  readonly #health: WorkerHealth;
  readonly #watch: ReceiverWatch;
  readonly #presence: GuildPresence;
  #delivery: Delivery | undefined;
  #door: { readonly port: number; close(): Promise<void> } | undefined;
  #housekeeping: NodeJS.Timeout | undefined;
  #failed = false;

  /** Rejects with a ProcessError when the data directory cannot be used. */
  static async open(options: WorkerOptions): Promise<Worker> {
    const { config } = options;
    const stored = await openStoredTruth(config.dataDir, {
      token: config.token.reveal(),
      intents: INTENTS,
      guildId: config.guildId,
    });
    const worker = new Worker(options, stored);
    try {
      await worker.#openDelivery(stored.sessionFate);
    } catch (error) {
      throw workerStorageError(error, config.dataDir);
    }
    return worker;
  }

  private constructor(options: WorkerOptions, { store, guild: memory, session }: StoredTruth) {
    const { config, log } = options;
    this.#options = options;
    this.#health = new WorkerHealth(config);
    this.#journal = new WorkerJournal(log, this.#health.metrics);
    this.#store = store;
    this.#presence = new GuildPresence({
      guildId: config.guildId,
      clock: systemClock,
      send: (payload) => this.#client.send(payload),
      onNotInGuild: () => this.#journal.notInGuild(config.guildId),
      onMissing: () => this.#background(() => this.#tracker.reportMissing()),
    });
    this.#watch = new ReceiverWatch({
      log,
      health: this.#health,
      onStateParked: () => this.#background(() => this.#appendSnapshot()),
      onFailure: (error) => this.#fail(workerStorageError(error, config.dataDir)),
    });

    this.#tracker = new GuildTracker({
      guildId: config.guildId,
      memory,
      commit: (commit) => this.#commit(commit),
      onAppended: (happenings, seen, nowIso) => this.#onAppended(happenings, seen, nowIso),
      onStored: (sessionId, seq) => this.#client.confirmStored(sessionId, seq),
      onDispatch: (note) => this.#onDispatch(note),
    });
    this.#freshness = new Freshness({
      clock: systemClock,
      report: (data) => this.#background(() => this.#tracker.report({ type: "source.status", data })),
      link: () => this.#client.status,
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
      onDispatches: async (batch) => {
        this.#health.dispatched();
        await this.#tracker.take(batch);
        const { status } = memory;
        if (status !== "unknown" && batch.dispatches.some(({ name }) => name === "RESUMED")) {
          this.#freshness.resumed(status === "available" ? "live" : status);
        }
      },
      onEvent: (event) => this.#onGatewayEvent(event),
    });
  }

  async #openDelivery(storedSession: StoredTruth["sessionFate"]): Promise<void> {
    const { config } = this.#options;
    const delivery = await openDelivery({
      store: this.#store,
      config,
      owner: {
        resnapshot: (_, withStatus) => this.#tracker.appendSnapshot(this.#freshness.current, withStatus),
        status: () => this.#freshness.reported,
      },
      events: this.#watch,
    });
    this.#delivery = delivery;
    const { epoch } = await delivery.openStream(GUILD_STREAM(config.guildId));
    await this.#watch.countParked(this.#store, delivery.receivers.keys());
    this.#journal.starting({
      guildId: config.guildId,
      receivers: config.receivers,
      dataDir: config.dataDir,
      compression: config.compression,
      epoch,
      storedSession,
      waiting: this.#watch.mostWaiting(this.#opened),
    });
  }

  /** Resolves with the health port. @throws ProcessError when it is taken; nothing has connected then. */
  async start(): Promise<number> {
    const delivery = this.#opened;
    const operator = createOutboxOperator({
      delivery,
      guildId: this.#options.config.guildId,
      appendSnapshot: async () => (await this.#appendSnapshot())?.lastSeq ?? null,
    });
    this.#door = await startHealthServer({
      port: this.#options.config.port,
      host: this.#options.config.host,
      report: () => healthReport(this.#healthFacts()),
      metrics: () => this.#health.metrics.render(this.#healthFacts()),
      control: createControlDoor(this.#options.config.controlKeys, {
        inspect: () => operator.inspect(),
        replay: (parked, receiver) =>
          this.#orFail(async () => {
            const replayed = await operator.replay(parked, receiver);
            if (replayed.snapshotSeq !== null) this.#journal.replayed(replayed);
            await this.#watch.countParked(this.#store, delivery.receivers.keys());
            return replayed;
          }),
      }),
    });
    this.#journal.listening(this.#door.port);
    this.#housekeeping = setInterval(() => this.#background(() => this.#maintain()), HOUSEKEEPING_EVERY_MS);
    await delivery.start();
    this.#client.start();
    return this.#door.port;
  }

  /** Stops reading, leaves the session resumable, delivers what waits within a bound, and closes the store. */
  async stop(): Promise<void> {
    this.#freshness.stop();
    this.#presence.stop();
    clearInterval(this.#housekeeping);
    if (this.#client.status.state === "ready")
      await this.#guard(() => this.#store.store({ aliveMs: Date.now() }));
    await this.#client.stop({ keepSession: true });
    await this.#guard(() => this.#tracker.flushCursor());
    const flushed = await this.#opened.flush(
      this.#failed ? FLUSH_FAILING_MS_MAX : FLUSH_MS_MAX,
      FLUSH_FAILING_MS_MAX,
    );
    await this.#opened.stop();
    await this.#door?.close();
    this.#journal.stopped(flushed, this.#watch.mostWaiting(this.#opened));
    await this.#guard(() => this.#store.close());
  }

  /** Resolves once all of it is stored; what waits for receivers is sent from then on. */
  async #commit({ session, changes, happenings, nowIso }: TrackedCommit): Promise<SnapshotRange | null> {
    const entries = entriesOf(happenings, nowIso);
    const stream = this.#options.config.guildId;
    const log = entries.length > 0 ? [{ op: "append", stream, entries } as const] : [];
    const [result] = await this.#store.store({ ...(session && { session }), changes, log });
    return entries.length > 0 ? this.#opened.appended(result, entries) : null;
  }

  #appendSnapshot(): Promise<SnapshotRange | null> {
    return this.#tracker.appendSnapshot(this.#freshness.current, false);
  }

  get #opened(): Delivery {
    if (this.#delivery === undefined) throw new Error("invariant broken: the worker is not open");
    return this.#delivery;
  }

  /** `seen`: Discord told it just now; a snapshot for other reasons says nothing of the connection. */
  #onAppended(happenings: readonly Happening[], seen: boolean, nowIso: string): void {
    this.#journal.appended(happenings);
    this.#freshness.appended(happenings, seen, nowIso);
    this.#opened.keepBounded();
  }

  async #maintain(): Promise<void> {
    const shortMemory = this.#health.turn(HOUSEKEEPING_EVERY_MS);
    if (shortMemory !== undefined)
      this.#journal.memoryHigh(shortMemory.residentBytes, shortMemory.limitBytes);
    this.#freshness.look();
    this.#store.shrink(SHRINK_PAGES_MAX);
    await this.#tracker.flushCursor();
    await this.#opened.maintain();
  }

  #onDispatch(note: DispatchNote): void {
    this.#journal.dispatch(note);
    if (note.dispatch !== undefined) this.#presence.dispatched(note.dispatch);
  }

  #onGatewayEvent(event: GatewayEvent): void {
    this.#journal.gateway(event);
    this.#health.gateway(event, this.#client.status);
    switch (event.type) {
      case "connectionLost":
        for (const { kind, why } of this.#presence.lost(event.code)) this.#journal.requestGivenUp(kind, why);
        this.#freshness.connectionLost();
        return;
      case "commandRefused":
        this.#presence.refused(event.kind);
        return;
      case "heartbeatAcknowledged":
        this.#background(() => this.#store.store({ aliveMs: Date.now() }));
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

  #background(work: () => Promise<unknown>): void {
    void this.#guard(work);
  }

  /** Runs what writes to the store outside the Gateway's own path, where a failure must end the process too. */
  async #guard(work: () => Promise<unknown>): Promise<void> {
    try {
      await this.#orFail(work);
    } catch {
      // The process ends.
    }
  }

  async #orFail<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
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
    const stream = this.#opened.stream(this.#options.config.guildId);
    return this.#health.facts({
      guildId: this.#options.config.guildId,
      gateway: this.#client.status,
      // A process that resumed has had no READY to list the servers; what is stored says whether the bot was removed.
      inGuild: this.#tracker.memory.status === "gone" ? false : this.#presence.inGuild,
      guild: this.#tracker.memory,
      epoch: stream?.epoch ?? "",
      lastSeq: stream?.top ?? 0,
      receivers: this.#watch.facts(this.#opened),
    });
  }
}
