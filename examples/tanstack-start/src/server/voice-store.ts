/**
 * What this app keeps of a Discord server's voice rooms: a SQLite file with the rooms, the people, and the receiver's
 * progress in the worker's log. All three move in one transaction, so a crash loses no event and doubles none.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { EventData, GuildwireEvent, ReceiverStore, SourceStatus } from "@guildwire/receiver";
import type { Freshness, VoiceRoom, VoiceRooms } from "../voice-room.ts";

/** The worker gives a sign of life every 10 s; two may be lost. */
const SILENT_AFTER_MS = 25_000;

export interface VoiceStore extends ReceiverStore {
  rooms(): VoiceRooms;
  /** Calls after each delivery, and when the worker falls silent. Returns what ends it. */
  listen(listener: () => void): () => void;
  close(): void;
}

let store: VoiceStore | undefined;

export function voiceStore(): VoiceStore {
  store ??= openVoiceStore(process.env["VOICE_FILE"] ?? "data/voice.sqlite");
  return store;
}

type Snapshot = Pick<EventData<"guild.snapshot">, "rooms" | "occupants" | "status">;

export function openVoiceStore(file: string): VoiceStore {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS progress (source TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS room (id TEXT PRIMARY KEY, name TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, name TEXT NOT NULL, room_id TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS source (only INTEGER PRIMARY KEY CHECK (only = 1), status TEXT NOT NULL) STRICT;
  `);
  const listeners = new Set<() => void>();
  // In memory: an app that has just started has not heard from the worker, however fresh the file looks.
  let isHeard = false;
  let silence: NodeJS.Timeout | undefined;
  const run = (sql: string, ...values: readonly (string | number)[]): void =>
    void database.prepare(sql).run(...values);

  function load(source: string): string | undefined {
    const row = database.prepare("SELECT text FROM progress WHERE source = ?").get(source);
    return row === undefined ? undefined : String(row["text"]);
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function heard(): void {
    isHeard = true;
    clearTimeout(silence);
    silence = setTimeout(() => {
      isHeard = false;
      tell();
    }, SILENT_AFTER_MS).unref();
  }

  function freshness(): Freshness {
    const status = database.prepare("SELECT status FROM source").get()?.["status"];
    if (status === undefined) return "waiting";
    return isHeard ? (String(status) as Freshness) : "stale";
  }

  function setStatus(status: SourceStatus): void {
    run("INSERT OR REPLACE INTO source VALUES (1, ?)", status);
  }

  function replaceAll({ rooms, occupants, status }: Snapshot): void {
    database.exec("DELETE FROM room; DELETE FROM person");
    for (const { id, name, position } of rooms) run("INSERT INTO room VALUES (?, ?, ?)", id, name, position);
    for (const { user, roomId } of occupants) setPerson(user.id, user.name, roomId);
    setStatus(status);
  }

  function setPerson(id: string, name: string, roomId: string): void {
    run("INSERT OR REPLACE INTO person VALUES (?, ?, ?)", id, name, roomId);
  }

  function apply(event: GuildwireEvent): void {
    switch (event.type) {
      case "guild.snapshot":
        replaceAll(event.data);
        break;
      case "room.created":
      case "room.updated": {
        const { id, name, position } = event.data.room;
        run("INSERT OR REPLACE INTO room VALUES (?, ?, ?)", id, name, position);
        break;
      }
      case "room.deleted":
        run("DELETE FROM person WHERE room_id = ?", event.data.room.id);
        run("DELETE FROM room WHERE id = ?", event.data.room.id);
        break;
      case "voice.joined":
      case "voice.updated":
        setPerson(event.data.user.id, event.data.user.name, event.data.roomId);
        break;
      case "voice.left":
        // Of a move, `voice.joined` follows.
        if (event.data.movedTo === undefined) run("DELETE FROM person WHERE id = ?", event.data.user.id);
        break;
      // An outage takes nobody away: what is shown may be old, and says so.
      case "guild.unavailable":
        setStatus("outage");
        break;
      case "guild.available":
        setStatus("live");
        break;
      case "guild.removed":
        replaceAll({ rooms: [], occupants: [], status: "gone" });
        break;
      case "source.status":
        setStatus(event.data.status);
        break;
      default:
        // Whatever else happens does not show here.
        break;
    }
  }

  function transaction<Result>(work: () => Result): Result {
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      database.exec("COMMIT");
      return result;
    } catch (cause) {
      database.exec("ROLLBACK");
      throw cause;
    }
  }

  return {
    load,

    commit({ source, events, progress, expected }) {
      const isFirst = transaction(() => {
        if (load(source) !== expected) return false;
        for (const event of events) apply(event);
        run("INSERT OR REPLACE INTO progress VALUES (?, ?)", source, progress);
        return true;
      });
      if (isFirst) {
        heard();
        tell();
      }
      return isFirst;
    },

    rooms() {
      const rooms = database.prepare("SELECT id, name FROM room ORDER BY position, id").all();
      const people = database.prepare("SELECT name, room_id FROM person ORDER BY name").all();
      const shown = rooms.map(
        ({ id, name }): VoiceRoom => ({
          id: String(id),
          name: String(name),
          people: people.filter((person) => person["room_id"] === id).map((person) => String(person["name"])),
        }),
      );
      return { freshness: freshness(), rooms: shown };
    },

    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    close() {
      clearTimeout(silence);
      database.close();
    },
  };
}
