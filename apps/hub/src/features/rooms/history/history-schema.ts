/** The tables of `history.sqlite`. The rules are those of ../store/schema.ts. */
export const HISTORY_MIGRATIONS: readonly string[] = [
  `
  -- Up to which position each topic is told, and its source's status there ('' before the first snapshot).
  CREATE TABLE topic (
    topic TEXT PRIMARY KEY,
    epoch TEXT NOT NULL,
    top INTEGER NOT NULL,
    status TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE room (
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (topic, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE peak (
    topic TEXT NOT NULL,
    room TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (topic, room, bucket)
  ) STRICT, WITHOUT ROWID;

  -- Who was where at that position.
  CREATE TABLE person (
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (topic, id)
  ) STRICT, WITHOUT ROWID;

  -- The rowid keeps the order of what happened at the same time.
  CREATE TABLE activity (
    ordinal INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    learned_at INTEGER NOT NULL,
    person TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    activity TEXT NOT NULL,
    UNIQUE (topic, learned_at, person)
  ) STRICT;
  `,
];
