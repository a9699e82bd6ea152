/** A `DeliveryStore` in memory, for tests: what a store has to do, without a database. */
import type { Cursor } from "../cursor.ts";
import type { Stream } from "../stream.ts";
import {
  type Blank,
  type DeliveryStore,
  type LogChange,
  type LogEntry,
  type LogResult,
  PARKED_MAX,
  type ParkedEntry,
} from "./delivery-store.ts";
import { GroupCommit } from "./group-commit.ts";

interface KeptEntry extends LogEntry {
  readonly subject: string | undefined;
  readonly blankAtMs: number | undefined;
}

type KeptParked = ParkedEntry & Pick<KeptEntry, "subject" | "blankAtMs">;

/** What a process leaves behind: another store continues with it. */
export interface MemoryDisk {
  streams: Map<string, Stream>;
  entries: Map<string, readonly KeptEntry[]>;
  cursors: Map<string, Cursor>;
  parked: readonly KeptParked[];
}

export function emptyDisk(): MemoryDisk {
  return { streams: new Map(), entries: new Map(), cursors: new Map(), parked: [] };
}

/** `beforeCommit` may delay a commit, or reject to make it fail with nothing stored. */
export function createMemoryStore(
  disk: MemoryDisk = emptyDisk(),
  beforeCommit: () => Promise<void> = () => Promise.resolve(),
): DeliveryStore {
  const commits = new GroupCommit<readonly LogChange[], readonly LogResult[]>(async (parts) => {
    await beforeCommit();
    const draft: MemoryDisk = {
      streams: new Map(disk.streams),
      entries: new Map(disk.entries),
      cursors: new Map(disk.cursors),
      parked: disk.parked,
    };
    const results = parts.map((changes) => changes.map((change) => apply(draft, change)));
    Object.assign(disk, draft);
    return results;
  });
  const behind = (stream: string, seq: number) =>
    (disk.entries.get(stream) ?? []).filter((entry) => entry.seq > seq);
  const parkedSince = (receiver: string, sinceIso: string) =>
    disk.parked.filter((entry) => entry.receiver === receiver && entry.parkedAt >= sinceIso);
  return {
    load: async () => ({
      streams: [...disk.streams.values()],
      cursors: [...disk.cursors.values()],
      tombstones: disk.parked.filter(({ stream, epoch }) => disk.streams.get(stream)?.epoch === epoch),
    }),
    commit: (changes) => commits.commit(changes),
    read: async (stream, afterSeq, entriesMax) => behind(stream, afterSeq).slice(0, entriesMax),
    async waiting(stream, afterSeq, receiver) {
      const entries = behind(stream, afterSeq).filter((entry) => (entry.receiver ?? receiver) === receiver);
      const bytes = entries.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
      return { entries: entries.length, bytes, oldestTimestamp: entries[0]?.timestamp ?? null };
    },
    async types(stream, afterSeq, entriesMax) {
      const counts = new Map<string, number>();
      for (const { type } of behind(stream, afterSeq).slice(0, entriesMax))
        counts.set(type, (counts.get(type) ?? 0) + 1);
      return [...counts]
        .map(([type, events]) => ({ type, events }))
        .toSorted((a, b) => b.events - a.events || (a.type < b.type ? -1 : 1));
    },
    parked: async (receiver, sinceIso, entriesMax) =>
      parkedSince(receiver, sinceIso)
        .slice(-entriesMax)
        .map(({ subject: _s, blankAtMs: _b, ...entry }) => entry),
    parkedCount: async (receiver) => parkedSince(receiver, "").length,
  };
}

function apply(disk: MemoryDisk, change: LogChange): LogResult {
  switch (change.op) {
    case "open":
      return open(disk, change);
    case "append":
      return append(disk, change);
    case "move":
      disk.cursors.set(`${change.cursor.receiver} ${change.cursor.stream}`, change.cursor);
      break;
    case "prune":
      disk.entries.set(
        change.stream,
        (disk.entries.get(change.stream) ?? []).filter(({ seq }) => seq > change.throughSeq),
      );
      break;
    case "park":
      park(disk, change.parked);
      break;
    case "unpark":
      disk.parked = disk.parked.filter(
        ({ receiver, parkedAt }) => receiver !== change.receiver || parkedAt < change.sinceIso,
      );
      break;
    case "restart":
      return restart(disk, change);
    case "fence":
      disk.streams.set(change.stream, { ...known(disk, change.stream), fence: change.fence });
      break;
    case "blank":
      return blankWhere(
        disk,
        change.blank,
        (entry, stream) => stream === change.stream && entry.subject === change.subject,
      );
    case "blankDue":
      return blankWhere(disk, change.blank, ({ blankAtMs }) => (blankAtMs ?? Infinity) <= change.nowMs);
    case "forget":
      for (const [key, { receiver }] of disk.cursors)
        if (receiver === change.receiver) disk.cursors.delete(key);
      disk.parked = disk.parked.filter(({ receiver }) => receiver !== change.receiver);
      break;
  }
  return { op: "done" };
}

