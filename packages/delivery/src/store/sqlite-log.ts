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
import { prepareStatements } from "./sqlite-statements.ts";

const SEQS = 2 ** 36;
const DONE: LogResult = { op: "done" };

type Row = Record<string, unknown>;

export class SqliteLog {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #streams = new Map<string, Stream & { readonly number: number }>();

  /** The database must hold the tables of `SQLITE_LOG_SCHEMA`. */
  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
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
