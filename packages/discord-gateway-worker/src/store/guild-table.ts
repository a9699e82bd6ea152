/** The guild's state as rows: what the reducer changed is written as it was changed, and read whole at the start. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Category, Guild, Occupant, Room } from "@guildwire/events";
import { type Change, GuildMemory, type GuildStatus } from "../guild/state.ts";

/** Everything here runs inside a transaction of `WorkerStore`. */
export class GuildTable {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareAll>;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareAll(database);
  }

  load(): GuildMemory {
    const memory = new GuildMemory();
    const row = this.#statements.guild.get();
    if (row === undefined) return memory;
    memory.status = String(row["status"]) as GuildStatus;
    memory.guild = parse<Guild | null>(row);
    const rows = (statement: StatementSync) => statement.all() as { body: string }[];
    for (const each of rows(this.#statements.categories)) {
      memory.apply([{ kind: "setCategory", category: parse<Category>(each) }]);
    }
    for (const each of rows(this.#statements.rooms)) {
      memory.apply([{ kind: "setRoom", room: parse<Room>(each) }]);
    }
    for (const each of rows(this.#statements.occupants)) {
      memory.apply([{ kind: "setOccupant", occupant: parse<Occupant>(each) }]);
    }
    return memory;
  }

  write(change: Change): void {
    const statements = this.#statements;
    switch (change.kind) {
      case "guild":
        statements.saveGuild.run(change.status, JSON.stringify(change.guild));
        return;
      case "setCategory":
        statements.saveCategory.run(change.category.id, JSON.stringify(change.category));
        return;
      case "deleteCategory":
        statements.deleteCategory.run(change.id);
        return;
      case "setRoom":
        statements.saveRoom.run(change.room.id, JSON.stringify(change.room));
        return;
      case "deleteRoom":
        statements.deleteRoom.run(change.id);
        return;
      case "setOccupant":
        statements.saveOccupant.run(change.occupant.user.id, JSON.stringify(change.occupant));
        return;
      case "deleteOccupant":
        statements.deleteOccupant.run(change.userId);
        return;
    }
  }

  clear(): void {
    this.#database.exec("DELETE FROM guild; DELETE FROM category; DELETE FROM room; DELETE FROM occupant");
  }
}

function parse<T>(row: { readonly body?: unknown }): T {
  return JSON.parse(String(row.body)) as T;
}

/** Prepared once: preparing for every row costs more than running. */
function prepareAll(database: DatabaseSync) {
  const upsert = (table: string, key: string) =>
    database.prepare(
      `INSERT INTO ${table} (${key}, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body`,
    );
  return {
    guild: database.prepare("SELECT status, body FROM guild"),
    saveGuild: database.prepare("INSERT OR REPLACE INTO guild VALUES (1, ?, ?)"),
    categories: database.prepare("SELECT body FROM category"),
    rooms: database.prepare("SELECT body FROM room"),
    occupants: database.prepare("SELECT body FROM occupant"),
    saveCategory: upsert("category", "id"),
    saveRoom: upsert("room", "id"),
    saveOccupant: upsert("occupant", "user_id"),
    deleteCategory: database.prepare("DELETE FROM category WHERE id = ?"),
    deleteRoom: database.prepare("DELETE FROM room WHERE id = ?"),
    deleteOccupant: database.prepare("DELETE FROM occupant WHERE user_id = ?"),
  };
}
