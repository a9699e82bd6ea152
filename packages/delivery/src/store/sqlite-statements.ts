/** The tables of the log in SQLite, and all that is done with them. */
import type { DatabaseSync } from "node:sqlite";

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

const PARKED_COLUMNS =
  "receiver, stream, epoch, seq, type, timestamp, data, parked_at AS parkedAt, reason, tries";
const FOR_RECEIVER = "place > ? AND place <= ? AND (receiver IS NULL OR receiver = ?)";

/** Every statement of the log, prepared once: preparing for every row costs more than running. */
export function prepareStatements(database: DatabaseSync) {
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
