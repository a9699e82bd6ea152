/** What happens at the receivers, as logs, metrics and health report it. */
import type { Attempt, Delivery, DeliveryEvents, Jump, OutboxBound } from "@guildwire/delivery";
import type { ParkedEvent } from "@guildwire/events";
import { ERROR_CODES } from "@guildwire/runtime/errors";
import type { Logger } from "pino";
import { isSnapshot } from "./guild/snapshot-part.ts";
import type { ReceiverFacts } from "./health/health-facts.ts";
import type { WorkerHealth } from "./health/worker-health.ts";
import type { WorkerStore } from "./store/worker-store.ts";

export interface ReceiverWatchOptions {
  readonly log: Logger;
  readonly health: WorkerHealth;
  /** What a receiver holds may be wrong by an event that it did not take; a snapshot puts that right. */
  readonly onStateParked: () => void;
  readonly onFailure: (error: unknown) => void;
}

export class ReceiverWatch implements DeliveryEvents {
  readonly #options: ReceiverWatchOptions;
  readonly #parked = new Map<string, number>();
  readonly #troubled = new Set<string>();

  constructor(options: ReceiverWatchOptions) {
    this.#options = options;
  }

  /** Counts the parked events of each receiver again. */
  async countParked(store: WorkerStore, receivers: Iterable<string>): Promise<void> {
    for (const name of receivers) this.#parked.set(name, await store.parkedCount(name));
  }

  facts({ receivers }: Delivery): readonly ReceiverFacts[] {
    return [...receivers.values()].map((receiver) => ({
      name: receiver.name,
      form: receiver.isMulti ? "multi" : "single",
      stopped: receiver.stopped !== null,
      depth: receiver.depth,
      parked: this.#parked.get(receiver.name) ?? 0,
      failures: receiver.failures,
      postSinceMs: receiver.postSinceMs,
    }));
  }

  /** Events that wait for the receiver that is furthest behind. */
  mostWaiting({ receivers }: Delivery): number {
    return Math.max(0, ...[...receivers.values()].map(({ depth }) => depth.waiting));
  }

  /** Events are not sent: at a bound, or as the receiver asked for a snapshot again (`null`). */
  jumped(receiver: string, _stream: string, { from, to, count }: Jump, bound: OutboxBound | null): void {
    const events = count ?? to - from + 1;
    const place = { receiver, from, to, events };
    if (bound === null) {
      this.#options.log.info(
        { event: "outbox_superseded", ...place },
        `${receiver} asked for a snapshot again: it replaces ${events} events, which are not sent`,
      );
      return;
    }
    this.#options.health.metrics.compactions.at(bound, receiver).add();
    this.#options.health.metrics.eventsCompacted.at(receiver).add(events);
    this.#options.log.error(
      { event: "outbox_compacted", errorCode: ERROR_CODES.outboxCompacted.code, bound, ...place },
      `more waits for ${receiver} than may (${bound}): ${events} events are replaced by a snapshot and not sent`,
    );
  }

  newEpoch(receiver: string, stream: string): void {
    this.#options.log.warn(
      { event: "epoch_started", receiver, stream },
      `${receiver} is ahead of this log, which is an old copy: a new epoch starts`,
    );
  }

  /** One record per event, for `debug` only. */
  #posted(receiver: string, { batches, outcome }: Attempt): void {
    if (outcome.kind !== "delivered" || !this.#options.log.isLevelEnabled("debug")) return;
    const name = receiver === "hub" ? "Hub" : receiver;
    for (const { body } of batches) {
      const { events } = JSON.parse(body) as { events: readonly { seq: number; type: string }[] };
      for (const { seq, type } of events)
        if (batches.length > 1 || seq <= outcome.acked)
          this.#options.log.debug(
            { event: "event_posted", receiver, seq, type },
            `[${name}] Posted event: ${type}`,
          );
    }
  }

  fenced(receiver: string, stream: string, fence: number): void {
    this.#options.log.error(
      { event: "stream_fenced", receiver, stream, fence },
      `another process owns ${stream} now: nothing of it is sent to ${receiver} any more`,
    );
  }

  stopped(receiver: string, stream: string, acked: number): void {
    this.#options.log.error(
      { event: "receiver_stopped", errorCode: ERROR_CODES.hubUnreachable.code, receiver, stream, acked },
      `${receiver} acknowledged event ${acked} of ${stream}, which was never sent: nothing more is sent to it; ` +
        "correct it, then restart the worker",
    );
  }

  removed(receiver: string, streams: number): void {
    this.#options.log.warn(
      { event: "receiver_removed", receiver, streams },
      `${receiver} is not configured any more: its place is deleted, and what waited for it is not sent`,
    );
  }

  parked(receiver: string, _stream: string, { seq, id, type, reason }: ParkedEvent, tries: number): void {
    this.#parked.set(receiver, (this.#parked.get(receiver) ?? 0) + 1);
    if (!isSnapshot(type)) this.#options.onStateParked();
    this.#options.health.metrics.eventsParked.at(type, receiver).add();
    this.#options.log.error(
      {
        event: "event_parked",
        errorCode: ERROR_CODES.eventParked.code,
        receiver,
        seq,
        id,
        type,
        reason,
        tries,
      },
      `${receiver} refused event ${seq} (${type}) ${tries} times: a tombstone is sent in its place, it is kept on disk`,
    );
  }

  attempt(receiver: string, attempt: Attempt): void {
    if (attempt.outcome.kind === "delivered") this.#options.health.delivered(receiver, attempt);
    const { webhookId, events, bytes, outcome, verdict, durationMs, failures, retryInMs } = attempt;
    this.#options.health.metrics.attempts.at(outcome.kind, receiver).add();
    this.#options.health.metrics.attemptSeconds.at(receiver).observe(durationMs / 1000);
    const record = {
      event: "delivery_attempt",
      receiver,
      webhookId,
      events,
      bytes,
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
        if (this.#troubled.delete(receiver))
          this.#options.log.info(
            { ...record, event: "delivery_recovered" },
            `${receiver} takes events again`,
          );
        this.#options.log.debug(record);
        this.#posted(receiver, attempt);
        return;
      case "snapshotWanted":
        this.#options.log.info(record, `${receiver} asked for a snapshot`);
        return;
      case "fromWanted":
        this.#options.log.info(record, `${receiver} asked for what follows event ${outcome.seq}`);
        return;
      case "fenced":
        return;
      case "signatureRefused":
        this.#troubled.add(receiver);
        this.#options.log.error(
          { ...record, errorCode: ERROR_CODES.signatureRefused.code },
          `${receiver} refuses our signature (${outcome.detail}): compare its secret and the clocks of both sides`,
        );
        return;
      case "endpointWrong":
        this.#troubled.add(receiver);
        this.#options.log.error(
          { ...record, errorCode: ERROR_CODES.endpointWrong.code },
          `the URL of ${receiver} does not accept deliveries (${outcome.status}, ${outcome.detail}), next try in ${retryInMs} ms`,
        );
        return;
      default:
        this.#troubled.add(receiver);
        this.#options.log.warn(
          { ...record, errorCode: ERROR_CODES.hubUnreachable.code },
          `not delivered to ${receiver} (${outcome.detail}), next try in ${retryInMs} ms`,
        );
    }
  }

  failed(error: unknown): void {
    this.#options.onFailure(error);
  }
}
