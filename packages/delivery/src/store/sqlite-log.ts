/**
 * The log and its cursors as tables of a SQLite database, which may hold other tables too: the caller opens the
 * transaction, so an event and what led to it are stored together. Rules:
 *   SQLITE-1  An entry's key is its stream's number and its sequence in one integer, so the log needs no second index.
 *   SQLITE-2  Tops are kept in memory and written with every append; `reload` after a rollback.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Cursor, Jump } from "../cursor.ts";
import type { LaneName, Stream, StreamKind } from "../stream.ts";
import {
  type Blank,
  type LogChange,
  type LogEntry,
  type LogResult,
  PARKED_MAX,
  type ParkedEntry,
  type StoredDelivery,
  type Waiting,
} from "./delivery-store.ts";

/** Append-only: a migration of the database that holds these tables. */
export const SQLITE_LOG_SCHEMA = `
  CREATE TABLE stream (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    family TEXT NOT NULL,
    lane TEXT NOT NULL,
    receiver TEXT,
    epoch TEXT NOT NULL,
    top INTEGER NOT NULL,
    fence INTEGER NOT NULL
  ) STRICT;

  -- place = number of the stream * 2^36 + seq
  CREATE TABLE log (
    place INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    data TEXT NOT NULL,
    blanked INTEGER NOT NULL DEFAULT 0,
    receiver TEXT,
    subject TEXT,
    blank_at_ms INTEGER
  ) STRICT;
  CREATE INDEX log_subject ON log (subject) WHERE subject IS NOT NULL;
  CREATE INDEX log_blank_at ON log (blank_at_ms) WHERE blank_at_ms IS NOT NULL;

  CREATE TABLE cursor (
    receiver TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    jump TEXT,
    fence INTEGER NOT NULL,
    PRIMARY KEY (receiver, stream)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE parked_entry (
    number INTEGER PRIMARY KEY,
    receiver TEXT NOT NULL,
    stream TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    data TEXT NOT NULL,
    parked_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    tries INTEGER NOT NULL,
    subject TEXT,
    blank_at_ms INTEGER,
    UNIQUE (receiver, stream, epoch, seq)
  ) STRICT;
`;

const SEQS = 2 ** 36;
const DONE: LogResult = { op: "done" };

type Row = Record<string, unknown>;

export class SqliteLog {
  readonly #statements: ReturnType<typeof prepareAll>;
  readonly #streams = new Map<string, Stream & { readonly number: number }>();

  /** The database must hold the tables of `SQLITE_LOG_SCHEMA`. */
  constructor(database: DatabaseSync) {
    this.#statements = prepareAll(database);
    this.reload();
  }

