/**
 * The worker's durable truth: the Gateway session with its cursor, the guild's state, and the events not yet
 * acknowledged. Rules of this file:
 *   - what a group of dispatches changed, told and reached is committed in one transaction, or not at all;
 *   - a sequence number is given out once in the life of an epoch;
 *   - what is told or reached survives a power cut; that something was acknowledged need not;
 *   - a failed commit throws: whoever called must not go on as if it had happened.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Compacted, Happening, ParkedEvent } from "@guildwire/events";
import type { StoredSession } from "@guildwire/gateway";
import { ProcessError } from "@guildwire/runtime/errors";
import type { Change, GuildMemory } from "../guild/state.ts";
import { withoutWaiting } from "./durability.ts";
import { GuildTable } from "./guild-table.ts";
import { openWorkerDatabase, WORKER_FILE, workerStorageError } from "./open-database.ts";
import { type OutboxDepth, type OutboxEntry, OutboxTable, type Refusal } from "./outbox-table.ts";
import type { OutboxView, ParkedChoice } from "./outbox-view.ts";

/** What a stored session is only good for: another bot, guild or set of intents begins afresh. */
export interface StoreIdentity {
  readonly token: string;
  readonly intents: number;
  readonly guildId: string;
}

/** A session, and when Discord was last known to hold it: Unix ms, `null` when nobody wrote it down. */
export interface KeptSession {
  readonly session: StoredSession;
  readonly lastAliveMs: number | null;
}

export interface Commit {
  readonly session?: StoredSession;
  readonly changes: readonly Change[];
  readonly happenings: readonly Happening[];
  readonly nowIso: string;
}

/** Pages (4 KiB) that may stay free in the file: it shrinks after a backlog, and does not breathe with every event. */
const FREE_PAGES_MAX = 512;

export class WorkerStore {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareAll>;
  readonly #guild: GuildTable;
  readonly #outbox: OutboxTable;
  #epoch: string;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareAll(database);
    this.#guild = new GuildTable(database);
    this.#outbox = new OutboxTable(database);
    this.#epoch = this.#meta("epoch") ?? this.#newEpoch();
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

  /** For commands, whose environment may be another than the worker's: belongs to whom it belongs. */
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

  get epoch(): string {
    return this.#epoch;
  }

  get lastSeq(): number {
    return this.#outbox.lastSeq;
  }

  loadSession(): KeptSession | undefined {
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

  /** Discord has just shown that it still holds the session. */
  touchSession(nowMs: number): void {
    this.#statements.touchSession.run(nowMs);
  }

  loadGuild(): GuildMemory {
    return this.#guild.load();
  }

  commit(commit: Commit): void {
    this.#transaction(() => {
      for (const change of commit.changes) this.#guild.write(change);
      this.#outbox.append(commit.happenings, commit.nowIso);
      if (commit.session) {
        const { id, resumeUrl, seq: cursor } = commit.session;
        this.#statements.saveSession.run(id, resumeUrl, cursor, Date.now());
      }
    });
  }

  /** Events after `seq` in order, at most `entriesMax` of them. */
  outboxAfter(seq: number, entriesMax: number): readonly OutboxEntry[] {
    return this.#outbox.after(seq, entriesMax);
  }

  /**
   * The receiver has committed everything up to `seq`. A power cut may undo this; then it is told again, and the receiver
   * knows it by its number. So no fsync is spent on it.
   */
  acknowledge(seq: number): void {
    withoutWaiting(this.#database, () => this.#transaction(() => this.#outbox.acknowledge(seq)));
    this.shrink(128);
  }

  /** A tombstone takes the event's place, the event is kept aside. `undefined`: it waits no more, or is a tombstone. */
  park(refusal: Refusal, nowIso: string): ParkedEvent | undefined {
    return this.#transaction(() => this.#outbox.park(refusal, this.#epoch, nowIso));
  }

  /** Everything that waits gives way to what `tell` makes of it; `undefined` when nothing waits. */
  compact(tell: (compacted: Compacted) => readonly Happening[], nowIso: string): Compacted | undefined {
    return this.#transaction(() => this.#outbox.compact(tell, nowIso));
  }

  /** The parked events that are chosen go to the end of the line, and the snapshot behind them; returns how many. */
  replay(parked: ParkedChoice, snapshot: readonly Happening[], nowIso: string): number {
    return this.#transaction(() => {
      const sinceIso = typeof parked === "object" ? parked.sinceIso : "";
      const count = parked === "none" ? 0 : this.#outbox.unpark(sinceIso, nowIso);
      this.#outbox.append(snapshot, nowIso);
      return count;
    });
  }

  inspectOutbox(): OutboxView {
    return this.#outbox.inspect(this.#epoch);
  }

  outboxDepth(): OutboxDepth {
    return this.#outbox.depth();
  }

  parkedCount(): number {
    return this.#outbox.parkedCount();
  }

  /** Gives pages of a backlog that is gone back to the disk, at most `pagesMax` at a time. */
  shrink(pagesMax: number): void {
    const free = Number(this.#statements.freePages.get()?.["freelist_count"] ?? 0);
    if (free > FREE_PAGES_MAX)
      this.#database.exec(`PRAGMA incremental_vacuum(${Math.min(pagesMax, free - FREE_PAGES_MAX)})`);
  }

  /** The receiver knows of more than was ever written here: this file is an old copy. Nothing in it may be numbered on. */
  startNewEpoch(): void {
    this.#transaction(() => {
      this.#outbox.clear();
      this.#epoch = this.#newEpoch();
    });
  }

  close(): void {
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#database.close();
  }

  #adopt({ token, intents, guildId }: StoreIdentity): void {
    const bot = createHash("sha256").update(`${token}\n${intents}`).digest("base64url");
    this.#transaction(() => {
      const otherGuild = (this.#meta("guild") ?? guildId) !== guildId;
      if (otherGuild || (this.#meta("bot") ?? bot) !== bot)
        this.#database.exec("DELETE FROM gateway_session");
      if (otherGuild) {
        this.#guild.clear();
        this.#outbox.clear();
        this.#epoch = this.#newEpoch();
      }
      if (this.#meta("guild") !== guildId) this.#statements.saveMeta.run("guild", guildId);
      if (this.#meta("bot") !== bot) this.#statements.saveMeta.run("bot", bot);
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

  #transaction<Result>(work: () => Result): Result {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#undo();
      throw error;
    }
  }

  #undo(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      this.#outbox.recount();
    } catch {
      // A file that cannot be read either: what made the transaction fail says more.
    }
  }
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
