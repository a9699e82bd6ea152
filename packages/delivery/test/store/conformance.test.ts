import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DeliveryStore } from "../../src/store/delivery-store.ts";
import { SQLITE_LOG_SCHEMA } from "../../src/store/sqlite-statements.ts";
import { createSqliteStore } from "../../src/store/sqlite-store.ts";
import { createMemoryStore, emptyDisk, type StoreUnderTest, storeChecks } from "../../src/testing/index.ts";

/** A generator of numbers from 0 to 1 that repeats for a seed. */
function rolls(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function inMemory(): StoreUnderTest {
  const disk = emptyDisk();
  return { store: createMemoryStore(disk), reopen: async () => createMemoryStore(disk) };
}

/** Every commit takes up to eight turns of the event loop. */
function delayed(seed: number): StoreUnderTest {
  const disk = emptyDisk();
  const roll = rolls(seed);
  const delay = async () => {
    for (let turns = Math.floor(roll() * 8); turns > 0; turns -= 1) await new Promise(setImmediate);
  };
  const open = () => createMemoryStore(disk, delay);
  return { store: open(), reopen: async () => open() };
}

function onSqlite(): StoreUnderTest {
  const directory = mkdtempSync(join(tmpdir(), "guildwire-delivery-"));
  let database = new DatabaseSync(join(directory, "log.sqlite"));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SQLITE_LOG_SCHEMA}`);
  onTestFinished(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });
  return {
    store: createSqliteStore(database),
    async reopen(): Promise<DeliveryStore> {
      database.close();
      database = new DatabaseSync(join(directory, "log.sqlite"));
      return createSqliteStore(database);
    },
  };
}

const STORES: readonly (readonly [string, () => StoreUnderTest])[] = [
  ["memory", inMemory],
  ...[1, 2, 3].map((seed) => [`memory with delays of seed ${seed}`, () => delayed(seed)] as const),
  ["SQLite", onSqlite],
];

describe.each(STORES)("a store on %s", (_, make) => {
  it.each(storeChecks.map(({ title, run }) => [title, run] as const))("%s", async (_title, run) => {
    await expect(run(make())).resolves.toBeUndefined();
  });
});

describe("a store whose commits fail by seed", () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    "keeps exactly what it resolved, and nothing after the first failure (seed %i)",
    async (seed) => {
      const disk = emptyDisk();
      const roll = rolls(seed);
      const store = createMemoryStore(disk, async () => {
        for (let turns = Math.floor(roll() * 4); turns > 0; turns -= 1) await new Promise(setImmediate);
        if (roll() < 0.2) throw new Error("the disk is full");
      });
      const definition = { id: "1/facts", kind: "fact", family: "f", lane: "facts" } as const;
      const opened = await Promise.allSettled([
        store.commit([{ op: "open", stream: definition, epoch: "e", cursors: [] }], { durable: true }),
      ]);
      const tops: number[] = [];
      const pending: Promise<unknown>[] = [];
      for (let n = 1; n <= 30; n += 1) {
        const entries = [{ type: "a.b", timestamp: "", data: String(n) }];
        const append = store.commit([{ op: "append", stream: "1/facts", entries }], { durable: true });
        pending.push(
          append.then(
            ([result]) => result?.op === "append" && tops.push(result.top),
            () => undefined,
          ),
        );
        if (roll() < 0.5) await new Promise(setImmediate);
      }
      await Promise.all(pending);
      const kept = await createMemoryStore(disk).read("1/facts", 0, 100);
      expect(kept.map(({ seq }) => seq)).toEqual(tops);
      expect(kept.map(({ data }) => Number(data))).toEqual(tops);
      if (opened[0]?.status === "rejected") expect(kept).toEqual([]);
    },
  );
});
