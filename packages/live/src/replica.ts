/**
 * A browser's copy of one topic: pure, one message at a time, the time given from outside.
 *
 *   detached ──subd resumed──▶ catchingUp ──d up to the top──▶ following ◀──┐
 *      │                                                        │ gap, digest│d, or snap
 *      └──subd snapshot──▶ paging ──last page──▶ following      ▼            │
 *                                                             resyncing ─────┘ ──5 in 10 s──▶ stuck
 *
 * Rules:
 *   R1  A delta counts when f ≤ position < o, is dropped when o ≤ position, and is a gap when position < f.
 *   R2  A frame's ops become visible together, or not at all.
 *   R3  The pages of a snapshot are kept aside and swapped in on the last, when their digest agrees.
 *   R4  While an answer to a resync is awaited nothing asks again, until it is overdue.
 *   R5  What is held stays visible through every resync and disconnection; only a snapshot or an op removes it.
 *   R6  A digest that disagrees voids the position, and so does a snapshot of another epoch from its first word on, for
 *       deltas name no epoch: what is held is not built upon, only shown.
 *   R7  A topic that resyncs again and again without following in between is `stuck` and asks no more by itself.
 */
import type { ResyncReason, ServerMessage } from "./message.ts";
import type { Entry } from "./op.ts";
import type { Position } from "./position.ts";
import {
  entriesOf,
  isEntryList,
  NO_ENTRIES,
  type ReplicaEntries,
  replaced,
  withOps,
} from "./replica-entries.ts";

export const RESYNCS_WITHOUT_PROGRESS_MAX = 5;
export const RESYNC_LOOP_WINDOW_MS = 10_000;
/** A resync not answered for this long is asked again when the next frame shows that the hub is alive. */
export const RESYNC_ANSWER_MS = 5_000;

export interface Replica {
  readonly topic: string;
  /** `null`: the next request asks for everything. */
  readonly position: Position | null;
  readonly held: ReplicaEntries;
  readonly sync: ReplicaSync;
  /** When the newest change followed live reached the worker, Unix ms of the hub's side. */
  readonly newestAt: number | null;
  /** Times of resyncs since the topic last followed; never more than `RESYNCS_WITHOUT_PROGRESS_MAX`. */
  readonly resyncedAtMs: readonly number[];
}

export type ReplicaSync =
  /** Not confirmed on this connection. */
  | { readonly name: "detached" }
  | { readonly name: "catchingUp"; readonly toOffset: number; readonly startedAtMs: number }
  | {
      readonly name: "paging";
      readonly position: Position;
      readonly nextPage: number;
      readonly pages: readonly Entry[];
      readonly startedAtMs: number;
    }
  | { readonly name: "following" }
  | { readonly name: "resyncing"; readonly why: ResyncReason; readonly askedAtMs: number }
  | { readonly name: "stuck"; readonly sinceMs: number };

export type ReplicaEffect =
  /** Ask the hub to start this topic again, from `position` or from nothing. */
  | {
      readonly type: "resync";
      readonly why: ResyncReason;
      readonly position: Position | null;
      /** What was held when a digest disagreed, so that the hub can count true drift. */
      readonly digest: number;
    }
  /** Ask again only after a pause. */
  | { readonly type: "stuck" };

export interface ReplicaStep {
  readonly replica: Replica;
  readonly effects: readonly ReplicaEffect[];
}

/** The server messages that are about one topic's content. */
export type TopicMessage = Extract<ServerMessage, { readonly t: "subd" | "snap" | "d" | "tick" }>;

export function emptyReplica(topic: string): Replica {
  const sync: ReplicaSync = { name: "detached" };
  return { topic, position: null, held: NO_ENTRIES, sync, newestAt: null, resyncedAtMs: [] };
}

/** A copy that came another way, such as with the HTML; the subscription goes on from its position. */
export function replicaFrom(topic: string, position: Position, entries: Iterable<Entry>): Replica {
  return { ...emptyReplica(topic), position, held: entriesOf(entries) };
}

/** The connection is gone. Half a snapshot is worth nothing; what is held stays. */
export function detached(replica: Replica): Replica {
  return replica.sync.name === "detached" ? replica : { ...replica, sync: { name: "detached" } };
}

/** The hub voids all positions: show what is held, build nothing upon it. */
export function withoutPosition(replica: Replica): Replica {
  return { ...replica, position: null };
}

/** Asks again for everything, as a `stuck` topic does after its pause. */
export function startAgain(replica: Replica, atMs: number): ReplicaStep {
  return resync({ ...replica, position: null, resyncedAtMs: [] }, "paused", atMs);
}

export function receive(replica: Replica, message: TopicMessage, atMs: number): ReplicaStep {
  switch (message.t) {
    case "subd":
      return onSubscribed(replica, message, atMs);
    case "snap":
      return onPage(replica, message, atMs);
    case "d":
      return onDelta(replica, message, atMs);
    case "tick":
      return onTick(replica, message, atMs);
    default:
      return message satisfies never;
  }
}

type Message<T extends TopicMessage["t"]> = Extract<TopicMessage, { readonly t: T }>;

