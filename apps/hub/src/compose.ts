/**
 * The whole hub, put together: every part is made here and given what it needs by name.
 *
 *   worker ─POST─▶ api ─▶ intake ─▶ engine ──deltas──▶ feeds ─▶ browser sockets, event streams ─▶ browsers
 *                                     ├──▶ the page's snapshot, topics over HTTP, cards
 *                                     └──▶ history
 */
import { randomBytes } from "node:crypto";
import { mintTicket } from "@guildwire/events";
import type { TopicEngine } from "@guildwire/live";
import { type Clock, systemClock } from "@guildwire/runtime";
import { clientAddress } from "./access/client-address.ts";
import { createConnectionLimits } from "./access/connection-limits.ts";
import { createFramePasses, FRAME_PASS, framePass } from "./access/frame-pass.ts";
import { createHeldRequests, HELD_PER_ADDRESS_MAX } from "./access/held-requests.ts";
import { createKnownHosts, type KnownHosts } from "./access/known-hosts.ts";
import { type LimitWatch, watchLimits } from "./access/limit-watch.ts";
import { socketsAllowedBySystem } from "./access/open-file-limit.ts";
import { type AllowedOrigins, createOrigins } from "./access/origins.ts";
import { createRights } from "./access/rights.ts";
import { watchUpgrades } from "./access/upgrade-watch.ts";
import { VERSION } from "./build-info.ts";
import type { HubConfig } from "./config.ts";
import type { OpenTopic } from "./features/rooms/embed/open-topic.ts";
import { type HistoryStore, openHistoryStore } from "./features/rooms/history/history-store.ts";
import type { RoomHistory } from "./features/rooms/history/room-history.ts";
import { staleEntry } from "./features/rooms/projection/project.ts";
import { createRoomsProjection } from "./features/rooms/projection/rooms-projection.ts";
import { stateTopic } from "./features/rooms/projection/rooms-topics.ts";
import { createRooms, roomTopicsOf, type VoiceSnapshot } from "./features/rooms/rooms.ts";
import type { HealthFacts } from "./health/health.ts";
import { createProcessSigns } from "./health/process-signs.ts";
import { type Api, createApi } from "./http/api.ts";
import { watchRefusals } from "./http/take-delivery.ts";
import { createTopicReader } from "./http/topic-reader.ts";
import { createHubMetrics } from "./hub-metrics.ts";
import { createDoubtedTopics } from "./intake/doubted-topics.ts";
import { createIntake } from "./intake/intake.ts";
import type { Log } from "./log.ts";
import { type HttpLimits, httpLimits } from "./server/http-limits.ts";
import { type BrowserSockets, createBrowserSockets } from "./sockets/browser-sockets.ts";
import { SOCKET_PATH } from "./sockets/socket-path.ts";
import { createTopicFeeds } from "./sockets/topic-feeds.ts";
import { type EngineParts, openEngine } from "./store/open-engine.ts";
import { watchStore } from "./store/store-watch.ts";
import { createTopicAdmission } from "./topics/topic-admission.ts";
import { createViews } from "./views/views.ts";

export interface Hub {
  readonly log: Log;
  readonly sockets: BrowserSockets;
  /** For whoever listens: what a client may cost, under which names it may come, and who hears of too many. */
  readonly httpLimits: HttpLimits;
  readonly knownHosts: KnownHosts;
  readonly limitWatch: LimitWatch;
  readonly answerApi: Api;
  /**
   * Resolves when what was stored has been taken up: before, nothing may be served, for it could be an old status, or
   * what today's views hide. Rejects when that is impossible now.
   */
  readonly ready: Promise<void>;
  readVoiceSnapshot(): Promise<VoiceSnapshot>;
  /** Whose pages may show the widget in a frame. */
  readonly embedOrigins: AllowedOrigins;
  /** For the view of the page at `/`, to be used by a page of this origin. */
  mintPageTicket(origin: string | undefined): string;
  /** What an embed or an overlay of this guild and view starts from. */
  readOpenTopic(guildId: string, view: string): Promise<OpenTopic>;
  /** The topic's last day; null when none is kept. Read it after the snapshot, so that it is not behind it. */
  readHistory(topic: string): RoomHistory | null;
  /** `/api/ready` and `/api/health` answer 503 from now on, and requests that wait are ended; everything else goes on. */
  announceClosing(): void;
  /**
   * Closes the store before it returns, so that the next hub may open it in the same turn; deliveries are refused from
   * now on and should have ended before. Then says `bye` to all browsers and lets go of everything.
   */
  close(): Promise<void>;
}

