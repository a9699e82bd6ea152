/**
 * What the worker says of itself: one wide log record per state change and per failed attempt, and the counters
 * behind /metrics. `info` can be left on for months; single events and deliveries are `debug`. Names of people, message
 * text, the token and the secrets never get here.
 */
import { closeCodeName } from "@guildwire/discord-wire";
import type { Compacted, Happening, ParkedEvent } from "@guildwire/events";
import type { GatewayEvent } from "@guildwire/gateway";
import { ERROR_CODES } from "@guildwire/runtime/errors";
import type { Logger } from "pino";
import type { Replayed } from "./control/control-request.ts";
import type { Attempt } from "./delivery/sender.ts";
import { lossText, sessionText } from "./gateway-text.ts";
import type { DispatchNote } from "./guild-tracker.ts";
import type { WorkerMetrics } from "./health/worker-metrics.ts";
import type { OutboxBound } from "./outbox-bounds.ts";

export interface StartFacts {
  readonly guildId: string;
  readonly hubEndpoint: string;
  readonly dataDir: string;
  readonly compression: string;
  readonly epoch: string;
  readonly storedSession: "none" | "resumed" | "too_old";
  readonly waiting: number;
}

export class WorkerJournal {
  readonly #log: Logger;
  readonly #metrics: WorkerMetrics;
  #troubled = false;

  constructor(log: Logger, metrics: WorkerMetrics) {
    this.#log = log;
    this.#metrics = metrics;
  }