function known(disk: MemoryDisk, id: string): Stream {
  const stream = disk.streams.get(id);
  if (stream === undefined) throw new Error(`the stream ${id} was never opened`);
  return stream;
}

function open(disk: MemoryDisk, { stream, epoch, cursors }: Extract<LogChange, { op: "open" }>): LogResult {
  const before = disk.streams.get(stream.id);
  if (before !== undefined) return { op: "opened", stream: before, isNew: false };
  const opened = { ...stream, epoch, top: 0, fence: 0 };
  disk.streams.set(stream.id, opened);
  for (const cursor of cursors) disk.cursors.set(`${cursor.receiver} ${cursor.stream}`, cursor);
  return { op: "opened", stream: opened, isNew: true };
}

function append(
  disk: MemoryDisk,
  { stream, entries, reserve = 0 }: Extract<LogChange, { op: "append" }>,
): LogResult {
  const before = known(disk, stream);
  const appended = entries.map(
    ({ type, timestamp, data, subject, blankAtMs, receiver = null }, index): KeptEntry => {
      const seq = before.top + reserve + index + 1;
      return { seq, type, timestamp, data, blanked: 0, receiver, subject, blankAtMs };
    },
  );
  disk.entries.set(stream, [...(disk.entries.get(stream) ?? []), ...appended]);
  const top = before.top + reserve + entries.length;
  disk.streams.set(stream, { ...before, top });
  return { op: "append", stream, top, appended: entries.length };
}

function park(disk: MemoryDisk, parked: Extract<LogChange, { op: "park" }>["parked"]): void {
  const entry = disk.entries.get(parked.stream)?.find(({ seq }) => seq === parked.seq);
  if (entry === undefined) return;
  const { type, timestamp, data, subject, blankAtMs } = entry;
  const { epoch } = known(disk, parked.stream);
  const all = [...disk.parked, { ...parked, epoch, type, timestamp, data, subject, blankAtMs }];
  const excess = all.filter(({ receiver }) => receiver === parked.receiver).length - PARKED_MAX;
  const oldest = all.findIndex(({ receiver }) => receiver === parked.receiver);
  disk.parked = excess > 0 ? all.toSpliced(oldest, 1) : all;
}

function restart(
  disk: MemoryDisk,
  { stream, epoch, keepAfter, firstSeq }: Extract<LogChange, { op: "restart" }>,
): LogResult {
  const before = known(disk, stream);
  const shift = firstSeq - 1 - (keepAfter ?? before.top);
  const kept =
    keepAfter === null ? [] : (disk.entries.get(stream) ?? []).filter(({ seq }) => seq > keepAfter);
  disk.entries.set(
    stream,
    kept.map((entry) => ({ ...entry, seq: entry.seq + shift })),
  );
  disk.parked = disk.parked.map((entry) =>
    keepAfter !== null && entry.stream === stream && entry.epoch === before.epoch && entry.seq > keepAfter
      ? { ...entry, epoch, seq: entry.seq + shift }
      : entry,
  );
  const top = before.top + shift;
  disk.streams.set(stream, { ...before, epoch, top });
  return { op: "append", stream, top, appended: 0 };
}

function blankWhere(
  disk: MemoryDisk,
  blank: Blank,
  isMeant: (entry: Pick<KeptEntry, "subject" | "blankAtMs">, stream: string) => boolean,
): LogResult {
  const places: { stream: string; seq: number }[] = [];
  for (const [stream, entries] of disk.entries) {
    const blanked = entries.map((entry) => {
      if (!isMeant(entry, stream)) return entry;
      places.push({ stream, seq: entry.seq });
      return { ...entry, data: blank(entry), blanked: entry.blanked + 1, blankAtMs: undefined };
    });
    disk.entries.set(stream, blanked);
  }
  disk.parked = disk.parked.map((entry) =>
    isMeant(entry, entry.stream) ? { ...entry, data: blank(entry), blankAtMs: undefined } : entry,
  );
  return { op: "blanked", places };
}
