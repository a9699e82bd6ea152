/**
 * The engine's data as rows: what is read and written, by prepared statements. Knows nothing of transactions, but that
 * everything between `begin` and `commit` becomes true together.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Delta, Entry, Op, RingDelta, SourceRecord, StoredTopic } from "@guildwire/live";

/** A commit as text, made before the transaction: what cannot be JSON fails by itself and takes no other with it. */
export interface CommitRows {
  readonly record: SourceRecord;
  readonly note: string;
  readonly topics: readonly TopicRows[];
}

export interface TopicRows {
  readonly topic: string;
  readonly delta: Delta;
  readonly reachesBackTo: number;
  readonly ops: readonly OpRow[];
  /** Of the topic's own log, once it was restarted. */
  readonly ownEpoch: string | undefined;
  /** Everything the topic held goes first. */
  readonly restart: boolean;
}

/** A topic of the file; `ownEpoch` as in `TopicRows`. */
export interface TopicOfFile extends StoredTopic {
  readonly ownEpoch: string | undefined;
}

/** `text`: the op as JSON, for the ring. A value is made into text once for both. */
export type OpRow =
  | {
      readonly type: "set";
      readonly key: string;
      readonly value: string;
      readonly rev: number;
      readonly text: string;
    }
  | { readonly type: "delete"; readonly key: string; readonly text: string }
  | { readonly type: "clear"; readonly text: string };

export function opRow(op: Op, delta: Delta): OpRow {
  if (op[0] === "c") return { type: "clear", text: '["c"]' };
  const [, key] = op;
  const keyText = jsonText(key);
  if (op[0] === "d") return { type: "delete", key, text: `["d",${keyText}]` };
  const [, , set, rev] = op;
  const value = jsonText(set);
  const text = rev === undefined ? `["s",${keyText},${value}]` : `["s",${keyText},${value},${rev}]`;
  return { type: "set", key, value, rev: rev ?? delta.to, text };
}

/** Throws for what JSON has no text for. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`not a JSON value: ${typeof value}`);
  return text;
}

export function openTopicTables(database: DatabaseSync) {
  // Prepared once: preparing for every row costs more than running.
  const prepared = prepareAll(database);

  function transaction<Result>(work: () => Result): Result {
    prepared.begin.run();
    try {
      const result = work();
      prepared.commit.run();
      return result;
    } catch (cause) {
      // A full disk may have ended it already.
      if (database.isTransaction) database.exec("ROLLBACK");
      throw cause;
    }
  }

  function writeTopic(rows: TopicRows, nowMs: number): void {
    const { topic, delta, reachesBackTo, ops, ownEpoch, restart } = rows;
    if (restart) {
      prepared.clearEntries.run(topic);
      prepared.forgetAllDeltas.run(topic);
    }
    prepared.saveTopic.run(topic, delta.to, ownEpoch ?? "");
    for (const op of ops) {
      if (op.type === "set") prepared.saveEntry.run(topic, op.key, op.value, op.rev);
      else if (op.type === "delete") prepared.deleteEntry.run(topic, op.key);
      else prepared.clearEntries.run(topic);
    }
    if (delta.to > reachesBackTo) {
      const opsText = `[${ops.map(({ text }) => text).join(",")}]`;
      prepared.saveDelta.run(topic, delta.to, delta.from, delta.atMs, nowMs, opsText);
    }
    prepared.forgetDeltas.run(topic, reachesBackTo);
  }

  function readRing(topic: string, epoch: string, top: number, nowMs: number): readonly RingDelta[] {
    const ring = (prepared.deltas.all(topic) as unknown as readonly DeltaRow[]).map(
      (row): RingDelta => ({
        delta: {
          epoch,
          from: row.starts_at,
          to: row.ends_at,
          atMs: row.at_ms,
          ops: JSON.parse(row.ops) as Op[],
        },
        // Stored before the clock was set back: counted from now, or it would not age for as long as that.
        committedAtMs: Math.min(row.committed_at_ms, nowMs),
      }),
    );
    // A ring with a hole would lead browsers astray; without one they get a snapshot.
    const joins = ring.every(({ delta }, index) => delta.to === (ring[index + 1]?.delta.from ?? top));
    return joins ? ring : [];
  }

  return {
    transaction,

    /** The epoch of all topics of this file, made when the file was. */
    epoch(newEpoch: () => string): string {
      prepared.saveMetaOnce.run("epoch", newEpoch());
      return String(prepared.meta.get("epoch")?.["value"]);
    },

    /** In the order in which they were first committed. */
    sources(): readonly SourceRecord[] {
      return (prepared.sources.all() as unknown as readonly SourceRow[]).map((row) => ({
        source: row.source,
        version: row.version,
        cursor: { epoch: row.epoch, seq: row.seq },
        note: JSON.parse(row.note) as unknown,
      }));
    },

    /** `undefined`: nobody has written to it. `fileEpoch` is that of all topics that were never restarted. */
    topic(topic: string, fileEpoch: string, nowMs: number): TopicOfFile | undefined {
      const row = prepared.topic.get(topic);
      if (row === undefined) return undefined;
      const offset = Number(row["top"]);
      const ownEpoch = String(row["epoch"]) || undefined;
      const epoch = ownEpoch ?? fileEpoch;
      const entries = (prepared.entries.all(topic) as unknown as readonly EntryRow[]).map(
        ({ key, value, rev }): Entry => [key, JSON.parse(value), rev],
      );
      return { offset, entries, ring: readRing(topic, epoch, offset, nowMs), ownEpoch };
    },

    write({ record, note, topics }: CommitRows, nowMs: number): void {
      const { source, version, cursor } = record;
      prepared.saveSource.run(source, version, cursor.epoch, cursor.seq, note);
      for (const rows of topics) writeTopic(rows, nowMs);
    },

    /** Deltas that no answer needs any more, of topics that are quiet. */
    forgetDeltasBefore: (committedAtMs: number) => void prepared.forgetOldDeltas.run(committedAtMs),

    /** Whether this caller is the first; keys whose time has passed are forgotten. */
    grant(key: string, nowMs: number, untilMs: number): boolean {
      prepared.forgetGranted.run(nowMs);
      return Number(prepared.grant.run(key, untilMs).changes) > 0;
    },
    countGranted: () => Number(prepared.countGranted.get()?.["granted"] ?? 0),
    forgetNextGranted: (count: number) => void prepared.forgetNextGranted.run(count),

    /** Throws when so much could not be written now. Nothing of it stays. */
    tryWriting(bytes: number): void {
      prepared.saveTrial.run("x".repeat(bytes));
      prepared.forgetTrial.run();
    },

    sizeBytes(): number {
      const page = (name: "page_count" | "page_size") =>
        Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
      return page("page_count") * page("page_size");
    },

    /** Gives pages that nothing uses back to the file system, except the last `keptPages`. */
    giveBack(keptPages: number): void {
      const free = Number(database.prepare("PRAGMA freelist_count").get()?.["freelist_count"] ?? 0);
      if (free > keptPages) database.exec(`PRAGMA incremental_vacuum(${free - keptPages})`);
    },

    /** Moves what the log holds into the file, as far as it can, and closes it. */
    close(): void {
      try {
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } finally {
        database.close();
      }
    },
  };
}

