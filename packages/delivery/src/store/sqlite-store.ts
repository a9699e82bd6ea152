/** A `DeliveryStore` in a SQLite database of its own, for a process that stores nothing together with its events. */
import type { DatabaseSync } from "node:sqlite";
import type { DeliveryStore, LogChange, LogResult } from "./delivery-store.ts";
import { GroupCommit } from "./group-commit.ts";
import { SqliteLog } from "./sqlite-log.ts";

interface Part {
  readonly changes: readonly LogChange[];
  readonly durable: boolean;
}

/** The database must hold the tables of `SQLITE_LOG_SCHEMA` and be in WAL mode; the caller closes it. */
export function createSqliteStore(database: DatabaseSync): DeliveryStore {
  const log = new SqliteLog(database);
  const commits = new GroupCommit<Part, readonly LogResult[]>(async (parts) => {
    const durable = parts.some((part) => part.durable);
    return inTransaction(database, durable, () =>
      parts.map(({ changes }) => changes.map((change) => log.apply(change))),
    );
  });
  return {
    load: async () => log.load(),
    commit: (changes, { durable }) => commits.commit({ changes, durable }),
    read: async (...question) => log.read(...question),
    waiting: async (...question) => log.waiting(...question),
    types: async (...question) => log.types(...question),
    parked: async (...question) => log.parked(...question),
    parkedCount: async (receiver) => log.parkedCount(receiver),
  };
}

/**
 * Runs one transaction. Without `durable` it survives the end of the process, but not necessarily a power cut: then it
 * is lost only together with everything after it, and the next durable one takes it along.
 */
export function inTransaction<Result>(database: DatabaseSync, durable: boolean, work: () => Result): Result {
  if (!durable) database.exec("PRAGMA synchronous = NORMAL");
  try {
    database.exec("BEGIN IMMEDIATE");
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  } finally {
    if (!durable) database.exec("PRAGMA synchronous = FULL");
  }
}
