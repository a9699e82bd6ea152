/** Every metric of the worker, by name. Who counts takes a counter from here; what is known elsewhere is read. */
import { type OutboxBound, type Outcome, oldestAgeS } from "@guildwire/delivery";
import { GatewayCloseCode, WebSocketCloseCode } from "@guildwire/discord-wire";
import { EVENT_DATA } from "@guildwire/events";
import type { GatewayEvent } from "@guildwire/gateway";
import {
  type BuildFacts,
  CounterFamily,
  type Histogram,
  Metrics,
  publishProcess,
} from "@guildwire/runtime/metrics";
import { type ConnectionState, connectionState } from "./connection-state.ts";
import type { HealthFacts, ReceiverFacts } from "./health-facts.ts";

/** Seconds, for what is a few milliseconds at rest and minutes behind a receiver that is away. */
const LAG_BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

const STATES: readonly ConnectionState[] = [
  "DISCONNECTED",
  "CONNECTING",
  "IDENTIFYING",
  "CONNECTED",
  "RECONNECTING",
];
const LOSS_CAUSES = Object.keys({
  closed: 0,
  dial_failed: 0,
  dial_timeout: 0,
  hello_timeout: 0,
  ready_timeout: 0,
  resumed_timeout: 0,
  zombie: 0,
  reconnect_requested: 0,
  session_invalidated: 0,
  malformed_frame: 0,
  identify_budget_spent: 0,
} satisfies Record<Extract<GatewayEvent, { type: "connectionLost" }>["cause"], 0>);
const OUTCOMES = Object.keys({
  delivered: 0,
  snapshotWanted: 0,
  fromWanted: 0,
  fenced: 0,
  signatureRefused: 0,
  contentRefused: 0,
  endpointWrong: 0,
  busy: 0,
  unreachable: 0,
} satisfies Record<Outcome["kind"], 0>);
const BOUNDS = Object.keys({ rows: 0, bytes: 0, age: 0 } satisfies Record<OutboxBound, 0>);
const CLOSE_CODES = [...Object.values(WebSocketCloseCode), ...Object.values(GatewayCloseCode)].map(String);
const REFUSAL_REASONS = Object.keys({
  not_ready: 0,
  too_many_waiting: 0,
  connection_lost: 0,
  too_large: 0,
} satisfies Record<Extract<GatewayEvent, { type: "commandRefused" }>["reason"], 0>);
const EVENT_TYPES = Object.keys(EVENT_DATA);

export type Fate = "mapped" | "ignored" | "malformed";

