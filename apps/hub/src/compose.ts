/**
 * The whole hub, put together: every part is made here and given what it needs by name.
 *
 *   worker ─POST─▶ api ─▶ intake ─▶ engine ──deltas──▶ feeds ─▶ browser sockets ─▶ browsers
 *                                     └──▶ the page's snapshot
 */
import { randomBytes } from "node:crypto";
import {
  createMemoryEngine,
  type Position,
  type TopicEngine,
  type VoiceEntry,
  voiceTopic,
} from "@guildwire/live";
import packageFacts from "../package.json" with { type: "json" };
import { type Clock, systemClock } from "./clock.ts";
import type { HubConfig } from "./config.ts";
import { type Api, createApi } from "./http/api.ts";
import { createHubMetrics } from "./hub-metrics.ts";
import { createIntake } from "./intake/intake.ts";
import { createLog, type Log } from "./log.ts";
import { type BrowserSockets, createBrowserSockets } from "./sockets/browser-sockets.ts";
import { createTopicFeeds } from "./sockets/topic-feeds.ts";
import { admitVoiceTopic } from "./voice-topic/admit-voice-topic.ts";

/** What the page at `/` is rendered from, and where the browser goes on. All null until a guild is known. */
export interface VoiceSnapshot {
  readonly guildId: string | null;
  readonly topic: string | null;
  readonly position: Position | null;
  readonly entries: readonly VoiceEntry[];
}

export interface Hub {
  readonly log: Log;
  readonly sockets: BrowserSockets;
  readonly answerApi: Api;
  readVoiceSnapshot(): Promise<VoiceSnapshot>;
  /** `/api/ready` and `/api/health` answer 503 from now on; everything else goes on. */
  announceClosing(): void;
  /** Says `bye` to all browsers, then lets go of everything. Deliveries should have ended before. */
  close(): Promise<void>;
}

/** What the outside world gives a hub; tests give their own. */
export interface HubWorld {
  readonly clock: Clock;
  readonly writeLog: (line: string) => void;
  /** Letters and digits, new at each call. */
  readonly randomText: () => string;
  readonly openEngine: (clock: Clock, randomText: () => string) => TopicEngine;
}

const realWorld: HubWorld = {
  clock: systemClock,
  writeLog: (line) => void process.stdout.write(line),
  randomText: () => randomBytes(9).toString("hex"),
  openEngine: (clock, randomText) => createMemoryEngine({ epoch: randomText(), nowMs: () => clock.nowMs() }),
};

export function composeHub(config: HubConfig, world: HubWorld = realWorld): Hub {
  const { clock, writeLog, randomText, openEngine } = world;
  const log = createLog({ level: config.logLevel, nowMs: () => clock.nowMs(), write: writeLog });
  const metrics = createHubMetrics();
  const engine = openEngine(clock, randomText);
  const intake = createIntake({ engine, clock, log, metrics });
  const feeds = createTopicFeeds(engine, clock, metrics);
  const sockets = createBrowserSockets({
    feeds,
    clock,
    metrics,
    newConnectionId: () => `c_${randomText()}`,
    admitTopic: admitVoiceTopic,
  });
  let isClosing = false;
  const answerApi = createApi({
    delivery: { keys: config.hubKeys, intake, clock, log, metrics },
    health: {
      engine,
      intake,
      sockets,
      feeds,
      clock,
      version: packageFacts.version,
      startedAtMs: clock.nowMs(),
    },
    metrics,
    isClosing: () => isClosing,
  });
  metrics.gauge("hub_connections", "Browsers connected.", () => sockets.count());
  metrics.gauge("hub_topics", "Topics that somebody is subscribed to.", () => feeds.count());
  intake
    .watchStored()
    .catch((cause: unknown) => log.error("stored_sources_unreadable", { cause: String(cause) }));

  async function closeAll(): Promise<void> {
    isClosing = true;
    intake.close();
    await sockets.close();
    feeds.close();
    await engine.close();
  }
  let closed: Promise<void> | undefined;

  return {
    log,
    sockets,
    answerApi,
    readVoiceSnapshot: async () => await readVoiceSnapshot(engine, config.primaryGuildId),
    announceClosing() {
      isClosing = true;
    },
    close() {
      closed ??= closeAll();
      return closed;
    },
  };
}

/** Of the configured guild, else of the one that was delivered first. */
async function readVoiceSnapshot(
  engine: TopicEngine,
  primaryGuildId: string | undefined,
): Promise<VoiceSnapshot> {
  const guildId = primaryGuildId ?? (await engine.listSources())[0]?.source;
  if (guildId === undefined) return { guildId: null, topic: null, position: null, entries: [] };
  const topic = voiceTopic(guildId);
  const { position, entries } = await engine.load(topic);
  // A voice topic has only been written by the projection, which writes these values.
  return { guildId, topic, position, entries: entries as readonly VoiceEntry[] };
}
