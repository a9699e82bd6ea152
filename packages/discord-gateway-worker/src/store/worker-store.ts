/**
 * The worker's durable truth: the Gateway session with its cursor, the guild's state, and the log of events with the
 * receivers' cursors. Rules of this file:
 *   - what a group of dispatches changed, reported and reached is committed in one transaction, or not at all;
 *   - what is reported or reached survives a power cut; that something was acknowledged need not;
 *   - after a failed commit nothing more is written: a later cursor must not pass over what was not stored.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import {
  type DeliveryStore,
  GroupCommit,
  inTransaction,
  type LogChange,
  type LogEntry,
  type LogResult,
  type ParkedEntry,
  SqliteLog,
  type StoredDelivery,
  type Waiting,
} from "@guildwire/delivery";
import type { StoredSession } from "@guildwire/gateway";
import { ProcessError } from "@guildwire/runtime/errors";
import type { Change, GuildMemory } from "../guild/state.ts";
import { GuildTable } from "./guild-table.ts";
import { openWorkerDatabase, WORKER_FILE, workerStorageError } from "./open-database.ts";

/** What a stored session is only good for: another bot, guild or set of intents starts without it. */
export interface StoreIdentity {
  readonly token: string;
  readonly intents: number;
  readonly guildId: string;
}

/** A session, and when Discord was last known to hold it: Unix ms, `null` when that was not written down. */
export interface KeptSession {
  readonly session: StoredSession;
  readonly lastAliveMs: number | null;
}

/** What is stored together. */
export interface Commit {
  readonly session?: StoredSession;
  readonly changes?: readonly Change[];
  readonly log?: readonly LogChange[];
  /** Discord has just shown that it still holds the session: Unix ms. */
  readonly aliveMs?: number;
  /** `false`: the end of the process is survived, a power cut need not be. */
  readonly durable?: boolean;
}

/** Pages (4 KiB) that may stay free in the file: it shrinks after a backlog, and does not change with every event. */
const FREE_PAGES_MAX = 512;
const SHRINK_PAGES_AT_ONCE = 128;

