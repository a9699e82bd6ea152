/**
 * The worker's durable truth: the Gateway session with its cursor, the guild's state, and the events not yet
 * acknowledged. Rules of this file:
 *   - what a group of dispatches changed, told and reached is committed in one transaction, or not at all;
 *   - a sequence number is given out once in the life of an epoch;
 *   - a failed commit throws: whoever called must not go on as if it had happened.
 */
import { createHash, randomBytes } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Category, Guild, Happening, Occupant, Room } from "@guildwire/events";
import type { StoredSession } from "@guildwire/gateway";
import { type Change, GuildMemory, type GuildStatus } from "../guild/state.ts";
import { openDatabase } from "./open-database.ts";

/** What a stored session is only good for: another bot, guild or set of intents begins afresh. */
export interface StoreIdentity {
  readonly token: string;
  readonly intents: number;
  readonly guildId: string;
}

/** An event that waits to be delivered; `data` is JSON text. */
export interface OutboxEntry {
  readonly seq: number;
  readonly type: string;
  readonly timestamp: string;
  readonly data: string;
}

export interface Commit {
  readonly session?: StoredSession;
  readonly changes: readonly Change[];
  readonly happenings: readonly Happening[];
  readonly nowIso: string;
}

export interface OutboxDepth {
  readonly waiting: number;
  readonly oldestTimestamp: string | null;
}

export class WorkerStore {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareAll>;
  #epoch: string;
  /** Last sequence given out. */
  #lastSeq: number;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareAll(database);
    this.#epoch = this.#meta("epoch") ?? this.#newEpoch();
    this.#lastSeq = Number(this.#statements.lastSeq.get()?.["seq"] ?? 0);
  }

  /** @throws WorkerError when the directory is locked, damaged, newer or cannot be written. */
  static open(dataDir: string, identity: StoreIdentity): WorkerStore {
    const store = new WorkerStore(openDatabase(dataDir));
    store.#adopt(identity);
    return store;
  }

  get epoch(): string {
    return this.#epoch;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  loadSession(): StoredSession | undefined {
    const row = this.#statements.session.get();
    if (row === undefined) return undefined;
    return { id: String(row["session_id"]), resumeUrl: String(row["resume_url"]), seq: Number(row["seq"]) };
  }

  loadGuild(): GuildMemory {
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

  commit(commit: Commit): void {
    let seq = this.#lastSeq;
    this.#transaction(() => {
      for (const change of commit.changes) this.#write(change);
      for (const { type, data } of commit.happenings) {
        const { lastInsertRowid } = this.#statements.append.run(type, commit.nowIso, JSON.stringify(data));
        seq = Number(lastInsertRowid);
      }
      if (commit.session) {
        const { id, resumeUrl, seq: cursor } = commit.session;
        this.#statements.saveSession.run(id, resumeUrl, cursor);
      }
    });
    this.#lastSeq = seq;
  }

  /** Events after `seq` in order, at most `entriesMax` of them. */
  outboxAfter(seq: number, entriesMax: number): readonly OutboxEntry[] {
    return this.#statements.outboxAfter.all(seq, entriesMax) as unknown as OutboxEntry[];
  }

  /** The receiver has committed everything up to `seq`. */
  acknowledge(seq: number): void {
    this.#transaction(() => this.#statements.acknowledge.run(seq));
  }

  outboxDepth(): OutboxDepth {
    const row = this.#statements.depth.get();
    return {
      waiting: Number(row?.["waiting"] ?? 0),
      oldestTimestamp: (row?.["oldest"] as string | null) ?? null,
    };
  }

  /** The receiver knows of more than was ever written here: this file is an old copy. Nothing in it may be numbered on. */
  startNewEpoch(): void {
    this.#transaction(() => {
      this.#database.exec("DELETE FROM outbox; DELETE FROM sqlite_sequence");
      this.#epoch = this.#newEpoch();
    });
    this.#lastSeq = 0;
  }

  close(): void {
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#database.close();
  }

  #write(change: Change): void {
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

  #adopt({ token, intents, guildId }: StoreIdentity): void {
    const bot = createHash("sha256").update(`${token}\n${intents}`).digest("base64url");
    this.#transaction(() => {
      const otherGuild = (this.#meta("guild") ?? guildId) !== guildId;
      if (otherGuild || (this.#meta("bot") ?? bot) !== bot)
        this.#database.exec("DELETE FROM gateway_session");
      if (otherGuild) {
        this.#database.exec(`DELETE FROM guild; DELETE FROM category; DELETE FROM room; DELETE FROM occupant;
          DELETE FROM outbox; DELETE FROM sqlite_sequence`);
        this.#epoch = this.#newEpoch();
        this.#lastSeq = 0;
      }
      this.#statements.saveMeta.run("guild", guildId);
      this.#statements.saveMeta.run("bot", bot);
    });
  }

  #newEpoch(): string {
    // Time first, so that epochs sort by age for whoever reads a log.
    const epoch = `${Date.now().toString(36)}${randomBytes(5).toString("hex")}`;
    this.#statements.saveMeta.run("epoch", epoch);
    return epoch;
  }

  #meta(key: string): string | undefined {
    return this.#statements.meta.get(key)?.["value"] as string | undefined;
  }

  #transaction(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
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
    meta: database.prepare("SELECT value FROM meta WHERE key = ?"),
    saveMeta: database.prepare(
      "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    ),
    lastSeq: database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"),
    session: database.prepare("SELECT session_id, resume_url, seq FROM gateway_session"),
    saveSession: database.prepare("INSERT OR REPLACE INTO gateway_session VALUES (1, ?, ?, ?)"),
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
    append: database.prepare("INSERT INTO outbox (type, timestamp, data) VALUES (?, ?, ?)"),
    outboxAfter: database.prepare(
      "SELECT seq, type, timestamp, data FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?",
    ),
    acknowledge: database.prepare("DELETE FROM outbox WHERE seq <= ?"),
    depth: database.prepare(
      "SELECT count(*) AS waiting, (SELECT timestamp FROM outbox ORDER BY seq LIMIT 1) AS oldest FROM outbox",
    ),
  };
}
