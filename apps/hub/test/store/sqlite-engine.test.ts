import { type CommittedDelta, EngineUnavailableError, type TopicEngine } from "@guildwire/live";
import { describeTopicEngine } from "@guildwire/live/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { commitOf, leftBehind, openStore, type StoreAtWork, walBytesOf } from "./store-at-work.ts";

const directories = new WeakMap<TopicEngine, string>();

function engineIn(store: StoreAtWork): TopicEngine {
  directories.set(store.engine, store.directory);
  return store.engine;
}

describeTopicEngine(
  "the SQLite engine",
  (clock) => engineIn(openStore(undefined, () => clock.nowMs)),
  async (engine, end, clock) => {
    const directory = directories.get(engine) ?? "";
    const next = end === "killed" ? leftBehind(directory) : directory;
    await engine.close();
    return engineIn(openStore(next, () => clock.nowMs));
  },
);

function open(directory?: string): StoreAtWork {
  const store = openStore(directory);
  onTestFinished(async () => await store.engine.close());
  return store;
}

describe("a transaction", () => {
  it("is shared by the commits of one turn, except those that must see each other (Q2)", async () => {
    const { engine, told } = open();
    const sources = Array.from({ length: 20 }, (_, index) => String(index));
    await Promise.all([
      ...sources.map((source) => engine.commit(commitOf(source, 0, [["s", "a", 1]]))),
      engine.commit(commitOf("0", 1, [["s", "a", 2]])),
      engine.commit(commitOf("other", 0, [["s", "b", 1]], "0")),
    ]);
    expect(told.groups).toEqual([20, 1, 1]);
    expect((await engine.load("0")).position.offset).toBe(3);
  });

  it("is not begun for commits that are refused", async () => {
    const { engine, told } = open();
    expect(await engine.commit(commitOf("1", 7, [["s", "a", 1]]))).toEqual({ type: "conflict" });
    expect(told.groups).toEqual([]);
  });

  it("leaves out a commit that cannot be written as JSON, and takes the others", async () => {
    const { engine } = open();
    const [bad, good] = await Promise.allSettled([
      engine.commit(commitOf("1", 0, [["s", "a", 1n]])),
      engine.commit(commitOf("2", 0, [["s", "a", 1]])),
    ]);
    expect([bad.status, good.status]).toEqual(["rejected", "fulfilled"]);
    expect(await engine.loadSource("1")).toBeUndefined();
    expect((await engine.load("1")).position.offset).toBe(0);
  });
});

describe("a full disk", () => {
  it("refuses commits, changes nothing, goes on answering, and takes them when there is room again (E6)", async () => {
    const { engine, database, directory, told } = open();
    await engine.commit(commitOf("1", 0, [["s", "a", 1]]));
    const before = await engine.load("1");
    const heard: CommittedDelta[] = [];
    engine.listen((committed) => heard.push(committed));

    const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const large = commitOf("1", 1, [["s", "b", "x".repeat(100_000)]]);
    const small = commitOf("2", 0, [["s", "a", 1]]);
    const refused = await Promise.allSettled([engine.commit(large), engine.commit(small)]);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(EngineUnavailableError) });
    }
    expect(told.failures).toEqual(["diskFull"]);
    expect(heard).toEqual([]);
    expect(await engine.load("1")).toEqual(before);
    expect(await engine.since("1", before.position)).toMatchObject({ type: "delta", delta: undefined });
    expect(await engine.loadSource("1")).toMatchObject({ version: 1 });

    database.exec("PRAGMA max_page_count = 1000000");
    expect(await engine.commit(large)).toMatchObject({ type: "committed", record: { version: 2 } });
    expect(heard).toHaveLength(1);
    const next = open(leftBehind(directory));
    expect((await next.engine.load("1")).entries).toHaveLength(2);
  });
});

describe("a process that dies while it writes", () => {
  it("leaves whole commits and nothing of the one that was under way, wherever the log ends", async () => {
    const { engine, directory } = open();
    for (let version = 0; version < 12; version++) {
      await engine.commit({
        ...commitOf("1", version, []),
        topics: ["t", "u"].map((topic) => ({ topic, ops: [["s", "n", version + 1]] as const, atMs: 1 })),
      });
    }
    const epoch = (await engine.load("t")).position.epoch;
    const total = walBytesOf(directory);
    const seen = new Set<number>();
    for (let bytes = total; bytes > 0; bytes -= 3_001) {
      const store = openStore(leftBehind(directory, bytes));
      const record = await store.engine.loadSource("1");
      const version = record?.version ?? 0;
      seen.add(version);
      expect(record?.cursor.seq ?? 0).toBe(version);
      for (const topic of ["t", "u"]) {
        const { position, entries } = await store.engine.load(topic);
        expect(position.offset).toBe(version);
        expect(entries).toEqual(version === 0 ? [] : [["n", version, version]]);
        if (version > 0) expect(position.epoch).toBe(epoch);
      }
      await store.engine.close();
    }
    expect([...seen]).toContain(12);
    expect(seen.size).toBeGreaterThan(6);
  });
});

describe("the size of the file", () => {
  it("stays bounded over 100,000 commits, and what a large topic took is given back", async () => {
    const { engine, database, told } = open();
    // What is measured here is bytes, not the disk's patience.
    database.exec("PRAGMA synchronous = OFF");
    const sources = Array.from({ length: 50 }, (_, index) => String(index));
    const people = Array.from({ length: 20_000 }, (_, index) => `u:${index}`);
    await engine.commit(
      commitOf(
        "large",
        0,
        people.map((key) => ["s", key, { name: key }] as const),
      ),
    );
    await engine.commit(commitOf("large", 1, [["c"]]));
    for (let version = 0; version < 2_000; version++) {
      await Promise.all(
        sources.map((source) =>
          engine.commit(commitOf(source, version, [["s", `u:${version % 40}`, { room: version }]])),
        ),
      );
    }
    const [, afterFirstHalf] = told.sizesBytes;
    const last = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]) * 4_096;
    expect(database.prepare("SELECT count(*) AS n FROM delta").get()).toMatchObject({ n: 50 * 1_024 + 1 });
    // 50 rings of 1,024 deltas; about 110 bytes each.
    expect(last).toBeLessThan(12_000_000);
    expect(last - (afterFirstHalf ?? 0)).toBeLessThan(1_048_576);
  }, 60_000);

  it("does not grow by granted keys whose time has passed", async () => {
    let nowMs = 0;
    const store = openStore(undefined, () => nowMs);
    onTestFinished(async () => await store.engine.close());
    for (; nowMs < 200; nowMs++) await store.engine.once(`k${nowMs}`, 10);
    expect(store.database.prepare("SELECT count(*) AS n FROM granted").get()).toMatchObject({ n: 10 });
  });
});