/** What the outside world gives a hub; tests give their own. */
export interface HubWorld {
  readonly clock: Clock;
  /** Letters and digits, new at each call. */
  readonly randomText: () => string;
  readonly openEngine: (parts: EngineParts) => Promise<TopicEngine>;
  /** `undefined`: histories are kept in memory. May throw. */
  readonly openHistory: (dataDir: string) => HistoryStore | undefined;
}

const realWorld: HubWorld = {
  clock: systemClock,
  randomText: () => randomBytes(9).toString("hex"),
  openEngine,
  openHistory: openHistoryStore,
};

/** Rejects with `StorageError` when the data directory cannot be used. */
export async function composeHub(config: HubConfig, log: Log, world: HubWorld = realWorld): Promise<Hub> {
  const { clock, randomText, openHistory } = world;
  const metrics = createHubMetrics({ version: VERSION, commit: config.commit });
  const store = watchStore(log, metrics, clock);
  const engine = await world.openEngine({ clock, randomText, dataDir: config.dataDir, observer: store });
  const [hubKey] = config.hubKeys;
  const [ticketKey] = config.ticketKeys;
  if (hubKey === undefined || ticketKey === undefined) throw new Error("a configuration has its secrets");
  const views = createViews(config.views, hubKey);
  /** Every feature's, in the order in which they are asked. */
  const projections = [createRoomsProjection(views)];
  const admitTopic = createTopicAdmission(projections);
  const sourceOf = (topic: string): string | undefined =>
    projections.map((projection) => projection.sourceOf(topic)).find((source) => source !== undefined);
  const doubted = createDoubtedTopics({
    engine,
    topicsOf: (source) => [stateTopic(source), ...roomTopicsOf(views, source)],
    staleEntry,
    newEpoch: randomText,
    nowMs: () => clock.wallMs(),
  });
  /** What leaves the hub; the engine itself is for those who write and record. */
  const { shown } = doubted;
  const intake = createIntake({
    engine,
    projections,
    clock,
    log,
    metrics,
    doubted,
    onSeen: (source) => feeds.tellFresh(source),
  });
  const feeds = createTopicFeeds({
    engine: shown,
    clock,
    metrics,
    sourceOf,
    seenOf: (source) => intake.seen(source),
  });
  const origins = createOrigins(config.allowedOrigins);
  const rules = connectionRules(config, log);
  const limits = createConnectionLimits(rules);
  const limitWatch = watchLimits(log, clock);
  const upgradeWatch = watchUpgrades(log, clock);
  const knownHosts = createKnownHosts(config.hosts);
  const rights = createRights({ keys: config.ticketKeys, engine, nowMs: () => clock.wallMs() });
  const sockets = createBrowserSockets({
    feeds,
    clock,
    metrics,
    newConnectionId: () => `c_${randomText()}`,
    admitTopic,
    origins,
    isFramePass: createFramePasses(config.hubKeys),
    limits,
    limitWatch,
    upgradeWatch,
    knownHosts,
    rights,
    trustedProxies: config.trustedProxies,
  });
  const reader = createTopicReader(shown);
  const held = createHeldRequests(() => rules.connectionsMax - sockets.count());
  const road = {
    admitTopic: (topic: string) => admitTopic(topic),
    allowsOrigin: (origin: string) => origins.allows(origin, undefined),
    addressOf: (request: Request) => addressOf(request, config.trustedProxies),
    held,
    metrics,
  };
  const socketUrl = `${SOCKET_PATH}?${FRAME_PASS}=${framePass(hubKey)}`;
  const rooms = createRooms({
    ...road,
    engine,
    shown,
    reader,
    views,
    primaryGuildId: config.primaryGuildId,
    pageView: config.pageView,
    socketUrl,
    openHistory: () => openHistory(config.dataDir),
    isDoubted: (topic) => doubted.isDoubted(topic),
    clock,
    log,
  });
  const startedAtMs = clock.monotonicMs();
  let closingSinceMs: number | null = null;
  const signs = createProcessSigns({ clock, log, loopDelaySeconds: metrics.loopDelaySeconds });
  const health = (): HealthFacts => ({
    wallMs: clock.wallMs(),
    monotonicMs: clock.monotonicMs(),
    startedAtMs,
    closingSinceMs,
    version: VERSION,
    store: store.facts(),
    stuck: signs.stuck(),
  });
  const answerApi = createApi({
    delivery: { keys: config.hubKeys, intake, clock, log, refused: watchRefusals(log, clock), metrics },
    health,
    status: {
      config,
      health,
      signs,
      engine: shown,
      intake,
      sockets,
      feeds,
      limits,
      held,
      connectionsMax: rules.connectionsMax,
      history: rooms.historyFacts,
      statusOf: rooms.statusOf,
      doubtedCount: () => doubted.count(),
    },
    topics: { ...road, reader, feeds, clock },
    streams: { ...road, feeds, clock, random: Math.random },
    features: rooms.routes,
    socket: { origins, upgradeWatch },
    metrics,
  });
  metrics.gauge("connections", () => sockets.count());
  metrics.gauge("connections_max", () => rules.connectionsMax);
  metrics.gauge("connections_ungreeted", () => limits.ungreetedCount());
  metrics.gauge("sources_doubted", () => doubted.count());
  metrics.gauge("topics", () => feeds.count());
  metrics.gauge("subscribers", () => feeds.memberCount());
  metrics.gauge("held_requests", () => held.count());
  const ready = intake.takeUpStored().then(() => rooms.begin());
  // Whoever waits for it hears of it; in development nobody may.
  ready.catch((cause: unknown) => log.error("stored_sources_unreadable", { cause: String(cause) }));

  async function closeAll(): Promise<void> {
    closingSinceMs ??= clock.monotonicMs();
    signs.close();
    rooms.announceClosing();
    intake.close();
    held.close();
    reader.close();
    const storeClosed = engine.close();
    rooms.close();
    await sockets.close();
    feeds.close();
    await storeClosed;
  }
  let closed: Promise<void> | undefined;

  return {
    log,
    sockets,
    httpLimits: httpLimits({
      ...rules,
      heldPerAddressMax: HELD_PER_ADDRESS_MAX,
      trustedProxies: config.trustedProxies,
    }),
    knownHosts,
    limitWatch,
    answerApi,
    ready,
    readOpenTopic: rooms.readOpenTopic,
    readVoiceSnapshot: rooms.readVoiceSnapshot,
    readHistory: rooms.readHistory,
    embedOrigins: config.embedOrigins,
    mintPageTicket: (origin) =>
      mintTicket(
        { views: [config.pageView], ...(origin === undefined ? {} : { origin }) },
        ticketKey,
        clock.wallMs(),
      ),
    announceClosing() {
      closingSinceMs ??= clock.monotonicMs();
      held.close();
    },
    close() {
      closed ??= closeAll();
      return closed;
    },
  };
}

/** As configured, and never more sockets than the system has files for. */
function connectionRules({ connections }: HubConfig, log: Log): HubConfig["connections"] {
  const allowed = socketsAllowedBySystem() ?? connections.connectionsMax;
  if (allowed >= connections.connectionsMax) return connections;
  const toDo = "raise the limit of open files (ulimit -n) for more";
  const fields = { connectionsMax: allowed, wanted: connections.connectionsMax, toDo };
  log.info("connections_bounded", fields, `room for ${allowed} browsers; ${toDo}`);
  return { ...connections, connectionsMax: allowed };
}

/** `ip` is what the Node server knows of the connection's other end. */
function addressOf(request: Request, trustedProxies: number): string {
  const { ip } = request as { readonly ip?: string };
  const forwardedFor = request.headers.get("x-forwarded-for") ?? undefined;
  return clientAddress({ remoteAddress: ip, forwardedFor }, trustedProxies);
}