function onSubscribed(replica: Replica, message: Message<"subd">, atMs: number): ReplicaStep {
  if (replica.sync.name === "stuck") return still(replica);
  if (message.how === "snapshot") {
    const sync = paging({ epoch: message.e, offset: message.o }, atMs);
    return still({ ...replica, position: positionIn(replica, message.e), sync });
  }
  const { position } = replica;
  // A hub that resumes what this end does not hold would never heal it.
  if (position === null || position.epoch !== message.e || position.offset > message.o) {
    return resync({ ...replica, position: null }, "gap", atMs);
  }
  if (position.offset === message.o) return still({ ...replica, sync: { name: "following" } });
  return still({ ...replica, sync: { name: "catchingUp", toOffset: message.o, startedAtMs: atMs } });
}

function positionIn({ position }: Replica, epoch: string): Position | null {
  return position?.epoch === epoch ? position : null;
}

function paging(position: Position, startedAtMs: number): Extract<ReplicaSync, { name: "paging" }> {
  return { name: "paging", position, nextPage: 1, pages: [], startedAtMs };
}

function onPage(replica: Replica, message: Message<"snap">, atMs: number): ReplicaStep {
  if (replica.sync.name === "stuck") return still(replica);
  const isBehind =
    replica.position !== null && replica.position.epoch === message.e && message.o < replica.position.offset;
  if (isBehind) return still(replica);

  const begun = replica.sync.name === "paging" && message.page > 1 ? replica.sync : undefined;
  const from = begun ?? paging({ epoch: message.e, offset: message.o }, atMs);
  const follows =
    from.nextPage === message.page && from.position.epoch === message.e && from.position.offset === message.o;
  if (!follows) return awaitsAnswer(replica, atMs) ? still(replica) : resync(replica, "gap", atMs);
  if (!isEntryList(message.s)) return resync({ ...replica, position: null }, "reducer", atMs);

  const pages = [...from.pages, ...message.s];
  if (!message.last) {
    const sync: ReplicaSync = { ...from, nextPage: from.nextPage + 1, pages };
    return still({ ...replica, position: positionIn(replica, message.e), sync });
  }
  const held = replaced(replica.held, pages, replica.position?.epoch === message.e);
  if (held.digest !== message.dg) return resync({ ...replica, position: null }, "digest", atMs, held.digest);
  return still({ ...replica, position: from.position, held, sync: { name: "following" } });
}

function onDelta(replica: Replica, message: Message<"d">, atMs: number): ReplicaStep {
  const { position, sync } = replica;
  if (sync.name === "stuck" || sync.name === "detached") return still(replica);
  if (position !== null && message.o <= position.offset) return still(replica);
  if (position === null || message.f > position.offset) {
    return awaitsAnswer(replica, atMs) ? still(replica) : resync(replica, "gap", atMs);
  }
  const held = withOps(replica.held, message.ops, message.o);
  if (held === undefined) return resync({ ...replica, position: null }, "reducer", atMs);

  const moved: Replica = { ...replica, held, position: { epoch: position.epoch, offset: message.o } };
  switch (sync.name) {
    case "following":
      return still({ ...moved, newestAt: message.at, resyncedAtMs: [] });
    case "catchingUp":
      return still(message.o >= sync.toOffset ? { ...moved, sync: { name: "following" } } : moved);
    case "paging":
      return still(moved);
    // A delta that joins on is the answer.
    case "resyncing":
      return still({ ...moved, sync: { name: "following" } });
    default:
      return sync satisfies never;
  }
}

function onTick(replica: Replica, message: Message<"tick">, atMs: number): ReplicaStep {
  const { position, sync } = replica;
  if (sync.name === "stuck" || awaitsAnswer(replica, atMs)) return still(replica);
  if (sync.name !== "following" || position === null || message.o > position.offset) {
    return resync(replica, "gap", atMs);
  }
  if (message.o === position.offset && message.dg === replica.held.digest) {
    return still(replica.resyncedAtMs.length === 0 ? replica : { ...replica, resyncedAtMs: [] });
  }
  // The log went back, and nothing it says later can be told from what is held: its epoch decides.
  if (message.o < position.offset) return resync(replica, "gap", atMs);
  return resync({ ...replica, position: null }, "digest", atMs);
}

/** The hub is still expected to say where this topic goes on. */
function awaitsAnswer(replica: Replica, atMs: number): boolean {
  switch (replica.sync.name) {
    case "resyncing":
      return atMs - replica.sync.askedAtMs < RESYNC_ANSWER_MS;
    case "paging":
    case "catchingUp":
      return atMs - replica.sync.startedAtMs < RESYNC_ANSWER_MS;
    default:
      return false;
  }
}

function resync(
  replica: Replica,
  why: ResyncReason,
  atMs: number,
  digest: number = replica.held.digest,
): ReplicaStep {
  const recent = replica.resyncedAtMs.filter((time) => atMs - time < RESYNC_LOOP_WINDOW_MS);
  const resyncedAtMs = [...recent, atMs].slice(-RESYNCS_WITHOUT_PROGRESS_MAX);
  if (recent.length >= RESYNCS_WITHOUT_PROGRESS_MAX) {
    const sync: ReplicaSync = { name: "stuck", sinceMs: atMs };
    return { replica: { ...replica, position: null, sync, resyncedAtMs }, effects: [{ type: "stuck" }] };
  }
  return {
    replica: { ...replica, sync: { name: "resyncing", why, askedAtMs: atMs }, resyncedAtMs },
    effects: [{ type: "resync", why, position: replica.position, digest }],
  };
}

function still(replica: Replica): ReplicaStep {
  return { replica, effects: [] };
}
