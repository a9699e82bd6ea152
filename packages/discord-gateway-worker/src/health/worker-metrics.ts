/** Every metric of the worker, by name. Who counts takes a counter from here; what is known elsewhere is read. */
import { oldestAgeS } from "../outbox-bounds.ts";
import { type ConnectionState, connectionState } from "./connection-state.ts";
import type { HealthFacts } from "./health-facts.ts";
import { type Counter, Metrics, type Reading } from "./metrics.ts";

/** Seconds, for what is a few milliseconds at rest and minutes behind a receiver that is away. */
const LAG_BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const STATES: readonly ConnectionState[] = [
  "DISCONNECTED",
  "CONNECTING",
  "IDENTIFYING",
  "CONNECTED",
  "RECONNECTING",
];

export type Fate = "mapped" | "ignored" | "malformed";

export class WorkerMetrics {
  readonly #metrics = new Metrics();
  readonly dials = this.#count("gateway_dials", "Connections opened to Discord.", "purpose");
  readonly sessions = this.#count("gateway_sessions", "Sessions begun or resumed.", "how");
  readonly losses = this.#count("gateway_losses", "Connections lost.", "cause");
  readonly gaps = this.#count("gateway_gaps", "Times that Discord left sequences out.").at();
  readonly repeats = this.#count("gateway_repeats", "Dispatches dropped as received before.").at();
  readonly events = this.#count("events", "Events written to the log.", "type");
  readonly eventsCompacted = this.#count("events_compacted", "Events given up for a snapshot.").at();
  readonly eventsParked = this.#count("events_parked", "Events given up as the hub refused them.", "type");
  readonly compactions = this.#count("outbox_compactions", "Full outboxes made a snapshot.", "bound");
  readonly attempts = this.#count("delivery_attempts", "POSTs to the hub.", "outcome");
  readonly restAnswers = this.#count("rest_answers", "Answers of Discord's REST API.", "status");
  readonly attemptSeconds = this.#metrics.histogram(
    "guildwire_delivery_attempt_seconds",
    "Time from a POST to its answer.",
    LAG_BOUNDS_S,
  );
  readonly lagSeconds = this.#metrics.histogram(
    "guildwire_delivery_lag_seconds",
    "Time from an event's being written to its acknowledgement, of the oldest in each delivery.",
    LAG_BOUNDS_S,
  );
  readonly #dispatches = this.#count("dispatches", "Dispatches by what became of them.", "type", "fate");
  /** One per fate and type, so that the way of a dispatch costs two lookups and no text. */
  readonly #dispatchCounters: Readonly<Record<Fate, Map<string, Counter>>> = {
    mapped: new Map(),
    ignored: new Map(),
    malformed: new Map(),
  };
  /** Of the last answer of Discord that said so. */
  identifiesLeft: number | null = null;
  #facts: HealthFacts | undefined;

  constructor() {
    this.#read("dispatches_passed_over", "counter", "Dispatches that were not parsed.", ({ gateway }) =>
      [...gateway.passedOver].map(([type, count]) => [{ type }, count]),
    );
    this.#gauge("gateway_connected", "1 while the session is live.", ({ gateway }) =>
      gateway.state === "ready" ? 1 : 0,
    );
    this.#read("gateway_state", "gauge", "1 for the state of the connection.", ({ gateway, wasReady }) => {
      const now = connectionState(gateway.state, wasReady);
      return STATES.map((state) => [{ state }, state === now ? 1 : 0]);
    });
    this.#gauge("heartbeat_latency_seconds", "Last Heartbeat to its ACK.", ({ gateway }) =>
      gateway.heartbeatLatencyMs === null ? null : gateway.heartbeatLatencyMs / 1000,
    );
    this.#gauge("identifies_left", "Identifies left today, as Discord last said.", () => this.identifiesLeft);
    this.#gauge("outbox_entries", "Events not yet acknowledged by the hub.", ({ depth }) => depth.waiting);
    this.#gauge("outbox_bytes", "Bytes of their data.", ({ depth }) => depth.bytes);
    this.#gauge(
      "outbox_oldest_age_seconds",
      "Age of the oldest of them; 0 without any.",
      ({ depth, nowMs }) => oldestAgeS(depth.oldestTimestamp, nowMs) ?? 0,
    );
    this.#gauge("parked_entries", "Events the hub refused, kept on disk.", ({ parked }) => parked);
    this.#gauge("rooms", "Rooms the bot may view.", ({ guild }) => guild.rooms.size);
    this.#gauge("occupants", "People in voice.", ({ guild }) => guild.occupants.size);
    this.#gauge(
      "resident_memory_bytes",
      "Resident memory of the process.",
      ({ memory }) => memory.residentBytes,
    );
    this.#gauge(
      "event_loop_delay_seconds",
      "The longest of the last minute.",
      ({ signs }) => signs.loopDelayMsMax / 1000,
    );
    this.#gauge("uptime_seconds", "Since the process began.", ({ uptimeMs }) => uptimeMs / 1000);
    this.#read("build_info", "gauge", "Always 1; what runs is in the labels.", ({ build }) => [
      [{ version: build.version, commit: build.commit ?? "" }, 1],
    ]);
  }

  dispatch(type: string, fate: Fate): void {
    const counters = this.#dispatchCounters[fate];
    let counter = counters.get(type);
    if (counter === undefined) {
      counter = this.#dispatches.at(type, fate);
      // Names come from Discord; the family counts strangers together, and they need no place here.
      if (counters.size < 128) counters.set(type, counter);
    }
    counter.add();
  }

  render(facts: HealthFacts): string {
    this.#facts = facts;
    return this.#metrics.render();
  }

  #count(name: string, help: string, ...labels: readonly string[]) {
    return this.#metrics.counter(`guildwire_${name}_total`, help, ...labels);
  }

  #gauge(name: string, help: string, read: (facts: HealthFacts) => number | null): void {
    this.#read(name, "gauge", help, (facts) => [[{}, read(facts)]]);
  }

  #read(name: string, type: "gauge" | "counter", help: string, read: (facts: HealthFacts) => Reading): void {
    const full = type === "counter" ? `guildwire_${name}_total` : `guildwire_${name}`;
    this.#metrics.read(full, help, type, () => (this.#facts === undefined ? [] : read(this.#facts)));
  }
}