  starting(facts: StartFacts): void {
    const { origin, pathname } = new URL(facts.hubEndpoint);
    this.#log.info(
      { event: "starting", ...facts, hubEndpoint: origin + pathname, node: process.version },
      "starting",
    );
  }

  listening(port: number): void {
    this.#log.info({ event: "health_listening", port }, `health on port ${port}`);
  }

  stopped(flushed: boolean, waiting: number): void {
    this.#log.info(
      { event: "stopped", flushed, waiting },
      flushed ? "stopped" : `stopped, ${waiting} events wait on disk`,
    );
  }

  memoryHigh(residentBytes: number, limitBytes: number | null): void {
    this.#log.warn(
      { event: "memory_high", errorCode: ERROR_CODES.memoryLimit.code, residentBytes, limitBytes },
      "the process takes nearly all the memory that it may have",
    );
  }

  notInGuild(guildId: string): void {
    this.#log.error(
      { event: "not_in_guild", errorCode: ERROR_CODES.notInGuild.code, guildId },
      `the bot is not in the server ${guildId}: invite it, or correct PRIMARY_GUILD_ID; waiting`,
    );
  }

  gateway(event: GatewayEvent): void {
    switch (event.type) {
      case "connecting":
        this.#metrics.dials.at(event.purpose).add();
        this.#log.info(
          { event: "gateway_connecting", ...fields(event) },
          "[Gateway] Connecting to Discord Gateway...",
        );
        return;
      case "ready":
        this.#metrics.sessions.at("identify").add();
        this.#log.info(
          { event: "gateway_ready", connection: event.connection },
          `[Gateway] Connected (${sessionText(event)})`,
        );
        return;
      case "resumed":
        this.#metrics.sessions.at("resume").add();
        this.#metrics.replayed.add(event.replayed);
        this.#log.info(
          { event: "gateway_resumed", connection: event.connection, replayed: event.replayed },
          `[Gateway] Connected (${sessionText(event)}), resumed, ${event.replayed} replayed`,
        );
        return;
      case "heartbeatStarted":
        this.#log.info(
          { event: "gateway_heartbeat_started", ...fields(event) },
          `[Gateway] Heartbeat started (interval: ${event.intervalMs}ms)`,
        );
        return;
      case "connectionLost": {
        const codeName = event.code === null ? undefined : closeCodeName(event.code);
        this.#metrics.losses.at(event.cause).add();
        if (event.code !== null) this.#metrics.closes.at(String(event.code)).add();
        if (event.cause === "identify_budget_spent") {
          const until = new Date(Date.now() + event.retryInMs).toISOString();
          this.#log.error(
            { event: "identify_budget_spent", errorCode: ERROR_CODES.identifyBudgetSpent.code, until },
            `no Identify is left for this bot today: waiting until ${until}`,
          );
          return;
        }
        this.#log.warn(
          { event: "gateway_connection_lost", ...fields(event), codeName },
          `${lossText(event, codeName)}, ${event.next} in ${event.retryInMs} ms`,
        );
        return;
      }
      case "sessionDropped":
        this.#log.warn(
          { event: "gateway_session_dropped", reason: event.reason },
          `session dropped: ${event.reason}`,
        );
        return;
      case "commandRefused":
        this.#metrics.commandsRefused.at(event.reason).add();
        this.#log.warn({ event: "gateway_command_refused", ...fields(event) }, "a command was not sent");
        return;
      case "sequenceGap":
        this.#metrics.gaps.add();
        this.#log.warn({ event: "gateway_sequence_gap", ...fields(event) }, "Discord left sequences out");
        return;
      case "stopped":
        if (event.code !== null) this.#metrics.closes.at(String(event.code)).add();
        this.#log.info(
          {
            event: "gateway_stopped",
            ...fields(event),
            fault: event.fault?.code ?? null,
            codeName: event.code === null ? undefined : closeCodeName(event.code),
          },
          "Gateway client stopped",
        );
        return;
      case "repeatDropped":
        this.#metrics.repeats.add();
        return;
      case "compressionChanged":
        this.#log.warn(
          { event: "gateway_compression_changed", ...fields(event) },
          `falling back to ${event.to}`,
        );
        return;
      case "stable":
      case "heartbeatAcknowledged":
      case "frameIgnored":
      case "consumerFailed":
        this.#log.debug({ event: `gateway_${event.type}` });
        return;
    }
  }

  dispatch({ name, fate, problem }: DispatchNote): void {
    this.#metrics.dispatch(name, fate);
    this.#log.debug({ event: "dispatch_received", name, fate }, `[Worker] Received Discord event: ${name}`);
    if (fate === "malformed")
      this.#log.warn({ event: "dispatch_malformed", name, problem }, "dispatch not understood");
  }

  appended(happenings: readonly Happening[]): void {
    for (const { type } of happenings) {
      this.#metrics.events.at(type).add();
      this.#log.debug({ event: "event_appended", type });
      this.#guildChanged(type);
    }
  }

  /** What an operator looks for when a page shows old data. */
  #guildChanged(type: Happening["type"]): void {
    switch (type) {
      case "guild.unavailable":
        this.#log.info({ event: "guild_unavailable" }, "Discord reports an outage of the server");
        return;
      case "guild.available":
        this.#log.info({ event: "guild_available" }, "the server is available again");
        return;
      case "guild.removed":
        this.#log.info(
          { event: "guild_removed" },
          "the bot was removed from the server: invite it again to continue",
        );
        return;
      default:
        return;
    }
  }

  requestGivenUp(kind: string, why: "unknown_opcode" | "losses"): void {
    const cause =
      why === "unknown_opcode"
        ? "Discord does not know this request"
        : "the connection was lost right after it, twice";
    this.#log.warn(
      { event: "gateway_request_given_up", kind, why },
      `${cause}: ${kind} is not sent again by this process; rooms may lack status lines and start times`,
    );
  }

  /** Whoever asks for a snapshot twice gets it alone: that is no trouble of the outbox. */
  compactedAsWished(compacted: Compacted): void {
    this.#log.info(
      { event: "outbox_superseded", ...compacted },
      `the hub asked for a snapshot again: it stands for ${compacted.events} events, which are not sent`,
    );
  }

  /** An operator asked for it. */
  replayed({ parked, snapshotSeq }: Replayed): void {
    this.#log.info(
      { event: "outbox_replayed", parked, snapshotSeq },
      `${parked} parked events are in line again, a snapshot behind them`,
    );
  }

  compacted(bound: OutboxBound, { from, to, events }: Compacted): void {
    this.#metrics.compactions.at(bound).add();
    this.#metrics.eventsCompacted.add(events);
    this.#log.error(
      { event: "outbox_compacted", errorCode: ERROR_CODES.outboxCompacted.code, bound, from, to, events },
      `the outbox is above its bound (${bound}): ${events} events give way to a snapshot and are not sent`,
    );
  }

  parked({ seq, id, type, reason }: ParkedEvent, tries: number): void {
    this.#metrics.eventsParked.at(type).add();
    this.#log.error(
      { event: "event_parked", errorCode: ERROR_CODES.eventParked.code, seq, id, type, reason, tries },
      `the hub refused event ${seq} (${type}) ${tries} times: a tombstone goes in its place, it is kept on disk`,
    );
  }

  /** One record per event, for `debug` only. */
  #posted(body: string, acked: number): void {
    if (!this.#log.isLevelEnabled("debug")) return;
    const { events } = JSON.parse(body) as { events: readonly { seq: number; type: string }[] };
    for (const { seq, type } of events)
      if (seq <= acked) this.#log.debug({ event: "event_posted", seq, type }, `[Hub] Posted event: ${type}`);
  }

  attempt({ batch, outcome, verdict, durationMs, failures, retryInMs }: Attempt): void {
    this.#metrics.attempts.at(outcome.kind).add();
    this.#metrics.attemptSeconds.observe(durationMs / 1000);
    const record = {
      event: "delivery_attempt",
      webhookId: batch.id,
      events: batch.events,
      bytes: batch.body.length,
      durationMs: Math.round(durationMs),
      failures,
      retryInMs,
      outcome: outcome.kind,
      ...(verdict.kind === "newEpoch" ? { newEpoch: true } : {}),
      ...("status" in outcome ? { status: outcome.status } : {}),
      ...("detail" in outcome ? { detail: outcome.detail } : {}),
    };
    switch (outcome.kind) {
      case "delivered":
        if (verdict.kind === "newEpoch")
          this.#log.warn(record, "the hub is ahead of this log, an old copy: a new epoch begins");
        if (this.#troubled)
          this.#log.info({ ...record, event: "delivery_recovered" }, "the hub takes events again");
        this.#troubled = false;
        this.#log.debug(record);
        this.#posted(batch.body, outcome.acked);
        return;
      case "snapshotWanted":
        this.#log.info(record, "the hub asked for a snapshot");
        return;
      case "signatureRefused":
        this.#troubled = true;
        this.#log.error(
          { ...record, errorCode: ERROR_CODES.signatureRefused.code },
          `the hub refuses our signature (${outcome.detail}): compare HUB_SECRET and the clocks of both sides`,
        );
        return;
      case "endpointWrong":
        this.#troubled = true;
        this.#log.error(
          { ...record, errorCode: ERROR_CODES.endpointWrong.code },
          `HUB_ENDPOINT does not accept deliveries (${outcome.status}, ${outcome.detail}), next try in ${retryInMs} ms`,
        );
        return;
      default:
        this.#troubled = true;
        this.#log.warn(
          { ...record, errorCode: ERROR_CODES.hubUnreachable.code },
          `not delivered (${outcome.detail}), next try in ${retryInMs} ms`,
        );
    }
  }
}

/** An event's own fields without its `type`, which the record's `event` says already. */
function fields<E extends { readonly type: string }>({ type: _, ...rest }: E): Omit<E, "type"> {
  return rest;
}
