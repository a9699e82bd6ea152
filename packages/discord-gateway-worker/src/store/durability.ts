/** How much of the disk a transaction waits for. */
import type { DatabaseSync } from "node:sqlite";

/**
 * Runs a transaction that nothing is waited for: it survives the end of the process, as every one does, but not
 * necessarily a power cut. The database's log is one, so such a commit is lost only together with all that came after it,
 * and the next that is waited for takes it along.
 */
export function withoutWaiting<Result>(database: DatabaseSync, transaction: () => Result): Result {
  database.exec("PRAGMA synchronous = NORMAL");
  try {
    return transaction();
  } finally {
    database.exec("PRAGMA synchronous = FULL");
  }
}