export class WorkerStore implements DeliveryStore {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareAll>;
  readonly #guild: GuildTable;
  readonly #log: SqliteLog;
  readonly #commits: GroupCommit<Commit, readonly LogResult[]>;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareAll(database);
    this.#guild = new GuildTable(database);
    this.#log = new SqliteLog(database);
    this.#commits = new GroupCommit(async (parts) => this.#write(parts));
  }

  /** @throws ProcessError when the directory is locked, damaged, newer or cannot be written. */
  static open(dataDir: string, identity: StoreIdentity): WorkerStore {
    const database = openWorkerDatabase(dataDir);
    try {
      const store = new WorkerStore(database);
      store.#adopt(identity);
      return store;
    } catch (error) {
      database.close();
      throw workerStorageError(error, dataDir);
    }
  }

  /** For commands, whose environment may be another than the worker's: the file keeps its bot and guild. */
  static openAsIs(dataDir: string): WorkerStore {
    if (!existsSync(join(dataDir, WORKER_FILE.name))) {
      throw new ProcessError(
        "dataDirectoryUnusable",
        `there is no ${WORKER_FILE.name} in DATA_DIR ${dataDir}: no worker has run with this directory`,
      );
    }
    const database = openWorkerDatabase(dataDir);
    try {
      return new WorkerStore(database);
    } catch (error) {
      database.close();
      throw workerStorageError(error, dataDir);
    }
  }

  /** The guild this file is for; `undefined` before the first start. */
  get guildId(): string | undefined {
    return this.#meta("guild");
  }

  async loadSession(): Promise<KeptSession | undefined> {
    const row = this.#statements.session.get();
    if (row === undefined) return undefined;
    const lastAliveMs = row["last_alive_ms"];
    return {
      session: {
        id: String(row["session_id"]),
        resumeUrl: String(row["resume_url"]),
        seq: Number(row["seq"]),
      },
      lastAliveMs: typeof lastAliveMs === "number" ? lastAliveMs : null,
    };
  }

  async loadGuild(): Promise<GuildMemory> {
    return this.#guild.load();
  }

  /** Resolves with the results of `log` once all of it is stored; rejects when it could not be. */
  store(commit: Commit): Promise<readonly LogResult[]> {
    return this.#commits.commit(commit);
  }

  async load(): Promise<StoredDelivery> {
    return this.#log.load();
  }

  commit(
    log: readonly LogChange[],
    { durable }: { readonly durable: boolean },
  ): Promise<readonly LogResult[]> {
    return this.#commits.commit({ log, durable });
  }

  async read(stream: string, afterSeq: number, entriesMax: number): Promise<readonly LogEntry[]> {
    return this.#log.read(stream, afterSeq, entriesMax);
  }

  async waiting(stream: string, afterSeq: number, receiver: string): Promise<Waiting> {
    return this.#log.waiting(stream, afterSeq, receiver);
  }

  async types(stream: string, afterSeq: number, entriesMax: number) {
    return this.#log.types(stream, afterSeq, entriesMax);
  }

  async parked(receiver: string, sinceIso: string, entriesMax: number): Promise<readonly ParkedEntry[]> {
    return this.#log.parked(receiver, sinceIso, entriesMax);
  }

  async parkedCount(receiver: string): Promise<number> {
    return this.#log.parkedCount(receiver);
  }

  /** Gives pages of a backlog that is gone back to the disk, at most `pagesMax` at a time. */
  shrink(pagesMax: number): void {
    const free = Number(this.#statements.freePages.get()?.["freelist_count"] ?? 0);
    if (free > FREE_PAGES_MAX)
      this.#database.exec(`PRAGMA incremental_vacuum(${Math.min(pagesMax, free - FREE_PAGES_MAX)})`);
  }

  /** Waits for what is being stored. */
  async close(): Promise<void> {
    await this.#commits.idle();
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#database.close();
  }

  #write(parts: readonly Commit[]): readonly (readonly LogResult[])[] {
    const durable = parts.some((part) => part.durable !== false);
    const results = inTransaction(this.#database, durable, () => parts.map((part) => this.#writeOne(part)));
    if (!durable) this.shrink(SHRINK_PAGES_AT_ONCE);
    return results;
  }

  #writeOne({ session, changes = [], log = [], aliveMs }: Commit): readonly LogResult[] {
    for (const change of changes) this.#guild.write(change);
    const results = log.map((change) => this.#log.apply(change));
    if (session !== undefined)
      this.#statements.saveSession.run(session.id, session.resumeUrl, session.seq, Date.now());
    if (aliveMs !== undefined) this.#statements.touchSession.run(aliveMs);
    return results;
  }

  #adopt({ token, intents, guildId }: StoreIdentity): void {
    const bot = createHash("sha256").update(`${token}\n${intents}`).digest("base64url");
    inTransaction(this.#database, true, () => {
      const otherGuild = (this.#meta("guild") ?? guildId) !== guildId;
      if (otherGuild || (this.#meta("bot") ?? bot) !== bot)
        this.#database.exec("DELETE FROM gateway_session");
      if (otherGuild) {
        this.#guild.clear();
        this.#database.exec(
          "DELETE FROM log; DELETE FROM cursor; DELETE FROM parked_entry; DELETE FROM stream",
        );
      }
      if (this.#meta("guild") !== guildId) this.#statements.saveMeta.run("guild", guildId);
      if (this.#meta("bot") !== bot) this.#statements.saveMeta.run("bot", bot);
    });
    this.#log.reload();
  }

  #meta(key: string): string | undefined {
    return this.#statements.meta.get(key)?.["value"] as string | undefined;
  }
}

/** Time first, so that epochs sort by age in a log. */
export function newEpoch(): string {
  return `${Date.now().toString(36)}${randomBytes(5).toString("hex")}`;
}

/** Prepared once: preparing for every row costs more than running. */
function prepareAll(database: DatabaseSync) {
  return {
    meta: database.prepare("SELECT value FROM meta WHERE key = ?"),
    saveMeta: database.prepare(
      "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    ),
    session: database.prepare("SELECT session_id, resume_url, seq, last_alive_ms FROM gateway_session"),
    saveSession: database.prepare("INSERT OR REPLACE INTO gateway_session VALUES (1, ?, ?, ?, ?)"),
    touchSession: database.prepare("UPDATE gateway_session SET last_alive_ms = ?"),
    freePages: database.prepare("PRAGMA freelist_count"),
  };
}
