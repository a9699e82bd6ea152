/**
 * The worker's database. Rules of this file: a migration that was released is never changed, a new one is appended;
 * tables are STRICT and NOT NULL wherever they can be, because `node:sqlite` binds mistakes as NULL without a word.
 */
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
];
