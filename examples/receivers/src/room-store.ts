/**
 * Who is in which voice room, in SQLite. The events' changes and the receiver's progress are one transaction: a process
 * that is killed between any two lines has both or neither, so no event is lost and none counts twice.
 */
import { DatabaseSync } from "node:sqlite";
import type { EventData, GuildwireEvent, ReceiverStore } from "@guildwire/receiver";

export interface RoomStore extends ReceiverStore {
  /** `{ "Lounge": { "visits": 3, "people": ["deniz"] } }` of all servers. */
  rooms(): Readonly<Record<string, { readonly visits: number; readonly people: readonly string[] }>>;
}

export function openRoomStore(file: string): RoomStore {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS progress (source TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS room (id TEXT PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS visits (room_id TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS person (id TEXT, source TEXT NOT NULL, name TEXT NOT NULL, room_id TEXT NOT NULL, PRIMARY KEY (id, source)) STRICT;
  `);
  const run = (sql: string, ...values: readonly (string | number)[]): void =>
    void database.prepare(sql).run(...values);

  function load(source: string): string | undefined {
    const row = database.prepare("SELECT text FROM progress WHERE source = ?").get(source);
    return row === undefined ? undefined : String(row["text"]);
  }

  function setRoom(source: string, { id, name, position }: EventData<"room.created">["room"]): void {
    run("INSERT OR REPLACE INTO room VALUES (?, ?, ?, ?)", id, source, name, position);
  }

  function setPerson(
    source: string,
    { user, roomId }: EventData<"guild.snapshot">["occupants"][number],
  ): void {
    run("INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?)", user.id, source, user.name, roomId);
  }

  function forget(source: string): void {
    run("DELETE FROM room WHERE source = ?", source);
    run("DELETE FROM person WHERE source = ?", source);
  }

  function apply(source: string, event: GuildwireEvent): void {
    switch (event.type) {
      case "guild.snapshot":
        forget(source);
        for (const room of event.data.rooms) setRoom(source, room);
        for (const occupant of event.data.occupants) setPerson(source, occupant);
        break;
      case "guild.removed":
        forget(source);
        break;
      case "room.created":
      case "room.updated":
        setRoom(source, event.data.room);
        break;
      case "room.deleted":
        run("DELETE FROM room WHERE id = ?", event.data.room.id);
        break;
      case "voice.joined":
        // Told twice, a join would count twice: setting somebody's room again would not show.
        run(
          "INSERT INTO visits VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1",
          event.data.roomId,
        );
        setPerson(source, event.data);
        break;
      case "voice.updated":
        setPerson(source, event.data);
        break;
      case "voice.left":
        run("DELETE FROM person WHERE id = ? AND source = ?", event.data.user.id, source);
        break;
      // Freshness, status lines, names of the server: another receiver may want them.
      default:
        break;
    }
  }

  return {
    load,

    commit({ source, events, progress, expected }) {
      database.exec("BEGIN IMMEDIATE");
      try {
        const isFirst = load(source) === expected;
        if (isFirst) {
          for (const event of events) apply(source, event);
          run("INSERT OR REPLACE INTO progress VALUES (?, ?)", source, progress);
        }
        database.exec("COMMIT");
        return isFirst;
      } catch (cause) {
        database.exec("ROLLBACK");
        throw cause;
      }
    },

    rooms() {
      const people = database.prepare("SELECT name, room_id FROM person ORDER BY name").all();
      const inside = (id: unknown) =>
        people.filter((person) => person["room_id"] === id).map((person) => String(person["name"]));
      const rooms = database
        .prepare("SELECT id, name, number FROM room LEFT JOIN visits ON room_id = id ORDER BY position, id")
        .all();
      return Object.fromEntries(
        rooms.map(({ id, name, number }) => [
          String(name),
          { visits: Number(number ?? 0), people: inside(id) },
        ]),
      );
    },
  };
}
