/**
 * The log of events that are not yet acknowledged, as rows. Rules of this file:
 *   - a number is given out once (AUTOINCREMENT), whatever became of the rows before it;
 *   - no row goes without a word: it is acknowledged, gives way to a tombstone and is kept beside, or gives way to a
 *     snapshot that says how many it stands for;
 *   - everything here runs inside a transaction of `WorkerStore`; how much waits is counted in memory, because counting
 *     a long log for every look at /health would read all of it.
 */
import type { DatabaseSync } from "node:sqlite";
import { type Compacted, type Happening, PARKED_EVENT_TYPE, type ParkedEvent } from "@guildwire/events";
import { isSnapshot } from "../guild/snapshot-part.ts";
import type { OutboxView } from "./outbox-view.ts";

/** An event that waits to be delivered; `data` is JSON text. */
export interface OutboxEntry {
  readonly seq: number;
  readonly type: string;
  readonly timestamp: string;
  readonly data: string;
}

export interface OutboxDepth {
  readonly waiting: number;
  /** Of their `data`: what they take on disk is about a fifth more. */
  readonly bytes: number;
  readonly oldestTimestamp: string | null;
}

/** Why an event is not sent as it is. */
export interface Refusal {
  readonly seq: number;
  readonly reason: string;
  readonly tries: number;
}

/** Originals of parked events that are kept; above it the oldest go. At one a minute at most, that is half a day. */
export const PARKED_MAX = 1_000;

/** Of a long log, as many of the oldest events are counted by type. */
const COUNTED_MAX = 10_000;
const PARKED_SHOWN_MAX = 50;

export class OutboxTable {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareAll>;
  #lastSeq = 0;
  #waiting = 0;
  #bytes = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareAll(database);
    this.recount();
  }

  /** Last sequence given out. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  depth(): OutboxDepth {
    const oldest = this.#waiting === 0 ? undefined : this.#statements.first.get();
    return {
      waiting: this.#waiting,
      bytes: this.#bytes,
      oldestTimestamp: (oldest?.["timestamp"] as string | undefined) ?? null,
    };
  }

  parkedCount(): number {
    return Number(this.#statements.parkedCount.get()?.["parked"] ?? 0);
  }

  /** Counts anew what the file holds; needed after a rollback. */
  recount(): void {
    this.#lastSeq = Number(this.#statements.lastSeq.get()?.["seq"] ?? 0);
    this.#count(Number.MAX_SAFE_INTEGER, (waiting, bytes) => {
      this.#waiting = waiting;
      this.#bytes = bytes;
    });
  }

  append(happenings: readonly Happening[], nowIso: string): void {
    for (const { type, data } of happenings) this.#appendText(type, nowIso, JSON.stringify(data));
  }

  #appendText(type: string, nowIso: string, text: string): void {
    this.#lastSeq = Number(this.#statements.append.run(type, nowIso, text).lastInsertRowid);
    this.#waiting += 1;
    this.#bytes += Buffer.byteLength(text);
  }

  after(seq: number, entriesMax: number): readonly OutboxEntry[] {
    return this.#statements.after.all(seq, entriesMax) as unknown as OutboxEntry[];
  }

  acknowledge(seq: number): void {
    this.#count(seq, (waiting, bytes) => {
      this.#waiting -= waiting;
      this.#bytes -= bytes;
    });
    this.#statements.acknowledge.run(seq);
  }

  /** Puts a tombstone in the event's place and the event aside. `undefined`: it waits no more, or is a tombstone. */
  park({ seq, reason, tries }: Refusal, epoch: string, nowIso: string): ParkedEvent | undefined {
    const [entry] = this.after(seq - 1, 1);
    if (entry?.seq !== seq || entry.type === PARKED_EVENT_TYPE) return undefined;
    const tombstone: ParkedEvent = { seq, id: `${epoch}-${seq}`, type: entry.type, reason };
    const text = JSON.stringify(tombstone);
    this.#statements.keep.run(epoch, seq, entry.type, entry.timestamp, entry.data, nowIso, reason, tries);
    this.#statements.trimParked.run(PARKED_MAX);
    this.#statements.replace.run(PARKED_EVENT_TYPE, text, seq);
    this.#bytes += Buffer.byteLength(text) - Buffer.byteLength(entry.data);
    return tombstone;
  }

  /** Everything that waits gives way to what `tell` makes of it; `undefined` when nothing waits. */
  compact(tell: (compacted: Compacted) => readonly Happening[], nowIso: string): Compacted | undefined {
    const [first] = this.after(0, 1);
    if (first === undefined) return undefined;
    const before = compactedBy(first);
    const compacted: Compacted = {
      from: before?.from ?? first.seq,
      to: this.#lastSeq,
      events: this.#waiting + (before?.events ?? 0),
    };
    this.acknowledge(this.#lastSeq);
    this.append(tell(compacted), nowIso);
    return compacted;
  }

  /**
   * Puts parked events at the end of the line, oldest first, and forgets them as parked; returns how many. Their time
   * is that of now: the age of what waits must not be that of what was given up long ago. A parked snapshot is only
   * forgotten, because a fresh one follows.
   */
  unpark(sinceIso: string, nowIso: string): number {
    const rows = this.#statements.parkedSince.all(sinceIso) as unknown as { type: string; data: string }[];
    const events = rows.filter(({ type }) => !isSnapshot(type));
    for (const { type, data } of events) {
      const text = JSON.stringify({ ...(JSON.parse(data) as object), approx: true });
      this.#appendText(type, nowIso, text);
    }
    this.#statements.forgetParked.run(sinceIso);
    return events.length;
  }

  inspect(epoch: string): OutboxView {
    const { waiting, bytes, oldestTimestamp } = this.depth();
    return {
      epoch,
      lastSeq: this.#lastSeq,
      waiting,
      bytes,
      oldestTimestamp,
      types: this.#statements.types.all(COUNTED_MAX) as unknown as OutboxView["types"],
      countedMax: COUNTED_MAX,
      parkedTotal: this.parkedCount(),
      parked: this.#statements.parked.all(PARKED_SHOWN_MAX) as unknown as OutboxView["parked"],
    };
  }

  /** Begins to count from 1 again: only for a new epoch. */
  clear(): void {
    this.#database.exec("DELETE FROM outbox; DELETE FROM sqlite_sequence WHERE name = 'outbox'");
    this.recount();
  }

  #count(throughSeq: number, take: (waiting: number, bytes: number) => void): void {
    const row = this.#statements.count.get(throughSeq);
    take(Number(row?.["waiting"] ?? 0), Number(row?.["bytes"] ?? 0));
  }
}

