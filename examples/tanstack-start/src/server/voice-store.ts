/**
 * What this app keeps of a Discord server's voice rooms: a SQLite file with the rooms, the people, and the cursor that
 * says how far the worker's log was taken. All three move in one transaction, so a crash loses no event and doubles none.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { EventData, GuildwireEvent, ReceivedDelivery, SourceStatus } from "@guildwire/events";
import type { Freshness, VoiceRoom, VoiceRooms } from "../voice-room.ts";

/** The worker gives a sign of life every 10 s; two may be lost. */
const SILENT_AFTER_MS = 25_000;

export type Taken =
  /** Committed up to here. */
  | { readonly type: "taken"; readonly acked: number }
  /** Something is missing before these events. */
  | { readonly type: "wantSnapshot" };

export interface VoiceStore {
  take(delivery: ReceivedDelivery): Taken;
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
    CREATE TABLE IF NOT EXISTS cursor (only INTEGER PRIMARY KEY CHECK (only = 1), epoch TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS room (id TEXT PRIMARY KEY, name TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, name TEXT NOT NULL, room_id TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS source (only INTEGER PRIMARY KEY CHECK (only = 1), status TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS part (part INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
  `);
  const listeners = new Set<() => void>();
  // In memory: an app that has just started has not heard from the worker, however fresh the file looks.
  let isHeard = false;
  let silence: NodeJS.Timeout | undefined;
  const run = (sql: string, ...values: readonly (string | number)[]): void =>
    void database.prepare(sql).run(...values);

  function cursor(): { readonly epoch: string; readonly seq: number } {
    const row = database.prepare("SELECT epoch, seq FROM cursor").get();
    return { epoch: String(row?.["epoch"] ?? ""), seq: Number(row?.["seq"] ?? 0) };
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
    database.exec("DELETE FROM room; DELETE FROM person; DELETE FROM part");
    for (const { id, name, position } of rooms) run("INSERT INTO room VALUES (?, ?, ?)", id, name, position);
    for (const { user, roomId } of occupants) setPerson(user.id, user.name, roomId);
    setStatus(status);
  }

  function setPerson(id: string, name: string, roomId: string): void {
    run("INSERT OR REPLACE INTO person VALUES (?, ?, ?)", id, name, roomId);
  }

  /** A large server's snapshot comes in parts: kept aside until the last is there. */
  function takePart(data: EventData<"snapshot.part">): void {
    if (data.part === 1) run("DELETE FROM part");
    run("INSERT OR REPLACE INTO part VALUES (?, ?)", data.part, JSON.stringify(data));
    const rows = database.prepare("SELECT data FROM part ORDER BY part").all();
    if (rows.length < data.parts) return;
    const parts = rows.map((row) => JSON.parse(String(row["data"])) as Snapshot);
    replaceAll({
      rooms: parts.flatMap(({ rooms }) => rooms),
      occupants: parts.flatMap(({ occupants }) => occupants),
      status: data.status,
    });
  }

  function apply(event: GuildwireEvent): void {
    switch (event.type) {
      case "guild.snapshot":
        replaceAll(event.data);
        break;
      case "snapshot.part":
        takePart(event.data);
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

  function transaction(work: () => void): void {
    database.exec("BEGIN IMMEDIATE");
    try {
      work();
      database.exec("COMMIT");
    } catch (cause) {
      database.exec("ROLLBACK");
      throw cause;
    }
  }

  return {
    take({ epoch, events }) {
      const before = cursor();
      const isKnownEpoch = epoch === before.epoch;
      const fresh = events.filter(({ event }) => !isKnownEpoch || event.seq > before.seq);
      const [first] = fresh;
      // Nothing new, or a ping.
      if (first === undefined) return { type: "taken", acked: before.seq };
      const joinsOn = isKnownEpoch && first.event.seq === before.seq + 1;
      // A snapshot replaces everything, so what came before it need not be known.
      const from = joinsOn ? 0 : fresh.findLastIndex(isSnapshotStart);
      if (from === -1) return { type: "wantSnapshot" };
      const acked = events.at(-1)?.event.seq ?? before.seq;
      transaction(() => {
        for (const { known, event } of fresh.slice(from)) if (known) apply(event);
        run("INSERT OR REPLACE INTO cursor VALUES (1, ?, ?)", epoch, acked);
      });
      heard();
      tell();
      return { type: "taken", acked };
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

function isSnapshotStart({ event }: ReceivedDelivery["events"][number]): boolean {
  if (event.type === "guild.snapshot") return true;
  return event.type === "snapshot.part" && (event.data as { readonly part?: number }).part === 1;
}
