/** Histories in `history.sqlite`. What is saved together is one transaction: data and positions, or nothing of it. */
import type { DatabaseSync } from "node:sqlite";
import type { SourceStatus } from "@guildwire/client/rooms";
import { type DatabaseFile, openWith } from "@guildwire/runtime/database";
import type { Peaks } from "./day.ts";
import { type HistoryChanges, TOGETHER } from "./history-changes.ts";
import { HISTORY_MIGRATIONS } from "./history-schema.ts";
import { countedByRoom, NOBODY, type RecordedPerson, withChanges } from "./people.ts";
import type { Activity } from "./room-history.ts";
import type { RecordedRoom, TopicHistory } from "./topic-history.ts";

export const HISTORY_FILE: DatabaseFile = {
  owner: "hub",
  checksWhole: true,
  name: "history.sqlite",
  migrations: HISTORY_MIGRATIONS,
  // A power cut may take the last seconds. They are told again from the position that is left, in the same file.
  synchronous: "NORMAL",
  whenMovedAway: "the last day's activity is lost and nothing else",
};

export interface HistoryStore {
  /** By topic. Throws when the store is broken. */
  load(): ReadonlyMap<string, TopicHistory>;
  /** Throws when it cannot be stored; then nothing is. */
  save(changes: readonly HistoryChanges[], topicsToForget: readonly string[]): void;
  /** Throws when what was saved may have to be read from the write-ahead log. */
  close(): void;
}

/** Throws `StorageError`. A hub that is being replaced has let go of this file before it let go of its own. */
export function openHistoryStore(dataDir: string): HistoryStore {
  return openWith(dataDir, HISTORY_FILE, createHistoryStore);
}

export function createHistoryStore(database: DatabaseSync): HistoryStore {
  // What is forgotten is gone from the file as well.
  database.exec("PRAGMA secure_delete = ON");
  const prepared = prepareAll(database);

  function forget(topic: string): void {
    for (const statement of prepared.forgetTopic) statement.run(topic);
  }

  function write(changes: HistoryChanges): void {
    const { topic, position, status } = changes;
    if (changes.startsAnew) forget(topic);
    prepared.saveTopic.run(topic, position.epoch, position.offset, status ?? "");
    for (const id of changes.roomsGone) {
      prepared.deleteRoom.run(topic, id);
      prepared.deletePeaksOfRoom.run(topic, id);
    }
    for (const [id, name] of changes.names) prepared.saveRoom.run(topic, id, name);
    for (const key of changes.peaksGone) prepared.deletePeak.run(topic, ...key);
    for (const row of changes.peaks) prepared.savePeak.run(topic, ...row);
    for (const id of changes.peopleGone) prepared.deletePerson.run(topic, id);
    for (const [id, person] of changes.people) prepared.savePerson.run(topic, id, JSON.stringify(person));
    for (const { o, person } of changes.activityGone) prepared.deleteActivity.run(topic, o, person.id);
    for (const one of changes.activity) {
      prepared.saveActivity.run(topic, one.o, one.person.id, one.atMs, JSON.stringify(one));
    }
  }

  return {
    load: () => new Map(prepared.topics.all().map((row) => readTopic(prepared, row as unknown as TopicRow))),

    save(changes, topicsToForget) {
      prepared.begin.run();
      try {
        for (const topic of topicsToForget) forget(topic);
        for (const one of changes) write(one);
        prepared.commit.run();
      } catch (cause) {
        // A full disk may have ended it already.
        if (database.isTransaction) database.exec("ROLLBACK");
        throw cause;
      }
    },

    close() {
      try {
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } finally {
        database.close();
      }
    },
  };
}

interface TopicRow {
  readonly topic: string;
  readonly epoch: string;
  readonly top: number;
  readonly status: SourceStatus | "";
}

function readTopic(
  prepared: ReturnType<typeof prepareAll>,
  { topic, epoch, top, status }: TopicRow,
): readonly [string, TopicHistory] {
  const rows = prepared.people.all(topic);
  const people = withChanges(
    NOBODY,
    new Map(rows.map(({ id, person }) => [String(id), JSON.parse(String(person)) as RecordedPerson])),
  );
  const counts = countedByRoom(people);
  const peaksOf = (room: string): Peaks =>
    new Map(prepared.peaks.all(topic, room).map((row) => [Number(row["bucket"]), Number(row["people"])]));
  const rooms = new Map<string, RecordedRoom>();
  for (const row of prepared.rooms.all(topic)) {
    const id = String(row["id"]);
    rooms.set(id, { name: String(row["name"]), people: counts.get(id) ?? 0, peaks: peaksOf(id) });
  }
  const activity = prepared.activity.all(topic).map((row) => JSON.parse(String(row["activity"])) as Activity);
  return [
    topic,
    {
      position: { epoch, offset: top },
      status: status === "" ? null : status,
      rooms,
      together: peaksOf(TOGETHER),
      people,
      activity,
    },
  ];
}

function prepareAll(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    begin: prepare("BEGIN IMMEDIATE"),
    commit: prepare("COMMIT"),
    topics: prepare("SELECT topic, epoch, top, status FROM topic"),
    rooms: prepare("SELECT id, name FROM room WHERE topic = ?"),
    peaks: prepare("SELECT bucket, people FROM peak WHERE topic = ? AND room = ? ORDER BY bucket"),
    people: prepare("SELECT id, person FROM person WHERE topic = ?"),
    activity: prepare("SELECT activity FROM activity WHERE topic = ? ORDER BY at_ms, ordinal"),
    forgetTopic: ["topic", "room", "peak", "person", "activity"].map((table) =>
      prepare(`DELETE FROM ${table} WHERE topic = ?`),
    ),
    saveTopic: prepare(
      `INSERT INTO topic VALUES (?, ?, ?, ?) ON CONFLICT (topic) DO UPDATE SET
         epoch = excluded.epoch, top = excluded.top, status = excluded.status`,
    ),
    saveRoom: prepare(
      "INSERT INTO room VALUES (?, ?, ?) ON CONFLICT (topic, id) DO UPDATE SET name = excluded.name",
    ),
    deleteRoom: prepare("DELETE FROM room WHERE topic = ? AND id = ?"),
    deletePeaksOfRoom: prepare("DELETE FROM peak WHERE topic = ? AND room = ?"),
    savePeak: prepare(
      "INSERT INTO peak VALUES (?, ?, ?, ?) ON CONFLICT (topic, room, bucket) DO UPDATE SET people = excluded.people",
    ),
    deletePeak: prepare("DELETE FROM peak WHERE topic = ? AND room = ? AND bucket = ?"),
    savePerson: prepare(
      "INSERT INTO person VALUES (?, ?, ?) ON CONFLICT (topic, id) DO UPDATE SET person = excluded.person",
    ),
    deletePerson: prepare("DELETE FROM person WHERE topic = ? AND id = ?"),
    saveActivity: prepare(
      "INSERT INTO activity (topic, learned_at, person, at_ms, activity) VALUES (?, ?, ?, ?, ?)",
    ),
    deleteActivity: prepare("DELETE FROM activity WHERE topic = ? AND learned_at = ? AND person = ?"),
  };
}
