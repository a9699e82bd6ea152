/**
 * `GET /api/status`: everything an operator wants to know of a running hub, in one answer. It names sources, views and
 * what they are at, which views may hide from strangers, so it is told only to those who show the status token
 * (status-token.ts). No secret is in it.
 */
import { statfsSync } from "node:fs";
import type { TopicEngine } from "@guildwire/live";
import type { ConnectionLimits } from "../access/connection-limits.ts";
import type { HeldRequests } from "../access/held-requests.ts";
import { HELD_MAX, HELD_PER_ADDRESS_MAX } from "../access/held-requests.ts";
import type { HubConfig } from "../config.ts";
import type { Intake } from "../intake/intake.ts";
import type { BrowserSockets } from "../sockets/browser-sockets.ts";
import type { TopicFeeds } from "../sockets/topic-feeds.ts";
import { type HealthFacts, stateOf, stateSinceMs } from "./health.ts";
import type { ProcessSigns } from "./process-signs.ts";

export interface ShownStatus {
  readonly status: string;
  /** Unix ms. */
  readonly since: number;
}

export interface HistoryFacts {
  readonly topics: number;
  /** `null`: all is stored. */
  readonly failing: { readonly sinceMs: number; readonly errorCode: string; readonly toDo: string } | null;
}

export interface StatusParts {
  readonly config: HubConfig;
  readonly health: () => HealthFacts;
  readonly signs: ProcessSigns;
  readonly engine: Pick<TopicEngine, "listSources">;
  /** How a source is shown, doubts included; `undefined` before its first snapshot. */
  readonly statusOf: (source: string) => Promise<ShownStatus | undefined>;
  readonly intake: Pick<Intake, "silentForMs">;
  readonly sockets: Pick<BrowserSockets, "count">;
  readonly feeds: Pick<TopicFeeds, "count" | "memberCount">;
  readonly limits: Pick<ConnectionLimits, "ungreetedCount">;
  /** As the system allows. */
  readonly connectionsMax: number;
  readonly held: Pick<HeldRequests, "count">;
  readonly history: () => HistoryFacts;
  readonly doubtedCount: () => number;
}

export async function readStatus(parts: StatusParts): Promise<Readonly<Record<string, unknown>>> {
  const { config, signs, engine, sockets, feeds, limits, held, history } = parts;
  const facts = parts.health();
  const { wallMs, monotonicMs, store } = facts;
  const ageS = (atMs: number | null, nowMs = monotonicMs): number | null =>
    atMs === null ? null : Math.max(0, Math.round((nowMs - atMs) / 1_000));
  const records = await engine.listSources();
  const { topics, failing } = history();
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
        const shown = await parts.statusOf(source);
        return {
          source,
          status: shown?.status ?? null,
          statusS: ageS(shown?.since ?? null, wallMs),
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

/** `null` where the system does not say. */
function diskFreeBytes(directory: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}
