/**
 * One topic in memory: the keyed map as it is now, and the ring of the last changes to it. Pure but for its own state:
 * the time is given from outside.
 *
 *   commit(ops) ──▶ what really changed ──▶ map (key → value, revision), digest, offset + 1, ring
 *   since(position) ◀── ring, squashed          chain(position) ◀── ring, step by step
 *
 * Rules:
 *   T1  Ops that change nothing make no offset; of ops that change something, only the ones that do are kept.
 *   T2  One commit is one offset, whatever number of ops it holds.
 *   T3  A key's revision is the offset at which its value last changed.
 *   T4  The ring reaches back `RING_DELTAS_MAX` commits, `RING_OPS_MAX` ops and `RING_AGE_MAX_MS`, and never over a commit
 *       of more than `DELTA_OPS_MAX` ops; further back, a snapshot is the answer.
 *   T5  `plan` changes nothing. An engine that stores writes what was planned and applies it when it is stored.
 */
import { type Delta, squashDeltas } from "./delta.ts";
import { digestOf, digestWith, digestWithout } from "./digest.ts";
import type { Entry, Op } from "./op.ts";
import type { Position } from "./position.ts";
import { sameValue } from "./same-value.ts";

export const RING_DELTAS_MAX = 1_024;
export const RING_AGE_MAX_MS = 600_000;
/**
 * Commits of a worker that catches up hold hundreds of ops each, and a ring of such would be most of what a hub keeps in
 * memory. This many are some 12 MB, and 5 s, what a history may need of it, at 6,000 changes a second.
 */
export const RING_OPS_MAX = 32_768;
/** A squashed delta of more ops is slower to apply than a snapshot is to read. */
export const DELTA_OPS_MAX = 500;

export interface TopicSnapshot {
  readonly position: Position;
  readonly digest: number;
  readonly entries: readonly Entry[];
}

export type Since =
  /** `delta` is undefined when the position is the top. */
  | {
      readonly type: "delta";
      readonly position: Position;
      readonly digest: number;
      readonly delta: Delta | undefined;
    }
  /** Another epoch, or further back than the ring reaches, or more changes than the topic has entries. */
  | { readonly type: "snapshot" }
  /** The position is of this epoch and yet further than the log: it went back, or the position is invented. */
  | { readonly type: "ahead" };

export interface CommitTimes {
  /** When what the ops tell of happened. */
  readonly atMs: number;
  /** Now. */
  readonly nowMs: number;
}

/** What a commit will change, worked out and not done. */
export interface PlannedCommit {
  readonly delta: Delta;
  /** After it the ring reaches back to this offset: what ends at it or before is forgotten. */
  readonly reachesBackTo: number;
}

/** A delta of the ring, and when it was committed, Unix ms. */
export interface RingDelta {
  readonly delta: Delta;
  readonly committedAtMs: number;
}

/** A topic as an engine kept it: the entries with their revisions, and the ring, oldest first. */
export interface StoredTopic {
  readonly offset: number;
  readonly entries: readonly Entry[];
  readonly ring: readonly RingDelta[];
}

export interface TopicLog {
  position(): Position;
  digest(): number;
  value(key: string): unknown;
  snapshot(): TopicSnapshot;
  since(position: Position, nowMs: number): Since;
  /** The single deltas that lead from the position to the top; `undefined` when the ring does not reach back to it. */
  chain(position: Position, nowMs: number): readonly RingDelta[] | undefined;
  /** `undefined` when the ops change nothing. */
  commit(ops: readonly Op[], times: CommitTimes): Delta | undefined;
  /** What `commit` would do (T5); `undefined` when the ops change nothing. */
  plan(ops: readonly Op[], times: CommitTimes): PlannedCommit | undefined;
  /** Does what was planned. Throws when something else was applied since. */
  apply(planned: PlannedCommit, nowMs: number): void;
}

interface Held {
  readonly value: unknown;
  readonly rev: number;
}

/** What begins a topic's log anew (E9 of topic-engine.ts): one step from nothing, also when there is nothing to set. */
export function planRestart(log: TopicLog, ops: readonly Op[], times: CommitTimes): PlannedCommit {
  const { epoch, offset } = log.position();
  if (offset !== 0) throw new Error(`a log begins at offset 0, not at ${offset}`);
  const nothing: Delta = { epoch, from: 0, to: 1, atMs: times.atMs, ops: [] };
  return log.plan(ops, times) ?? { delta: nothing, reachesBackTo: 0 };
}

/** The same, and no step of the topic is kept (E11 of topic-engine.ts). */
export function withoutRing({ delta }: PlannedCommit): PlannedCommit {
  return { delta, reachesBackTo: delta.to };
}

const NEVER_WRITTEN: StoredTopic = { offset: 0, entries: [], ring: [] };

