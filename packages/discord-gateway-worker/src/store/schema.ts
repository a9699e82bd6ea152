/**
 * The worker's database. Rules of this file: a migration that was released is never changed, a new one is appended;
 * tables are STRICT and NOT NULL wherever they can be, because `node:sqlite` binds mistakes as NULL without a word.
 */
import { SQLITE_LOG_SCHEMA } from "@guildwire/delivery";

/** The receiver of every file from before there could be several. */
const FIRST_RECEIVER = "hub";

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE gateway_session (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    session_id TEXT NOT NULL,
    resume_url TEXT NOT NULL,
    seq INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE guild (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    status TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE category (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE room (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE occupant (user_id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- AUTOINCREMENT: delivered rows are deleted, and a number must never be given out twice.
  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- When Discord was last known to hold the session, Unix ms; NULL in a file of before.
  ALTER TABLE gateway_session ADD COLUMN last_alive_ms INTEGER;

  -- Events that the receiver would not take, as they were; a tombstone went in their place.
  CREATE TABLE parked (
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    data TEXT NOT NULL,
    parked_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    tries INTEGER NOT NULL,
    UNIQUE (epoch, seq)
  ) STRICT;
  `,
  `
  ${SQLITE_LOG_SCHEMA}
  -- The one log of before becomes the guild's stream, and what was acknowledged of it the receiver's cursor.
  INSERT INTO stream
    SELECT 1, guild.value, 'state', 'rooms', 'state', NULL, epoch.value,
      coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0), 0
    FROM meta AS guild, meta AS epoch WHERE guild.key = 'guild' AND epoch.key = 'epoch';
  INSERT INTO log (place, type, timestamp, data)
    SELECT number * 68719476736 + seq, type, timestamp, data FROM outbox, stream;
  INSERT INTO cursor
    SELECT '${FIRST_RECEIVER}', id, coalesce((SELECT min(seq) - 1 FROM outbox), top), NULL, 0 FROM stream;
  INSERT INTO parked_entry (receiver, stream, epoch, seq, type, timestamp, data, parked_at, reason, tries)
    SELECT '${FIRST_RECEIVER}', id, parked.epoch, seq, type, timestamp, data, parked_at, reason, tries
    FROM parked, stream ORDER BY parked.rowid;
  DROP TABLE outbox;
  DROP TABLE parked;
  DELETE FROM meta WHERE key = 'epoch';
  `,
];
