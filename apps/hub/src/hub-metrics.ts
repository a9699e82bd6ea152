/** Every metric of the hub, by name. Who counts takes a counter from here; what is known elsewhere is read. */
import { EVENT_DATA } from "@guildwire/events";
import { HubCloseCode, type ResyncReason } from "@guildwire/live";
import type { StorageErrorCode } from "@guildwire/runtime/database";
import {
  type BuildFacts,
  type Counter,
  type CounterFamily,
  type Histogram,
  type MetricDescription,
  Metrics,
  publishProcess,
} from "@guildwire/runtime/metrics";
import type { LimitReached } from "./access/connection-limits.ts";

/** What is read at the moment somebody asks. */
const GAUGES = {
  sources_heard: "Sources whose worker gives signs of life.",
  sources_silent: "Sources whose worker has been silent for 25 s.",
  sources_doubted: "Sources shown as stale though that cannot be stored.",
  connections: "Browsers connected.",
  connections_max: "Browsers that may be connected.",
  connections_ungreeted: "Sockets that have not said who they are yet.",
  held_requests: "Long polls and event streams that are open.",
  topics: "Topics that somebody is subscribed to.",
  subscribers: "Subscriptions of browsers, event streams and long polls to them.",
  store_failing: "1 while nothing can be committed.",
  store_bytes: "Size of the database file, measured now and then.",
  history_failing: "1 while the last day's history cannot be saved.",
  history_topics: "Topics whose last day is kept.",
} as const;
export type Gauge = keyof typeof GAUGES;

export interface HubMetrics {
  readonly deliveries: CounterFamily;
  readonly events: CounterFamily;
  readonly intakeSeconds: Histogram;
  readonly accepts: CounterFamily;
  readonly tickets: CounterFamily;
  readonly subscriptions: CounterFamily;
  readonly resyncs: CounterFamily;
  readonly framesBuilt: CounterFamily;
  readonly framesSent: Counter;
  readonly deltasSquashed: Counter;
  readonly slowCloses: Counter;
  readonly fellBehind: Counter;
  readonly closes: CounterFamily;
  /** road: card, topic, sse, history. outcome: what was answered, such as card, snapshot, delta, or why not. */
  readonly roadAnswers: CounterFamily;
  readonly historyCatchUps: CounterFamily;
  readonly historySaves: CounterFamily;
  readonly sourceStale: Counter;
  readonly storeCommits: Counter;
  readonly storeFailures: CounterFamily;
  readonly storeSeconds: Histogram;
  readonly loopDelaySeconds: Histogram;
  /** Says how one of the gauges is read. Before that it is not published. */
  gauge(name: Gauge, read: () => number): void;
  descriptions(): readonly MetricDescription[];
  text(): string;
}

const INTAKE_BUCKETS_S = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const DELIVERY_OUTCOMES = [
  "applied",
  "duplicate",
  "ping",
  "want_snapshot",
  "unauthorized",
  "invalid",
  "too_large",
  "busy",
  "unavailable",
  "failed",
  "fenced",
  "heartbeat",
] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];
const RESYNC_REASONS = Object.keys({ gap: 0, digest: 0, reducer: 0, paused: 0 } satisfies Record<
  ResyncReason,
  0
>);

const STORE_CODES = Object.keys({
  diskFull: 0,
  unusable: 0,
  damaged: 0,
  locked: 0,
  newer: 0,
  failed: 0,
} satisfies Record<StorageErrorCode, 0>);
const LIMITS = Object.keys({
  process: 0,
  address: 0,
  ungreeted: 0,
  ungreeted_address: 0,
  rate: 0,
} satisfies Record<LimitReached, 0>);
const HANDSHAKE_REFUSALS = ["path", "closing", "host", "origin", "protocol", ...LIMITS];

export function createHubMetrics(build: Omit<BuildFacts, "service">): HubMetrics {
  const metrics = new Metrics();
  const count = (name: string, help: string, ...labels: readonly string[]) =>
    metrics.counter(`guildwire_hub_${name}_total`, help, ...labels);
  const reads = new Map<Gauge, () => number>();
  for (const [name, help] of Object.entries(GAUGES) as [Gauge, string][])
    metrics.gauge(`guildwire_hub_${name}`, help, () => reads.get(name)?.() ?? null);
  const spread = (name: string, help: string) =>
    metrics.histogram(`guildwire_hub_${name}_seconds`, help, INTAKE_BUCKETS_S);
  return {
    deliveries: count("deliveries", "POSTs of workers.", "outcome").expect(DELIVERY_OUTCOMES),
    events: count("events", "Events committed.", "type").expect([...Object.keys(EVENT_DATA), "unknown"]),
    intakeSeconds: spread("intake", "From a POST's arrival to its answer."),
    storeCommits: count("store_commits", "Commits stored; several may share a transaction.").at(),
    storeFailures: count("store_failures", "Transactions that failed.", "code").expect(STORE_CODES),
    storeSeconds: spread("store", "One transaction of the store, its fsync included."),
    sourceStale: count("source_stale", "Times a silent worker's source was set to stale.").at(),
    accepts: count("socket_accepts", "Upgrades.", "result").expect(["accepted", ...HANDSHAKE_REFUSALS]),
    tickets: count("tickets", "Tickets and resume tokens looked at.", "result").expect(["granted"]),
    closes: count("socket_closes", "Sockets the hub closed.", "code").expect([
      ...Object.values(HubCloseCode).map(String),
      "dead",
    ]),
    subscriptions: count("subscriptions", "Answers to sub and resync.", "how").expect([
      "resumed",
      "snapshot",
    ]),
    resyncs: count("resyncs", "Topics browsers asked for again; digest is true drift.", "why").expect(
      RESYNC_REASONS,
    ),
    framesBuilt: count("frames_built", "Frames encoded for all subscribers of a topic.", "kind").expect([
      "d",
      "snap",
      "tick",
    ]),
    framesSent: count("frames_sent", "Shared frames given to sockets and streams.").at(),
    deltasSquashed: count("deltas_squashed", "Changes that left in the frame of another.").at(),
    fellBehind: count("fell_behind", "Subscriptions that skipped frames until their socket drained.").at(),
    slowCloses: count("slow_closes", "Sockets and streams ended because they did not read.").at(),
    roadAnswers: count("road_answers", "Answers besides sockets and pages.", "road", "outcome"),
    historyCatchUps: count(
      "history_catch_ups",
      "Histories brought to their topic's position; all but `steps` guess what happened.",
      "how",
    ).expect(["steps", "difference", "anew"]),
    historySaves: count("history_saves", "Saves of the last day's history.", "outcome").expect([
      "saved",
      "failed",
    ]),
    loopDelaySeconds: publishProcess(metrics, { service: "hub", ...build }).loopDelaySeconds,
    gauge: (name, read) => void reads.set(name, read),
    descriptions: () => metrics.descriptions(),
    text: () => metrics.render(),
  };
}