interface SourceRow {
  readonly source: string;
  readonly version: number;
  readonly epoch: string;
  readonly seq: number;
  readonly note: string;
}

interface EntryRow {
  readonly key: string;
  readonly value: string;
  readonly rev: number;
}

interface DeltaRow {
  readonly ends_at: number;
  readonly starts_at: number;
  readonly at_ms: number;
  readonly committed_at_ms: number;
  readonly ops: string;
}

function prepareAll(database: DatabaseSync) {
  return {
    begin: database.prepare("BEGIN IMMEDIATE"),
    commit: database.prepare("COMMIT"),
    meta: database.prepare("SELECT value FROM meta WHERE key = ?"),
    saveMetaOnce: database.prepare("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING"),
    saveTrial: database.prepare("INSERT OR REPLACE INTO meta VALUES ('trial', ?)"),
    forgetTrial: database.prepare("DELETE FROM meta WHERE key = 'trial'"),
    sources: database.prepare("SELECT source, version, epoch, seq, note FROM source ORDER BY ordinal"),
    saveSource: database.prepare(
      `INSERT INTO source (source, version, epoch, seq, note) VALUES (?, ?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET
         version = excluded.version, epoch = excluded.epoch, seq = excluded.seq, note = excluded.note`,
    ),
    topic: database.prepare("SELECT top, epoch FROM topic WHERE topic = ?"),
    saveTopic: database.prepare(
      `INSERT INTO topic (topic, top, epoch) VALUES (?, ?, ?)
       ON CONFLICT (topic) DO UPDATE SET top = excluded.top, epoch = excluded.epoch`,
    ),
    entries: database.prepare("SELECT key, value, rev FROM entry WHERE topic = ? ORDER BY rev, key"),
    saveEntry: database.prepare(
      `INSERT INTO entry VALUES (?, ?, ?, ?)
       ON CONFLICT (topic, key) DO UPDATE SET value = excluded.value, rev = excluded.rev`,
    ),
    deleteEntry: database.prepare("DELETE FROM entry WHERE topic = ? AND key = ?"),
    clearEntries: database.prepare("DELETE FROM entry WHERE topic = ?"),
    deltas: database.prepare(
      "SELECT ends_at, starts_at, at_ms, committed_at_ms, ops FROM delta WHERE topic = ? ORDER BY ends_at",
    ),
    saveDelta: database.prepare("INSERT INTO delta VALUES (?, ?, ?, ?, ?, ?)"),
    forgetDeltas: database.prepare("DELETE FROM delta WHERE topic = ? AND ends_at <= ?"),
    forgetAllDeltas: database.prepare("DELETE FROM delta WHERE topic = ?"),
    forgetOldDeltas: database.prepare("DELETE FROM delta WHERE committed_at_ms < ?"),
    grant: database.prepare("INSERT INTO granted VALUES (?, ?) ON CONFLICT (key) DO NOTHING"),
    forgetGranted: database.prepare("DELETE FROM granted WHERE until_ms <= ?"),
    countGranted: database.prepare("SELECT count(*) AS granted FROM granted"),
    forgetNextGranted: database.prepare(
      "DELETE FROM granted WHERE key IN (SELECT key FROM granted ORDER BY until_ms LIMIT ?)",
    ),
  };
}