export function createTopicLog(epoch: string, stored: StoredTopic = NEVER_WRITTEN): TopicLog {
  const held = new Map(stored.entries.map(([key, value, rev]): [string, Held] => [key, { value, rev }]));
  const ring: RingDelta[] = [...stored.ring];
  let ringOps = ring.reduce((ops, { delta }) => ops + delta.ops.length, 0);
  let offset = stored.offset;
  let digest = digestOf(stored.entries.map(([key, , rev]) => [key, rev]));

  function set(key: string, value: unknown, rev: number): void {
    remove(key);
    held.set(key, { value, rev });
    digest = digestWith(digest, key, rev);
  }

  function remove(key: string): void {
    const old = held.get(key);
    if (old === undefined) return;
    held.delete(key);
    digest = digestWithout(digest, key, old.rev);
  }

  function change(op: Op): void {
    if (op[0] === "s") set(op[1], op[2], offset);
    else if (op[0] === "d") remove(op[1]);
    else {
      held.clear();
      digest = 0;
    }
  }

  function forgetWhile(isForgotten: (oldest: RingDelta) => boolean): void {
    for (let oldest = ring[0]; oldest !== undefined && isForgotten(oldest); oldest = ring[0]) {
      ring.shift();
      ringOps -= oldest.delta.ops.length;
    }
  }

  /** Index of the oldest delta that stays when one of so many ops comes. */
  function firstKept(opsToCome: number, nowMs: number): number {
    const countFrom = Math.max(0, ring.length + 1 - RING_DELTAS_MAX);
    let opsKept = ringOps + opsToCome;
    for (const [index, one] of ring.entries()) {
      if (index >= countFrom && opsKept <= RING_OPS_MAX && !isOld(one, nowMs)) return index;
      opsKept -= one.delta.ops.length;
    }
    return ring.length;
  }

  function plan(ops: readonly Op[], { atMs, nowMs }: CommitTimes): PlannedCommit | undefined {
    const changes = changesOf(ops, held);
    if (changes.length === 0) return undefined;
    const delta: Delta = { epoch, from: offset, to: offset + 1, atMs, ops: changes };
    if (changes.length > DELTA_OPS_MAX) return { delta, reachesBackTo: delta.to };
    return { delta, reachesBackTo: ring[firstKept(changes.length, nowMs)]?.delta.from ?? delta.from };
  }

  function apply({ delta, reachesBackTo }: PlannedCommit, nowMs: number): void {
    if (delta.from !== offset) throw new Error(`planned at offset ${delta.from}, applied at ${offset}`);
    offset = delta.to;
    for (const op of delta.ops) change(op);
    ring.push({ delta, committedAtMs: nowMs });
    ringOps += delta.ops.length;
    forgetWhile((oldest) => oldest.delta.to <= reachesBackTo);
  }

  function chain(position: Position, nowMs: number): readonly RingDelta[] | undefined {
    if (position.epoch !== epoch || position.offset > offset) return undefined;
    if (position.offset === offset) return [];
    forgetWhile((oldest) => isOld(oldest, nowMs));
    const first = ring.findIndex(({ delta }) => delta.to > position.offset);
    // It may start below the position (offsets need not be dense), never above it.
    const start = ring[first]?.delta.from;
    return start !== undefined && start <= position.offset ? ring.slice(first) : undefined;
  }

  function top(delta: Delta | undefined): Since {
    return { type: "delta", position: { epoch, offset }, digest, delta };
  }

  return {
    position: () => ({ epoch, offset }),
    digest: () => digest,
    value: (key) => held.get(key)?.value,
    snapshot: () => ({
      position: { epoch, offset },
      digest,
      entries: Array.from(held, ([key, entry]): Entry => [key, entry.value, entry.rev]),
    }),

    chain,

    since(position, nowMs) {
      if (position.epoch !== epoch) return { type: "snapshot" };
      if (position.offset > offset) return { type: "ahead" };
      if (position.offset === offset) return top(undefined);
      const delta = squashDeltas((chain(position, nowMs) ?? []).map((one) => one.delta));
      if (delta === undefined || delta.ops.length > Math.min(DELTA_OPS_MAX, Math.max(held.size, 1))) {
        return { type: "snapshot" };
      }
      return top(delta);
    },

    commit(ops, times) {
      const planned = plan(ops, times);
      if (planned !== undefined) apply(planned, times.nowMs);
      return planned?.delta;
    },
    plan,
    apply,
  };
}

function isOld({ committedAtMs }: RingDelta, nowMs: number): boolean {
  return nowMs - committedAtMs > RING_AGE_MAX_MS;
}

/** What of the ops makes a difference to the map: one op per key, or a clear and what is set after it. */
function changesOf(ops: readonly Op[], held: ReadonlyMap<string, Held>): readonly Op[] {
  let cleared = false;
  const last = new Map<string, Op>();
  for (const op of ops) {
    if (op[0] === "c") {
      cleared = true;
      last.clear();
    } else {
      last.delete(op[1]);
      last.set(op[1], op[0] === "s" ? ["s", op[1], op[2]] : op);
    }
  }
  const changes = [...last.values()].filter((op) => makesDifference(op, held));
  if (!cleared) return changes;

  const gone = [...held.keys()].filter((key) => last.get(key)?.[0] !== "s");
  const sets = changes.filter((op) => op[0] === "s");
  // A clear when nothing stays, else deletions: an entry that stays as it was keeps its revision.
  const nothingStays = held.size > 0 && gone.length === held.size;
  return nothingStays ? [["c"], ...sets] : [...gone.map((key): Op => ["d", key]), ...sets];
}

function makesDifference(op: Op, held: ReadonlyMap<string, Held>): boolean {
  if (op[0] === "c") return held.size > 0;
  const old = held.get(op[1]);
  if (op[0] === "d") return old !== undefined;
  return old === undefined || !sameValue(old.value, op[2]);
}
