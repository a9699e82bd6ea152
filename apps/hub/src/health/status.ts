/**
 * `GET /api/status`: everything an operator wants to know of a running hub, in one answer. It names sources, views and
 * what they are at, which views may hide from strangers, so it is told only to those who show the status token
 * (status-token.ts). No secret is in it.
 */
import { statfsSync } from "node:fs";
import type { MetaValue, TopicEngine, VoiceValue } from "@guildwire/live";
import type { ConnectionLimits } from "../access/connection-limits.ts";
import type { HeldRequests } from "../access/held-requests.ts";
import { HELD_MAX, HELD_PER_ADDRESS_MAX } from "../access/held-requests.ts";
import type { HubConfig } from "../config.ts";
import type { HistoryWatch } from "../history/history-watch.ts";
import type { Intake } from "../intake/intake.ts";
import type { BrowserSockets } from "../sockets/browser-sockets.ts";
import type { TopicFeeds } from "../sockets/topic-feeds.ts";
import { stateTopic } from "../views/view.ts";
import { META_KEY } from "../voice-topic/voice-values.ts";
import { type HealthFacts, stateOf, stateSinceMs } from "./health.ts";
import type { ProcessSigns } from "./process-signs.ts";

export interface StatusParts {
  readonly config: HubConfig;
  readonly health: () => HealthFacts;
  readonly signs: ProcessSigns;
  /** What is shown, doubts included. */
  readonly engine: TopicEngine;
  readonly intake: Pick<Intake, "silentForMs">;
  readonly sockets: Pick<BrowserSockets, "count">;
  readonly feeds: Pick<TopicFeeds, "count" | "memberCount">;
  readonly limits: Pick<ConnectionLimits, "ungreetedCount">;
  /** As the system allows. */
  readonly connectionsMax: number;
  readonly held: Pick<HeldRequests, "count">;
  readonly history: Pick<HistoryWatch, "facts">;
  readonly doubtedCount: () => number;
}

export async function readStatus(parts: StatusParts): Promise<Readonly<Record<string, unknown>>> {
  const { config, signs, engine, sockets, feeds, limits, held, history } = parts;
  const facts = parts.health();
  const { wallMs, monotonicMs, store } = facts;
  const ageS = (atMs: number | null, nowMs = monotonicMs): number | null =>
    atMs === null ? null : Math.max(0, Math.round((nowMs - atMs) / 1_000));
  const records = await engine.listSources();
  const { topics, failing } = history.facts();
  return {
    status: stateOf(facts),
    statusS: ageS(stateSinceMs(facts)),
    timestamp: new Date(wallMs).toISOString(),
    version: facts.version,
    commit: config.commit,
    node: process.version,
    pid: process.pid,
    uptimeS: ageS(facts.startedAtMs),
    memory: signs.memory(),
    loop: signs.loop(),
    sockets: {
      open: sockets.count(),
      notGreetedYet: limits.ungreetedCount(),
      subscriptions: feeds.memberCount(),
      topicsFollowed: feeds.count(),
      heldRequests: held.count(),
    },
    limits: {
      connections: parts.connectionsMax,
      connectionsPerAddress: config.connections.perAddressMax,
      connectionsPerUser: config.connections.perUserMax,
      heldRequests: HELD_MAX,
      heldRequestsPerAddress: HELD_PER_ADDRESS_MAX,
    },
    store: {
      status: store.failing === null ? "ok" : "failing",
      failingS: ageS(store.failing?.sinceMs ?? null),
      errorCode: store.failing?.errorCode ?? null,
      cause: store.failing?.cause ?? null,
      toDo: store.failing?.toDo ?? null,
      lastCommitS: ageS(store.lastCommitAtMs),
      fileBytes: store.sizeBytes,
      diskFreeBytes: diskFreeBytes(config.dataDir),
      directory: config.dataDir,
    },
    history: {
      status: failing === null ? "ok" : "failing",
      failingS: ageS(failing?.sinceMs ?? null),
      errorCode: failing?.errorCode ?? null,
      toDo: failing?.toDo ?? null,
      topics,
    },
    secrets: { deliveries: config.hubKeys.length, tickets: config.ticketKeys.length },
    views: config.views.map(({ name, access, people }) => ({ name, access, people: people.shown })),
    sources: await Promise.all(
      records.map(async ({ source, cursor }) => {
        const meta = await metaOf(engine, source);
        return {
          source,
          status: meta?.source.status ?? null,
          statusS: ageS(meta?.source.since ?? null, wallMs),
          lastHeardS: secondsOf(parts.intake.silentForMs(source)),
          epoch: cursor.epoch,
          seq: cursor.seq,
        };
      }),
    ),
    sourcesDoubted: parts.doubtedCount(),
  };
}

function secondsOf(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms / 1_000);
}

/** `null` before the first snapshot. */
async function metaOf(engine: TopicEngine, source: string): Promise<MetaValue | null> {
  const { entries } = await engine.load(stateTopic(source));
  const meta = entries.find(([key]) => key === META_KEY)?.[1] as VoiceValue | undefined;
  return (meta as MetaValue | undefined) ?? null;
}

/** `null` where the system does not say. */
function diskFreeBytes(directory: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}