  /** Reads the streams again; needed after a rollback. */
  reload(): void {
    this.#streams.clear();
    for (const row of this.#statements.streams.all() as Row[]) this.#keep(row);
  }

  load(): StoredDelivery {
    const cursors = (this.#statements.cursors.all() as Row[]).map(cursorOf);
    const tombstones = this.#statements.tombstones.all() as unknown as StoredDelivery["tombstones"];
    return { streams: [...this.#streams.values()].map(withoutNumber), cursors, tombstones };
  }

  /** Inside a transaction of the caller. */
  apply(change: LogChange): LogResult {
    const statements = this.#statements;
    switch (change.op) {
      case "open":
        return this.#open(change);
      case "append":
        return this.#append(change);
      case "move":
        this.#move(change.cursor);
        return DONE;
      case "prune":
        statements.prune.run(this.#place(change.stream, 0), this.#place(change.stream, change.throughSeq));
        return DONE;
      case "park":
        return this.#park(change.parked);
      case "unpark":
        statements.unpark.run(change.receiver, change.sinceIso);
        return DONE;
      case "restart":
        return this.#restart(change);
      case "fence":
        statements.fence.run(change.fence, change.stream);
        this.#change(change.stream, { fence: change.fence });
        return DONE;
      case "blank":
        return this.#blank(
          statements.bySubject.all(change.subject, ...this.#bounds(change.stream)) as Row[],
          statements.parkedBySubject.all(change.subject, change.stream) as Row[],
          change.blank,
        );
      case "blankDue":
        return this.#blank(
          statements.due.all(change.nowMs) as Row[],
          statements.parkedDue.all(change.nowMs) as Row[],
          change.blank,
        );
      case "forget":
        statements.forgetCursors.run(change.receiver);
        statements.forgetParked.run(change.receiver);
        return DONE;
    }
  }

  read(stream: string, afterSeq: number, entriesMax: number): readonly LogEntry[] {
    if (!this.#streams.has(stream)) return [];
    const base = this.#place(stream, 0);
    const rows = this.#statements.read.all(base, base + afterSeq, base + SEQS, entriesMax);
    return rows as unknown as LogEntry[];
  }

  waiting(stream: string, afterSeq: number, receiver: string): Waiting {
    if (!this.#streams.has(stream)) return { entries: 0, bytes: 0, oldestTimestamp: null };
    const places = [this.#place(stream, afterSeq), this.#place(stream, SEQS), receiver] as const;
    const counted = this.#statements.count.get(...places) as Row;
    const oldest = this.#statements.oldest.get(...places) as Row | undefined;
    return {
      entries: Number(counted["entries"]),
      bytes: Number(counted["bytes"]),
      oldestTimestamp: oldest === undefined ? null : String(oldest["timestamp"]),
    };
  }

  types(stream: string, afterSeq: number, entriesMax: number) {
    if (!this.#streams.has(stream)) return [];
    const rows = this.#statements.types.all(
      this.#place(stream, afterSeq),
      this.#place(stream, SEQS),
      entriesMax,
    );
    return (rows as Row[]).map(({ type, events }) => ({ type: String(type), events: Number(events) }));
  }

  parked(receiver: string, sinceIso: string, entriesMax: number): readonly ParkedEntry[] {
    const rows = this.#statements.parked.all(receiver, sinceIso, entriesMax) as unknown as ParkedEntry[];
    return rows.toReversed();
  }

  parkedCount(receiver: string): number {
    return Number((this.#statements.parkedCount.get(receiver) as Row)["entries"]);
  }

  #open({ stream, epoch, cursors }: Extract<LogChange, { op: "open" }>): LogResult {
    const known = this.#streams.get(stream.id);
    if (known !== undefined) return { op: "opened", stream: withoutNumber(known), isNew: false };
    const { id, kind, family, lane, receiver = null } = stream;
    const row = this.#statements.open.get(id, kind, family, lane, receiver, epoch) as Row;
    for (const cursor of cursors) this.#move(cursor);
    return { op: "opened", stream: withoutNumber(this.#keep(row)), isNew: true };
  }

  #append({ stream, entries, reserve = 0 }: Extract<LogChange, { op: "append" }>): LogResult {
    const { top } = this.#known(stream);
    let place = this.#place(stream, top + reserve);
    for (const { type, timestamp, data, subject = null, blankAtMs = null, receiver = null } of entries) {
      place += 1;
      this.#statements.append.run(place, type, timestamp, data, receiver, subject, blankAtMs);
    }
    const next = top + reserve + entries.length;
    this.#setTop(stream, next);
    return { op: "append", stream, top: next, appended: entries.length };
  }

  #move({ receiver, stream, seq, jump, fence }: Cursor): void {
    this.#statements.move.run(receiver, stream, seq, jump === null ? null : JSON.stringify(jump), fence);
  }

  #park({ receiver, stream, seq, parkedAt, reason, tries }: Extract<LogChange, { op: "park" }>["parked"]) {
    const { epoch } = this.#known(stream);
    const place = this.#place(stream, seq);
    this.#statements.park.run(receiver, stream, epoch, seq, parkedAt, reason, tries, place);
    this.#statements.trimParked.run(receiver, receiver, PARKED_MAX);
    return DONE;
  }

  #restart({ stream, epoch, keepAfter, firstSeq }: Extract<LogChange, { op: "restart" }>): LogResult {
    const { top, epoch: before } = this.#known(stream);
    const base = this.#place(stream, 0);
    this.#statements.prune.run(base, base + (keepAfter ?? SEQS));
    const shift = firstSeq - 1 - (keepAfter ?? top);
    // Through negative places, because a row must not pass over the place of another.
    this.#statements.liftOff.run(shift, base, base + SEQS);
    this.#statements.putDown.run();
    if (keepAfter !== null) this.#statements.moveParked.run(epoch, shift, stream, before, keepAfter);
    this.#statements.epoch.run(epoch, stream);
    this.#change(stream, { epoch });
    this.#setTop(stream, top + shift);
    return { op: "append", stream, top: top + shift, appended: 0 };
  }

  #blank(entries: readonly Row[], parked: readonly Row[], blank: Blank): LogResult {
    const blanked = (row: Row) => blank({ type: String(row["type"]), data: String(row["data"]) });
    const ids = new Map([...this.#streams.values()].map(({ number, id }) => [number, id]));
    const places: { stream: string; seq: number }[] = [];
    for (const row of entries) {
      const place = Number(row["place"]);
      this.#statements.blank.run(blanked(row), place);
      const stream = ids.get(Math.floor(place / SEQS));
      if (stream !== undefined) places.push({ stream, seq: place % SEQS });
    }
    for (const row of parked) this.#statements.blankParked.run(blanked(row), Number(row["number"]));
    return { op: "blanked", places };
  }

  #setTop(stream: string, top: number): void {
    this.#statements.top.run(top, this.#known(stream).number);
    this.#change(stream, { top });
  }

  #change(id: string, change: Partial<Pick<Stream, "epoch" | "top" | "fence">>): void {
    this.#streams.set(id, { ...this.#known(id), ...change });
  }

  #keep(row: Row): Stream & { readonly number: number } {
    const receiver = row["receiver"];
    const stream = {
      number: Number(row["number"]),
      id: String(row["id"]),
      kind: row["kind"] as StreamKind,
      family: String(row["family"]),
      lane: row["lane"] as LaneName,
      ...(typeof receiver === "string" && { receiver }),
      epoch: String(row["epoch"]),
      top: Number(row["top"]),
      fence: Number(row["fence"]),
    };
    this.#streams.set(stream.id, stream);
    return stream;
  }

  #known(stream: string): Stream & { readonly number: number } {
    const known = this.#streams.get(stream);
    if (known === undefined) throw new Error(`the stream ${stream} was never opened`);
    return known;
  }

  #place(stream: string, seq: number): number {
    return this.#known(stream).number * SEQS + seq;
  }

  #bounds(stream: string): [number, number] {
    return [this.#place(stream, 0), this.#place(stream, SEQS)];
  }
}

function withoutNumber({ number: _, ...stream }: Stream & { readonly number: number }): Stream {
  return stream;
}

function cursorOf(row: Row): Cursor {
  const jump = row["jump"];
  return {
    receiver: String(row["receiver"]),
    stream: String(row["stream"]),
    seq: Number(row["seq"]),
    jump: typeof jump === "string" ? (JSON.parse(jump) as Jump) : null,
    fence: Number(row["fence"]),
  };
}

const PARKED_COLUMNS =
  "receiver, stream, epoch, seq, type, timestamp, data, parked_at AS parkedAt, reason, tries";
const FOR_RECEIVER = "place > ? AND place <= ? AND (receiver IS NULL OR receiver = ?)";

/** Prepared once: preparing for every row costs more than running. */
function prepareAll(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    streams: prepare("SELECT * FROM stream"),
    open: prepare("INSERT INTO stream VALUES (NULL, ?, ?, ?, ?, ?, ?, 0, 0) RETURNING *"),
    top: prepare("UPDATE stream SET top = ? WHERE number = ?"),
    epoch: prepare("UPDATE stream SET epoch = ? WHERE id = ?"),
    fence: prepare("UPDATE stream SET fence = ? WHERE id = ?"),
    append: prepare(
      "INSERT INTO log (place, type, timestamp, data, receiver, subject, blank_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    read: prepare(
      `SELECT place - ? AS seq, type, timestamp, data, blanked, receiver
       FROM log WHERE place > ? AND place <= ? ORDER BY place LIMIT ?`,
    ),
    count: prepare(
      `SELECT count(*) AS entries, total(octet_length(data)) AS bytes FROM log WHERE ${FOR_RECEIVER}`,
    ),
    oldest: prepare(`SELECT timestamp FROM log WHERE ${FOR_RECEIVER} ORDER BY place LIMIT 1`),
    types: prepare(
      `SELECT type, count(*) AS events FROM
         (SELECT type FROM log WHERE place > ? AND place <= ? ORDER BY place LIMIT ?)
       GROUP BY type ORDER BY events DESC, type`,
    ),
    prune: prepare("DELETE FROM log WHERE place > ? AND place <= ?"),
    liftOff: prepare("UPDATE log SET place = -(place + ?) WHERE place > ? AND place <= ?"),
    putDown: prepare("UPDATE log SET place = -place WHERE place < 0"),
    bySubject: prepare("SELECT place, type, data FROM log WHERE subject = ? AND place > ? AND place <= ?"),
    due: prepare("SELECT place, type, data FROM log WHERE blank_at_ms <= ?"),
    blank: prepare("UPDATE log SET data = ?, blanked = blanked + 1, blank_at_ms = NULL WHERE place = ?"),
    cursors: prepare("SELECT * FROM cursor"),
    move: prepare("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?, ?)"),
    forgetCursors: prepare("DELETE FROM cursor WHERE receiver = ?"),
    tombstones: prepare(
      `SELECT parked_entry.receiver, stream, seq, type, reason FROM parked_entry
       JOIN stream ON stream.id = parked_entry.stream AND stream.epoch = parked_entry.epoch`,
    ),
    park: prepare(
      `INSERT OR REPLACE INTO parked_entry
       SELECT NULL, ?, ?, ?, ?, type, timestamp, data, ?, ?, ?, subject, blank_at_ms FROM log WHERE place = ?`,
    ),
    trimParked: prepare(
      `DELETE FROM parked_entry WHERE receiver = ? AND number <= (SELECT number FROM parked_entry
       WHERE receiver = ? ORDER BY number DESC LIMIT 1 OFFSET ?)`,
    ),
    moveParked: prepare(
      "UPDATE parked_entry SET epoch = ?, seq = seq + ? WHERE stream = ? AND epoch = ? AND seq > ?",
    ),
    unpark: prepare("DELETE FROM parked_entry WHERE receiver = ? AND parked_at >= ?"),
    forgetParked: prepare("DELETE FROM parked_entry WHERE receiver = ?"),
    parked: prepare(
      `SELECT ${PARKED_COLUMNS} FROM parked_entry WHERE receiver = ? AND parked_at >= ?
       ORDER BY number DESC LIMIT ?`,
    ),
    parkedCount: prepare("SELECT count(*) AS entries FROM parked_entry WHERE receiver = ?"),
    parkedBySubject: prepare("SELECT number, type, data FROM parked_entry WHERE subject = ? AND stream = ?"),
    parkedDue: prepare("SELECT number, type, data FROM parked_entry WHERE blank_at_ms <= ?"),
    blankParked: prepare("UPDATE parked_entry SET data = ?, blank_at_ms = NULL WHERE number = ?"),
  };
}
