/**
 * The hub's database. Rules of this file: a migration that was released is never changed, a new one is appended;
 * tables are STRICT and NOT NULL, because `node:sqlite` binds mistakes as NULL without a word.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- How far each worker's log has been taken. The rowid is the order of first commits; no source is ever removed.
  CREATE TABLE source (
    ordinal INTEGER PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    note TEXT NOT NULL
  ) STRICT;

  CREATE TABLE topic (topic TEXT PRIMARY KEY, top INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE entry (
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    rev INTEGER NOT NULL,
    PRIMARY KEY (topic, key)
  ) STRICT, WITHOUT ROWID;

  -- The ring of the last changes. Its key is its order, so that its old end is one range.
  CREATE TABLE delta (
    topic TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    committed_at_ms INTEGER NOT NULL,
    ops TEXT NOT NULL,
    PRIMARY KEY (topic, ends_at)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE granted (key TEXT PRIMARY KEY, until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX granted_until ON granted (until_ms);
  `,
  `
  -- A topic that was restarted has an epoch of its own; '' is the file's.
  ALTER TABLE topic ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
  `,
];
