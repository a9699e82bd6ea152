/** A sender with a real store, virtual time, and a receiver that answers as the test says. */
import type { Happening } from "@guildwire/events";
import { createVirtualClock } from "@guildwire/runtime/testing";
import { expect, onTestFinished } from "vitest";
import type { Batch } from "../../src/delivery/batch.ts";
import type { Outcome } from "../../src/delivery/outcome.ts";
import { type Attempt, Sender } from "../../src/delivery/sender.ts";
import { inParts } from "../../src/guild/snapshot-part.ts";
import { WorkerStore } from "../../src/store/worker-store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

export const NOW = "2026-11-21T09:00:00.000Z";
export const EVENT: Happening = { type: "source.status", data: { status: "live", since: NOW } };
export const SNAPSHOT: Happening = {
  type: "guild.snapshot",
  data: {
    guild: { id: "100", name: "G", iconUrl: null },
    rooms: [],
    categories: [],
    occupants: [],
    status: "live",
  },
};

type Answer = (batch: Batch) => Outcome;

/**
 * `answers`: one per POST, and when they are used up everything is taken; or one function for all POSTs.
 * `compaction`: the snapshot, and what is told after it when it takes the place of all that waits.
 */
export function setUp(
  answers: Answer[] | Answer = [],
  compaction: readonly [Happening, ...Happening[]] = [SNAPSHOT],
) {
  const store = WorkerStore.open(temporaryDirectory(), { token: "t", intents: 1, guildId: "100" });
  const clock = createVirtualClock();
  const posted: Batch[] = [];
  const attempts: Attempt[] = [];
  const parked: number[] = [];
  const append = (...happenings: Happening[]) => store.commit({ changes: [], happenings, nowIso: NOW });
  const sender = new Sender({
    source: "100",
    outbox: store,
    post: (batch) => {
      posted.push(batch);
      return Promise.resolve((typeof answers === "function" ? answers : (answers.shift() ?? take))(batch));
    },
    clock,
    appendSnapshot: (alone) => {
      if (alone) store.compact(() => compaction.flatMap(inParts), NOW);
      else append(...inParts(compaction[0]));
      return true;
    },
    onParked: ({ seq }) => parked.push(seq),
    onAttempt: (attempt) => attempts.push(attempt),
    onFailure: (error) => expect.unreachable(String(error)),
    random: () => 1,
  });
  onTestFinished(async () => {
    await sender.stop();
    store.close();
  });
  const flush = (withinMs = 3_600_000) => clock.until(sender.flush(withinMs));
  return { store, sender, clock, posted, attempts, parked, append, flush };
}

export const take: Answer = (batch) => ({ kind: "delivered", acked: batch.lastSeq });

export function seqs(batch: Batch | undefined): number[] {
  return JSON.parse(batch?.body ?? "{}").events.map((event: { seq: number }) => event.seq);
}
