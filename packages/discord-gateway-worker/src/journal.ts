/**
 * What the worker says of itself: one wide log record per state change and per failed attempt, and the counters
 * behind /metrics. `info` can be left on for months; single events and deliveries are `debug`. Names of people, message
 * text, the token and the secrets never get here.
 */
import { closeCodeName } from "@guildwire/discord-wire";
import type { Happening } from "@guildwire/events";
import type { GatewayEvent } from "@guildwire/gateway";
import type { Logger } from "pino";
import type { Attempt } from "./delivery/sender.ts";
import { ERROR_CODES } from "./error-code.ts";
import type { DispatchNote } from "./guild-tracker.ts";
import { Metrics } from "./health/metrics.ts";

export interface StartFacts {
  readonly guildId: string;
  readonly hubEndpoint: string;
  readonly dataDir: string;
  readonly compression: string;
  readonly epoch: string;
  readonly storedSession: boolean;
  readonly waiting: number;
}

export class WorkerJournal {
  readonly #log: Logger;
  readonly #metrics = new Metrics();
  #troubled = false;

  constructor(log: Logger) {
    this.#log = log;
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

  notInGuild(guildId: string): void {
    this.#log.error(
      { event: "not_in_guild", errorCode: ERROR_CODES.notInGuild.code, guildId },
      `the bot is not in the server ${guildId}: invite it, or correct PRIMARY_GUILD_ID; waiting`,
    );
  }

  gateway(event: GatewayEvent): void {
    switch (event.type) {
      case "connecting":
        this.#metrics.count("guildwire_gateway_dials_total", "Connections opened to Discord.", {
          purpose: event.purpose,
        });
        this.#log.info(
          { event: "gateway_connecting", ...fields(event) },
          `connecting to Discord to ${event.purpose}`,
        );
        return;
      case "ready":
        this.#metrics.count("guildwire_gateway_sessions_total", "Sessions begun or resumed.", {
          how: "identify",
        });
        this.#log.info(
          { event: "gateway_ready", connection: event.connection },
          "connected to Discord, new session",
        );
        return;
      case "resumed":
        this.#metrics.count("guildwire_gateway_sessions_total", "Sessions begun or resumed.", {
          how: "resume",
        });
        this.#log.info(
          { event: "gateway_resumed", ...fields(event) },
          `session resumed, ${event.replayed} replayed`,
        );
        return;
      case "connectionLost": {
        const codeName = event.code === null ? undefined : closeCodeName(event.code);
        this.#metrics.count("guildwire_gateway_losses_total", "Connections lost.", { cause: event.cause });
        this.#log.warn(
          { event: "gateway_connection_lost", ...fields(event), codeName },
          `connection to Discord lost (${event.cause}), ${event.next} in ${event.retryInMs} ms`,
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
        this.#log.warn({ event: "gateway_command_refused", ...fields(event) }, "a command was not sent");
        return;
      case "sequenceGap":
        this.#metrics.count("guildwire_gateway_gaps_total", "Times that Discord left sequences out.");
        this.#log.warn({ event: "gateway_sequence_gap", ...fields(event) }, "Discord left sequences out");
        return;
      case "stopped":
        this.#log.info(
          { event: "gateway_stopped", fault: event.fault?.code ?? null },
          "Gateway client stopped",
        );
        return;
      case "repeatDropped":
        this.#metrics.count(
          "guildwire_gateway_repeats_total",
          "Dispatches dropped because they had been received.",
        );
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
    this.#metrics.count("guildwire_dispatches_total", "Dispatches by what became of them.", {
      type: name,
      fate,
    });
    if (fate === "malformed")
      this.#log.warn({ event: "dispatch_malformed", name, problem }, "dispatch not understood");
  }

  appended(happenings: readonly Happening[]): void {
    for (const { type } of happenings) {
      this.#metrics.count("guildwire_events_total", "Events written to the log.", { type });
      this.#log.debug({ event: "event_appended", type });
    }
  }

  attempt({ batch, outcome, durationMs, failures, retryInMs }: Attempt): void {
    this.#metrics.count("guildwire_delivery_attempts_total", "POSTs to the hub.", { outcome: outcome.kind });
    const record = {
      event: "delivery_attempt",
      webhookId: batch.id,
      events: batch.events,
      bytes: batch.body.length,
      durationMs: Math.round(durationMs),
      failures,
      retryInMs,
      outcome: outcome.kind,
      ...("status" in outcome ? { status: outcome.status } : {}),
      ...("detail" in outcome ? { detail: outcome.detail } : {}),
    };
    switch (outcome.kind) {
      case "delivered":
        if (this.#troubled)
          this.#log.info({ ...record, event: "delivery_recovered" }, "the hub takes events again");
        this.#troubled = false;
        this.#log.debug(record);
        return;
      case "snapshotWanted":
        this.#log.info(record, "the hub asked for a snapshot");
        return;
      case "signatureRefused":
        this.#troubled = true;
        this.#log.error(
          { ...record, errorCode: ERROR_CODES.signatureRefused.code },
          `the hub refuses our signature (${outcome.detail}): HUB_SECRET must be the same on both sides`,
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

  renderMetrics(now: {
    readonly connected: boolean;
    readonly heartbeatLatencyMs: number | null;
    readonly waiting: number;
    readonly residentBytes: number;
  }): string {
    const metrics = this.#metrics;
    metrics.gauge("guildwire_gateway_connected", "1 while the session is live.", now.connected ? 1 : 0);
    if (now.heartbeatLatencyMs !== null) {
      metrics.gauge(
        "guildwire_heartbeat_latency_seconds",
        "Last Heartbeat to its ACK.",
        now.heartbeatLatencyMs / 1000,
      );
    }
    metrics.gauge("guildwire_outbox_entries", "Events not yet acknowledged by the hub.", now.waiting);
    metrics.gauge("guildwire_resident_memory_bytes", "Resident memory of the process.", now.residentBytes);
    return metrics.render();
  }
}

/** An event's own fields without its `type`, which the record's `event` says already. */
function fields<E extends { readonly type: string }>({ type: _, ...rest }: E): Omit<E, "type"> {
  return rest;
}
