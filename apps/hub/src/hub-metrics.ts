/** Every number the hub publishes, by name. */
import { type Counter, createMetrics, type Histogram } from "./metrics.ts";

export interface HubMetrics {
  /** outcome: applied, duplicate, want_snapshot, unauthorized, invalid, too_large, busy, unavailable, failed. */
  readonly deliveries: Counter;
  readonly events: Counter;
  readonly intakeSeconds: Histogram;
  readonly accepts: Counter;
  readonly tickets: Counter;
  readonly subscriptions: Counter;
  readonly resyncs: Counter;
  readonly framesBuilt: Counter;
  readonly framesSent: Counter;
  readonly slowCloses: Counter;
  readonly fellBehind: Counter;
  readonly closes: Counter;
  /** road: card, topic, sse. outcome: what was answered, such as card, snapshot, delta, stream, or why not. */
  readonly roadAnswers: Counter;
  readonly historyCatchUps: Counter;
  readonly historySaves: Counter;
  readonly sourceStale: Counter;
  readonly storeCommits: Counter;
  readonly storeFailures: Counter;
  readonly storeSeconds: Histogram;
  gauge(name: string, help: string, read: () => number): void;
  text(): string;
}

const INTAKE_BUCKETS_S = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

export function createHubMetrics(): HubMetrics {
  const metrics = createMetrics();
  return {
    deliveries: metrics.counter("hub_deliveries_total", "POSTs of workers, by outcome."),
    events: metrics.counter("hub_events_total", "Events committed, by type."),
    intakeSeconds: metrics.histogram(
      "hub_intake_seconds",
      "From a POST's arrival to its answer.",
      INTAKE_BUCKETS_S,
    ),
    accepts: metrics.counter("hub_socket_accepts_total", "Upgrades, by result."),
    tickets: metrics.counter("hub_tickets_total", "Tickets and resume tokens looked at, by result."),
    subscriptions: metrics.counter("hub_subscriptions_total", "Answers to sub and resync, by how."),
    resyncs: metrics.counter(
      "hub_resyncs_total",
      "Topics browsers asked for again, by reason; digest is true drift.",
    ),
    framesBuilt: metrics.counter(
      "hub_frames_built_total",
      "Frames encoded for all subscribers of a topic, by kind.",
    ),
    framesSent: metrics.counter("hub_frames_sent_total", "Shared frames written to sockets."),
    slowCloses: metrics.counter("hub_slow_closes_total", "Sockets ended because they did not read."),
    fellBehind: metrics.counter(
      "hub_fell_behind_total",
      "Subscriptions that skipped frames until their socket drained.",
    ),
    closes: metrics.counter("hub_socket_closes_total", "Sockets the hub closed, by code."),
    roadAnswers: metrics.counter(
      "hub_road_answers_total",
      "Answers besides sockets and pages, by road and outcome.",
    ),
    historyCatchUps: metrics.counter(
      "hub_history_catch_ups_total",
      "Histories brought to their topic's position, by how; all but `steps` guess what happened.",
    ),
    historySaves: metrics.counter("hub_history_saves_total", "Saves of the last day's history, by outcome."),
    sourceStale: metrics.counter(
      "hub_source_stale_total",
      "Times a silent worker's source was set to stale.",
    ),
    storeCommits: metrics.counter(
      "hub_store_commits_total",
      "Commits stored; several may share a transaction.",
    ),
    storeFailures: metrics.counter("hub_store_failures_total", "Transactions that failed, by code."),
    storeSeconds: metrics.histogram(
      "hub_store_seconds",
      "One transaction of the store, its fsync included.",
      INTAKE_BUCKETS_S,
    ),
    gauge: metrics.gauge,
    text: metrics.text,
  };
}
