/** All sources of this hub: hands each delivery to its source's writer, and watches that sources stay alive. */
import type { ReceivedDelivery, ShardStatus } from "@guildwire/events";
import type { TopicEngine } from "@guildwire/live";
import { type Clock, storedAgeMs } from "@guildwire/runtime";
import type { HubMetrics } from "../hub-metrics.ts";
import type { Log } from "../log.ts";
import type { DoubtedTopics } from "./doubted-topics.ts";
import type { Projection } from "./projection.ts";
import { createSourceFreshness } from "./source-freshness.ts";
import { readSourceNote } from "./source-note.ts";
import { createSourceSeen, type Seen } from "./source-seen.ts";
import { createSourceWriter, type SourceWriter, type TakeOutcome } from "./source-writer.ts";

export interface IntakeParts {
  readonly engine: TopicEngine;
  readonly projections: readonly Projection[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: HubMetrics;
  /** What cannot be stored as stale is shown so all the same. */
  readonly doubted: Pick<DoubtedTopics, "doubt" | "trust">;
  /** When the source was last received may be told now. */
  readonly onSeen: (source: string) => void;
}

export interface Intake {
  /** `sentAtMs`: when it was signed, by the worker's clock. `shards`: of the body, in the multi form. */
  take(delivery: ReceivedDelivery, sentAtMs: number, shards?: readonly ShardStatus[]): Promise<TakeOutcome>;
  /** What the shards of a worker say of all its sources, also of those that nothing is delivered of. */
  heartbeat(shards: readonly ShardStatus[], sentAtMs: number): Promise<void>;
  /** Milliseconds since the source was last heard; `undefined` when it is not known. */
  silentForMs(source: string): number | undefined;
  /** `undefined` for a source that is not known. */
  seen(source: string): Seen | undefined;
  /**
   * Takes up the sources a durable engine already holds. Resolves when their topics are under today's rules and the ones
   * that have been silent for too long are shown as stale: before that nothing may be served. Rejects when the topics
   * could not be brought under today's rules.
   */
  takeUpStored(): Promise<void>;
  close(): void;
}

/** Heartbeats that follow each other faster say nothing new. */
const HEARTBEATS_APART_MS = 5_000;

/** Whether this guild is one of that shard's. Source: https://discord.com/developers/docs/events/gateway#sharding */
function isOf(source: string, { id, of }: ShardStatus): boolean {
  return /^\d+$/.test(source) && Number((BigInt(source) >> 22n) % BigInt(of)) === id;
}

export function createIntake(parts: IntakeParts): Intake {
  const { engine, projections, clock, log, metrics, doubted } = parts;
  const seen = createSourceSeen(clock, parts.onSeen);
  const writers = new Map<string, SourceWriter>();
  /** By source: the application that sends it in the multi form. */
  const apps = new Map<string, string>();

  const freshness = createSourceFreshness(clock, async (source) => {
    try {
      const outcome = await writerOf(source).markStale(() => freshness.isSilent(source));
      if (outcome.type === "heardElsewhere") {
        freshness.heard(source, outcome.agoMs);
        seen.heardElsewhere(source, outcome.agoMs);
        return true;
      }
      if (outcome.type === "marked") metrics.sourceStale.add();
      await shownAs("trust", source);
      return true;
    } catch (cause) {
      log.error("source_stale_failed", { source, cause: String(cause) });
      await shownAs("doubt", source);
      return false;
    }
  });

  metrics.gauge("sources_heard", () => freshness.count().heard);
  metrics.gauge("sources_silent", () => freshness.count().silent);

  /** Never rejects: what was committed is committed. What cannot be read cannot be shown either. */
  async function shownAs(how: "doubt" | "trust", source: string): Promise<void> {
    try {
      await doubted[how](source);
    } catch (cause) {
      log.error("source_doubt_failed", { source, how, cause: String(cause) });
    }
  }

  /** Only verified deliveries come here, so strangers cannot make writers. */
  function writerOf(source: string): SourceWriter {
    const writer =
      writers.get(source) ??
      createSourceWriter({
        source,
        engine,
        projections,
        nowMs: () => clock.wallMs(),
        onHeard: () => freshness.heard(source),
      });
    writers.set(source, writer);
    return writer;
  }

  function record(source: string, outcome: TakeOutcome): void {
    if (outcome.type === "wantSnapshot") {
      log.info("snapshot_wanted", { source, why: outcome.why }, outcome.message);
      if (outcome.isOldCopy === true)
        log.warn(
          "source_older",
          { source },
          "the store is older than what was served: its topics begin anew",
        );
      return;
    }
    if (outcome.type !== "taken") return;
    for (const { known, event } of outcome.events) metrics.events.at(known ? event.type : "unknown").add();
    if (outcome.startedEpoch) {
      const { epoch, seq } = outcome.cursor;
      log.info("source_epoch_started", { source, epoch, seq }, `the server ${source} has a new log`);
    }
  }

  return {
    async take(delivery, sentAtMs, shards = []) {
      const app = shards.find((shard) => isOf(delivery.source, shard))?.app;
      const outcome = await writerOf(delivery.source).take(delivery, app);
      if (outcome.type === "taken") {
        if (app !== undefined) apps.set(delivery.source, app);
        seen.received(delivery, sentAtMs);
        await shownAs("trust", delivery.source);
      }
      record(delivery.source, outcome);
      return outcome;
    },
    async heartbeat(shards, sentAtMs) {
      const alive = [...apps].flatMap(([source, app]) => {
        const shard = shards.find((each) => each.app === app && isOf(source, each));
        const isDue = (freshness.silentForMs(source) ?? 0) >= HEARTBEATS_APART_MS;
        return shard === undefined || !isDue ? [] : [{ source, shard }];
      });
      await Promise.all(
        alive.map(async ({ source, shard: { receivedAt } }) => {
          freshness.heard(source);
          const ageMs = receivedAt === undefined ? null : Math.max(0, sentAtMs - Date.parse(receivedAt));
          seen.alive(source, ageMs);
          await writerOf(source).alive();
          await shownAs("trust", source);
        }),
      );
    },
    silentForMs: (source) => freshness.silentForMs(source),
    async takeUpStored() {
      const records = await engine.listSources();
      await Promise.all(
        records.map(async ({ source, note }) => {
          if (await writerOf(source).start()) log.info("views_applied", { source });
          const { heardAtMs, app } = readSourceNote(note);
          if (app !== undefined) apps.set(source, app);
          const ageMs = storedAgeMs(clock, heardAtMs);
          seen.restore(source, ageMs);
          await freshness.watch(source, ageMs);
        }),
      );
    },
    seen: (source) => seen.of(source),
    close() {
      freshness.close();
      seen.close();
    },
  };
}