/** What an undelivered snapshot stands for goes over to the one that takes its place. */
function compactedBy(entry: OutboxEntry): Compacted | undefined {
  if (!isSnapshot(entry.type)) return undefined;
  return (JSON.parse(entry.data) as { compacted?: Compacted }).compacted;
}

/** Prepared once: preparing for every row costs more than running. */
function prepareAll(database: DatabaseSync) {
  return {
    lastSeq: database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"),
    append: database.prepare("INSERT INTO outbox (type, timestamp, data) VALUES (?, ?, ?)"),
    after: database.prepare(
      "SELECT seq, type, timestamp, data FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?",
    ),
    first: database.prepare("SELECT timestamp FROM outbox ORDER BY seq LIMIT 1"),
    count: database.prepare(
      "SELECT count(*) AS waiting, total(octet_length(data)) AS bytes FROM outbox WHERE seq <= ?",
    ),
    acknowledge: database.prepare("DELETE FROM outbox WHERE seq <= ?"),
    replace: database.prepare("UPDATE outbox SET type = ?, data = ? WHERE seq = ?"),
    keep: database.prepare("INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
    parkedCount: database.prepare("SELECT count(*) AS parked FROM parked"),
    parkedSince: database.prepare("SELECT type, data FROM parked WHERE parked_at >= ? ORDER BY rowid"),
    forgetParked: database.prepare("DELETE FROM parked WHERE parked_at >= ?"),
    parked: database.prepare(
      "SELECT epoch, seq, type, timestamp, parked_at AS parkedAt, reason, tries FROM parked ORDER BY rowid DESC LIMIT ?",
    ),
    types: database.prepare(
      `SELECT type, count(*) AS events FROM (SELECT type FROM outbox ORDER BY seq LIMIT ?)
       GROUP BY type ORDER BY events DESC, type`,
    ),
    trimParked: database.prepare(
      "DELETE FROM parked WHERE rowid IN (SELECT rowid FROM parked ORDER BY rowid DESC LIMIT -1 OFFSET ?)",
    ),
  };
}
