import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { GUILD_STREAM } from "../../src/guild-delivery.ts";
import { MIGRATIONS } from "../../src/store/schema.ts";
import type { WorkerStore } from "../../src/store/worker-store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { appending, IDENTITY, logOf, NOW, openStore as open, status } from "./open-store.ts";

const ROOM = {
  id: "201",
  name: "Lounge",
  kind: "voice",
  position: 0,
  parentId: null,
  userLimit: 0,
  status: null,
  startedAt: null,
} as const;

const SESSION = { id: "s1", resumeUrl: "wss://r.test", seq: 7 };
const epochOf = async (store: WorkerStore) => (await store.load()).streams[0]?.epoch;

describe("worker store", () => {
  it("keeps session, guild and events through a restart", async () => {
    const directory = temporaryDirectory();
    const first = await open(directory);
    await first.store({
      session: SESSION,
      changes: [
        { kind: "guild", status: "available", guild: { id: "100", name: "G", iconUrl: null } },
        { kind: "setRoom", room: ROOM },
        { kind: "setCategory", category: { id: "300", name: "Voice", position: 0 } },
      ],
      log: [appending("100", [status("live")])],
    });
    const epoch = await epochOf(first);
    await first.close();

    const second = await open(directory);
    expect(await epochOf(second)).toBe(epoch);
    expect(await second.loadSession()).toEqual({
      session: SESSION,
      lastAliveMs: expect.closeTo(Date.now(), -5),
    });
    const guild = await second.loadGuild();
    expect(guild).toMatchObject({ status: "available", guild: { name: "G" } });
    expect([...guild.rooms.values()]).toEqual([ROOM]);
    expect(await logOf(second)).toMatchObject([{ seq: 1, type: "source.status", timestamp: NOW }]);
  });

  it("commits all of a group or none of it, and nothing after a failure", async () => {
    const directory = temporaryDirectory();
    const store = await open(directory);
    const failing = store.store({
      session: SESSION,
      changes: [{ kind: "setRoom", room: ROOM }],
      log: [appending("100", [status("live")]), appending("never opened", [status("live")])],
    });
    await expect(failing).rejects.toThrow(/never opened/);
    await expect(store.store({ session: SESSION })).rejects.toThrow(/never opened/);
    await store.close();
    const again = await open(directory);
    expect(await again.loadSession()).toBeUndefined();
    expect((await again.loadGuild()).rooms.size).toBe(0);
    expect(await logOf(again)).toEqual([]);
    expect((await again.load()).streams[0]?.top).toBe(0);
  });

  it.each([
    ["another token", { ...IDENTITY, token: "other" }],
    ["other intents", { ...IDENTITY, intents: 1 }],
  ])("drops the session for %s and keeps the log", async (_, identity) => {
    const directory = temporaryDirectory();
    const first = await open(directory);
    await first.store({ session: SESSION, log: [appending("100", [status("live")])] });
    const epoch = await epochOf(first);
    await first.close();
    const second = await open(directory, identity);
    expect(await second.loadSession()).toBeUndefined();
    expect(await epochOf(second)).toBe(epoch);
    expect(await logOf(second)).toHaveLength(1);
  });

  it("starts without anything for another guild", async () => {
    const directory = temporaryDirectory();
    const first = await open(directory);
    await first.store({
      changes: [{ kind: "setRoom", room: ROOM }],
      log: [appending("100", [status("live")])],
    });
    await first.close();
    const second = await open(directory, { ...IDENTITY, guildId: "101" });
    const { streams } = await second.load();
    expect(streams.map(({ id, top }) => [id, top])).toEqual([["101", 0]]);
    expect((await second.loadGuild()).rooms.size).toBe(0);
  });
});

describe("a stored session", () => {
  it("remembers when Discord was last known to hold it", async () => {
    const directory = temporaryDirectory();
    const first = await open(directory);
    await first.store({ session: SESSION });
    await first.store({ aliveMs: 1_795_000_000_000 });
    await first.close();
    expect((await (await open(directory)).loadSession())?.lastAliveMs).toBe(1_795_000_000_000);
  });
});

