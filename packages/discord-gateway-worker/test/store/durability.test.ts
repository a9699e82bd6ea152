import type { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { withoutWaiting } from "../../src/store/durability.ts";
import { openWorkerDatabase } from "../../src/store/open-database.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const NORMAL = 1;
const FULL = 2;

function synchronousOf(database: DatabaseSync): unknown {
  return database.prepare("PRAGMA synchronous").get()?.["synchronous"];
}

function opened(): DatabaseSync {
  const database = openWorkerDatabase(temporaryDirectory());
  onTestFinished(() => database.close());
  return database;
}

describe("a transaction that is not waited for", () => {
  it("is the only one: before and after it every commit is on the disk", () => {
    const database = opened();
    expect(synchronousOf(database)).toBe(FULL);
    const during = withoutWaiting(database, () => {
      database.exec("BEGIN; INSERT INTO meta VALUES ('a', 'b')");
      database.exec("COMMIT");
      return synchronousOf(database);
    });
    expect(during).toBe(NORMAL);
    expect(synchronousOf(database)).toBe(FULL);
  });

  it("leaves the next ones waited for when it fails", () => {
    const database = opened();
    const failing = () => withoutWaiting(database, () => database.exec("INSERT INTO nowhere VALUES (1)"));
    expect(failing).toThrow("nowhere");
    expect(synchronousOf(database)).toBe(FULL);
  });
});