export class WorkerMetrics {
  readonly #metrics = new Metrics();
  readonly loopDelaySeconds: Histogram;
  readonly dials = this.#count("gateway_dials", "Connections opened to Discord.", "purpose").expect([
    "identify",
    "resume",
  ]);
  readonly sessions = this.#count("gateway_sessions", "Sessions begun or resumed.", "how").expect([
    "identify",
    "resume",
  ]);
  readonly replayed = this.#count("gateway_replayed", "Dispatches that Discord replayed at a Resume.").at();
  readonly losses = this.#count("gateway_losses", "Connections lost.", "cause").expect(LOSS_CAUSES);
  readonly closes = this.#count("gateway_closes", "Connections that Discord closed.", "code").expect(
    CLOSE_CODES,
  );
  readonly gaps = this.#count("gateway_gaps", "Times that Discord left sequences out.").at();
  readonly repeats = this.#count("gateway_repeats", "Dispatches dropped as received before.").at();
  readonly commandsRefused = this.#count(
    "gateway_commands_refused",
    "Commands that were not sent.",
    "reason",
  ).expect(REFUSAL_REASONS);
  readonly restAnswers = this.#count("rest_answers", "Answers of Discord's REST API.", "status").expect([
    "200",
    "401",
    "429",
  ]);
  readonly events = this.#count("events", "Events written to the log.", "type").expect(EVENT_TYPES);
  readonly eventsCompacted = this.#count("events_compacted", "Events given up for a snapshot.", "receiver");
  readonly eventsParked = this.#count(
    "events_parked",
    "Events given up as a receiver refused them.",
    "type",
    "receiver",
  );
  readonly compactions = this.#count(
    "outbox_compactions",
    "Full outboxes made a snapshot.",
    "bound",
    "receiver",
  );
  readonly attempts = this.#count("delivery_attempts", "POSTs to receivers.", "outcome", "receiver");
  readonly attemptSeconds = this.#metrics.histograms(
    "guildwire_delivery_attempt_seconds",
    "Time from a POST to its answer.",
    LAG_BOUNDS_S,
    "receiver",
  );
  readonly lagSeconds = this.#metrics.histograms(
    "guildwire_delivery_lag_seconds",
    "Time from Discord's event to the receiver's acknowledgement, of the oldest event in each delivery.",
    LAG_BOUNDS_S,
    "receiver",
  );
  /** A family per fate, so that strange names of one do not crowd out another, and a dispatch makes no text. */
  readonly #dispatches: Readonly<Record<Fate, CounterFamily>> = {
    mapped: new CounterFamily(1),
    ignored: new CounterFamily(1),
    malformed: new CounterFamily(1),
  };
  /** Of the last answer of Discord that said so. */
  identifiesLeft: number | null = null;
  #facts: HealthFacts | undefined;

  /** `receivers`: their names; each has its series from the start. */
  constructor(build: Omit<BuildFacts, "service">, receivers: readonly string[]) {
    for (const receiver of receivers) {
      this.eventsCompacted.at(receiver);
      this.attemptSeconds.at(receiver);
      this.lagSeconds.at(receiver);
      for (const type of EVENT_TYPES) this.eventsParked.at(type, receiver);
      for (const bound of BOUNDS) this.compactions.at(bound, receiver);
      for (const outcome of OUTCOMES) this.attempts.at(outcome, receiver);
    }
    this.#readDispatches();
    this.#readGateway();
    this.#readOutbox();
    this.#gauge("guild_available", "1 while Discord has the server, and the bot is in it.", ({ guild }) =>
      guild.status === "available" ? 1 : 0,
    );
    this.#gauge("rooms", "Rooms the bot may view.", ({ guild }) => guild.rooms.size);
    this.#gauge("occupants", "People in voice.", ({ guild }) => guild.occupants.size);
    this.loopDelaySeconds = publishProcess(this.#metrics, { service: "worker", ...build }).loopDelaySeconds;
  }

  dispatch(type: string, fate: Fate): void {
    this.#dispatches[fate].at(type).add();
  }

  descriptions() {
    return this.#metrics.descriptions();
  }

  render(facts: HealthFacts): string {
    this.#facts = facts;
    return this.#metrics.render();
  }

  #readDispatches(): void {
    // Discord may send a broken body of any kind; without a series from the start the first one would raise no alert.
    this.#dispatches.malformed.expect(["VOICE_STATE_UPDATE", "GUILD_CREATE"]);
    const help = "Dispatches by what became of them; filtered ones were not parsed.";
    const labels = ["type", "fate"];
    const facts = () => this.#facts;
    const dispatches = Object.entries(this.#dispatches);
    this.#metrics.series({ name: "guildwire_dispatches_total", type: "counter", help, labels }, function* () {
      for (const [type, count] of facts()?.gateway.passedOver ?? []) yield [[type, "filtered"], count];
      for (const [fate, family] of dispatches)
        for (const [values, count] of family.samples()) yield [[...values, fate], count];
    });
  }

  #readGateway(): void {
    this.#gauge("gateway_connected", "1 while the session is live.", ({ gateway }) =>
      gateway.state === "ready" ? 1 : 0,
    );
    const help = "1 for the state of the connection.";
    this.#metrics.series({ name: "guildwire_gateway_state", type: "gauge", help, labels: ["state"] }, () => {
      if (this.#facts === undefined) return [];
      const now = connectionState(this.#facts.gateway.state, this.#facts.wasReady);
      return STATES.map((state) => [[state], state === now ? 1 : 0]);
    });
    this.#gauge("heartbeat_latency_seconds", "Last Heartbeat to its ACK.", ({ gateway }) =>
      gateway.heartbeatLatencyMs === null ? null : gateway.heartbeatLatencyMs / 1000,
    );
    this.#gauge("identifies_left", "Identifies left today, as Discord last said.", () => this.identifiesLeft);
  }

  #readOutbox(): void {
    this.#perReceiver("outbox_entries", "Events not yet acknowledged.", ({ depth }) => depth.waiting);
    this.#perReceiver("outbox_bytes", "Bytes of their data.", ({ depth }) => depth.bytes);
    this.#perReceiver(
      "outbox_oldest_age_seconds",
      "Age of the oldest of them; 0 without any.",
      ({ depth }, nowMs) => oldestAgeS(depth.oldestTimestamp, nowMs) ?? 0,
    );
    this.#perReceiver("parked_entries", "Events a receiver refused, kept on disk.", ({ parked }) => parked);
  }

  #perReceiver(name: string, help: string, read: (facts: ReceiverFacts, nowMs: number) => number): void {
    const description = { name: `guildwire_${name}`, type: "gauge", help, labels: ["receiver"] } as const;
    this.#metrics.series(description, () => {
      const { receivers = [], nowMs = 0 } = this.#facts ?? {};
      return receivers.map((facts) => [[facts.name], read(facts, nowMs)] as const);
    });
  }

  #count(name: string, help: string, ...labels: readonly string[]): CounterFamily {
    return this.#metrics.counter(`guildwire_${name}_total`, help, ...labels);
  }

  #gauge(name: string, help: string, read: (facts: HealthFacts) => number | null): void {
    this.#metrics.gauge(`guildwire_${name}`, help, () =>
      this.#facts === undefined ? null : read(this.#facts),
    );
  }
}