describe("a file of an earlier version", () => {
  /** As the versions before the third schema wrote it. */
  function fileOf(version: 1 | 2, sql: string): string {
    const directory = temporaryDirectory();
    const file = new DatabaseSync(join(directory, "worker.sqlite"));
    file.exec(`${MIGRATIONS.slice(0, version).join(";")}; PRAGMA user_version = ${version}; ${sql}`);
    file.close();
    return directory;
  }
  const OUTBOX = `
    INSERT INTO meta VALUES ('guild', '100'), ('epoch', 'k3v9');
    INSERT INTO outbox (type, timestamp, data) VALUES
      ('guild.snapshot', '${NOW}', '{"n":1}'), ('voice.joined', '${NOW}', '{"n":2}'), ('voice.left', '${NOW}', '{"n":3}');
    DELETE FROM outbox WHERE seq = 1`;

  it("of the first schema is taken over with session and events, and learns to shrink", async () => {
    const directory = fileOf(1, `INSERT INTO gateway_session VALUES (1, 's1', 'wss://r.test', 7); ${OUTBOX}`);
    const store = await open(directory);
    expect(await store.loadSession()).toEqual({ session: SESSION, lastAliveMs: null });
    expect((await logOf(store)).map(({ seq, data }) => [seq, data])).toEqual([
      [2, '{"n":2}'],
      [3, '{"n":3}'],
    ]);
    await store.close();
    const after = new DatabaseSync(join(directory, "worker.sqlite"));
    onTestFinished(() => after.close());
    expect(after.prepare("PRAGMA auto_vacuum").get()).toEqual({ auto_vacuum: 2 });
  });

  it("of the second schema keeps epoch, sequence, waiting events and parked events for the hub", async () => {
    const directory = fileOf(
      2,
      `${OUTBOX};
       UPDATE outbox SET type = 'event.parked', data = '{"seq":2}' WHERE seq = 2;
       INSERT INTO parked VALUES ('k3v9', 2, 'voice.joined', '${NOW}', '{"n":2}', '${NOW}', '422: no', 5)`,
    );
    const store = await open(directory);
    const { streams, cursors, tombstones } = await store.load();
    expect(streams).toEqual([{ ...GUILD_STREAM("100"), epoch: "k3v9", top: 3, fence: 0 }]);
    expect(cursors).toEqual([{ receiver: "hub", stream: "100", seq: 1, jump: null, fence: 0 }]);
    expect(tombstones).toMatchObject([{ receiver: "hub", stream: "100", seq: 2, type: "voice.joined" }]);
    expect(await store.parked("hub", "", 10)).toMatchObject([
      { seq: 2, epoch: "k3v9", data: '{"n":2}', tries: 5 },
    ]);
    await store.commit([appending("100", [status("live")])], { durable: true });
    expect((await logOf(store)).map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });

  it("in which everything was acknowledged goes on with the next number", async () => {
    const store = await open(fileOf(2, `${OUTBOX}; DELETE FROM outbox`));
    const { streams, cursors } = await store.load();
    expect([streams[0]?.top, cursors[0]?.seq]).toEqual([3, 3]);
  });
});

/** A directory nobody can write to, not even root; `undefined` where that cannot be made. */
function readOnlyDirectory(): string | undefined {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o555);
  if (process.getuid?.() !== 0) return directory;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "ro,size=64k", "none", directory], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", [directory]));
  return directory;
}

describe("a data directory that cannot be used", () => {
  it("is refused while another worker has it", async () => {
    const directory = temporaryDirectory();
    await open(directory);
    await expect(open(directory)).rejects.toThrow(/another worker is using DATA_DIR/);
  });

  it("is refused and left alone when its file is not a database", async () => {
    const directory = temporaryDirectory();
    const text = "these are not the bytes of a database ".repeat(100);
    writeFileSync(join(directory, "worker.sqlite"), text);
    await expect(open(directory)).rejects.toThrow(/damaged or not a Guildwire database/);
    expect(readFileSync(join(directory, "worker.sqlite"), "utf8")).toBe(text);
  });

  it("is refused when a newer version wrote it", async () => {
    const directory = temporaryDirectory();
    const file = new DatabaseSync(join(directory, "worker.sqlite"));
    file.exec("PRAGMA user_version = 999");
    file.close();
    const before = readFileSync(join(directory, "worker.sqlite"));
    await expect(open(directory)).rejects.toThrow(/newer Guildwire \(schema 999/);
    expect(readFileSync(join(directory, "worker.sqlite")).equals(before)).toBe(true);
  });

  it("is refused and left alone when another program's database is there", async () => {
    const directory = temporaryDirectory();
    const file = new DatabaseSync(join(directory, "worker.sqlite"));
    file.exec("CREATE TABLE theirs (a)");
    file.close();
    const before = readFileSync(join(directory, "worker.sqlite"));
    await expect(open(directory)).rejects.toThrow(/database of another program/);
    expect(readFileSync(join(directory, "worker.sqlite")).equals(before)).toBe(true);
  });

  it("is refused when it is damaged in the middle", async () => {
    const directory = temporaryDirectory();
    const store = await open(directory);
    const many = Array.from({ length: 500 }, () => status("live"));
    await store.commit([appending("100", many)], { durable: true });
    await store.close();
    const file = join(directory, "worker.sqlite");
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4_096);
    writeFileSync(file, bytes);
    await expect(open(directory)).rejects.toThrow(/damaged|cannot/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it("is refused when it is read-only", async ({ skip }) => {
    const directory = readOnlyDirectory();
    if (directory === undefined) return skip("needs to be another user than root, or to mount");
    await expect(open(directory)).rejects.toThrow(/cannot be written/);
    await expect(open(join(directory, "within"))).rejects.toThrow(/cannot be written/);
  });

  it("is refused when it is a file", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    await expect(open(file)).rejects.toThrow(/cannot be written/);
  });
});
