/**
 * What the worker says of itself: one wide log record per state change and per failed attempt, and the counters
 * behind /metrics. `info` can be left on for months; single events and deliveries are `debug`. Names of people, message
 * text, the token and the secrets never get here.
 */
import { closeCodeName } from "@guildwire/discord-wire";
import type { Happening } from "@guildwire/events";
import type { GatewayEvent } from "@guildwire/gateway";
import { ERROR_CODES } from "@guildwire/runtime/errors";
import type { Logger } from "pino";
import type { Replayed } from "./control/control-request.ts";
import { lossText, sessionText } from "./gateway-text.ts";
import type { DispatchNote } from "./guild-tracker.ts";
import type { WorkerMetrics } from "./health/worker-metrics.ts";

export interface StartFacts {
  readonly guildId: string;
  readonly receivers: readonly { readonly name: string; readonly url: string }[];
  readonly dataDir: string;
  readonly compression: string;
  readonly epoch: string;
  readonly storedSession: "none" | "resumed" | "too_old";
  readonly waiting: number;
}

export class WorkerJournal {
  readonly #log: Logger;
  readonly #metrics: WorkerMetrics;

  constructor(log: Logger, metrics: WorkerMetrics) {
    this.#log = log;
    this.#metrics = metrics;
  }

  starting(facts: StartFacts): void {
    const receivers = Object.fromEntries(
      facts.receivers.map(({ name, url }) => {
        const { origin, pathname } = new URL(url);
        return [name, origin + pathname];
      }),
    );
    // As before there could be several receivers.
    const hubEndpoint = receivers["hub"];
    this.#log.info(
      { event: "starting", ...facts, receivers, ...(hubEndpoint && { hubEndpoint }), node: process.version },
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

  /** An operator asked for it. */
  replayed({ parked, snapshotSeq }: Replayed): void {
    this.#log.info(
      { event: "outbox_replayed", parked, snapshotSeq },
      `${parked} parked events are in line again, a snapshot behind them`,
    );
  }
}

/** An event's own fields without its `type`, which the record's `event` says already. */
function fields<E extends { readonly type: string }>({ type: _, ...rest }: E): Omit<E, "type"> {
  return rest;
}
