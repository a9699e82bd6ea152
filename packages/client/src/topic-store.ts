/** What a page sees of one topic: an immutable snapshot, replaced once per frame that changed something. */
import type { Entry, Position } from "@guildwire/live";
import type { Handoff, Seen, TopicState } from "./connection-state.ts";
import type { Store } from "./store.ts";

export type TopicSync =
  /** Nothing to show yet. */
  | { readonly name: "waiting" }
  /** What is shown may be old: not connected, or not yet where the hub is. */
  | { readonly name: "behind" }
  | { readonly name: "following" }
  | { readonly name: "stuck" }
  /** The hub will not give this topic to this page. */
  | { readonly name: "refused"; readonly code: string; readonly message: string };

export interface TopicSnapshot {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly position: Position | null;
  readonly sync: TopicSync;
  /** From the worker learning of the newest change to this page having it, ms; `null` before the first live change. */
  readonly latencyMs: number | null;
  /** When the newest change that was followed live reached the worker, Unix ms of the hub's side; `null` before one. */
  readonly changedAtMs: number | null;
  /** When the topic's source was last received; `null` where the hub has not said. */
  readonly seen: Seen | null;
}

export interface TopicStore extends Store<TopicSnapshot> {
  readonly topic: string;
  /** What was handed over with the page: the same on the server and at hydration. */
  getInitialSnapshot(): TopicSnapshot;
}

const WAITING: TopicSync = { name: "waiting" };
const BEHIND: TopicSync = { name: "behind" };
const FOLLOWING: TopicSync = { name: "following" };
const STUCK: TopicSync = { name: "stuck" };

export const NOTHING_YET: TopicSnapshot = {
  entries: new Map(),
  position: null,
  sync: WAITING,
  latencyMs: null,
  changedAtMs: null,
  seen: null,
};

export function handedOverSnapshot({ epoch, offset, entries }: Handoff): TopicSnapshot {
  const map = new Map(entries.map((entry) => [entry[0], entry]));
  return { ...NOTHING_YET, entries: map, position: { epoch, offset }, sync: BEHIND };
}

/** The snapshot of a topic's state; `before` itself when a reader could tell no difference. */
export function topicSnapshot(topic: TopicState, before: TopicSnapshot): TopicSnapshot {
  const { replica, latencyMs, seen } = topic;
  const sync = syncOf(topic, before.sync);
  const entries = sameEntries(replica.held.map, before.entries) ? before.entries : replica.held.map;
  const isSame =
    entries === before.entries &&
    sync === before.sync &&
    latencyMs === before.latencyMs &&
    seen === before.seen &&
    replica.newestAt === before.changedAtMs &&
    replica.position === before.position;
  const { position, newestAt: changedAtMs } = replica;
  return isSame ? before : { entries, position, sync, latencyMs, changedAtMs, seen };
}

function syncOf({ replica, request }: TopicState, before: TopicSync): TopicSync {
  if (request.name === "refused") {
    const { code, message } = request;
    const isSame = before.name === "refused" && before.code === code && before.message === message;
    return isSame ? before : { name: "refused", code, message };
  }
  if (replica.sync.name === "following") return FOLLOWING;
  if (replica.sync.name === "stuck") return STUCK;
  return replica.held.map.size === 0 && replica.position === null ? WAITING : BEHIND;
}

/** The copy handed over with the page and the one made of it hold the same entries in two maps. */
function sameEntries(a: ReadonlyMap<string, Entry>, b: ReadonlyMap<string, Entry>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, entry] of a) if (b.get(key) !== entry) return false;
  return true;
}
