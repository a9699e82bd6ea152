import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Happening } from "@guildwire/events";
import { describe, expect, it, onTestFinished } from "vitest";
import { MIGRATIONS } from "../../src/store/schema.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { IDENTITY, NOW, openStore as open, status } from "./open-store.ts";

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

describe("worker store", () => {
  it("keeps session, guild and events through a restart", () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    first.commit({
      session: { id: "s1", resumeUrl: "wss://r.test", seq: 7 },
      changes: [
        { kind: "guild", status: "available", guild: { id: "100", name: "G", iconUrl: null } },
        { kind: "setRoom", room: ROOM },
        { kind: "setCategory", category: { id: "300", name: "Voice", position: 0 } },
      ],
      happenings: [status("live")],
      nowIso: NOW,
    });
    const { epoch } = first;
    first.close();

    const second = open(directory);
    expect(second.epoch).toBe(epoch);
    expect(second.loadSession()).toEqual({
      session: { id: "s1", resumeUrl: "wss://r.test", seq: 7 },
      lastAliveMs: expect.closeTo(Date.now(), -5),
    });
    expect(second.loadGuild()).toMatchObject({ status: "available", guild: { name: "G" } });
    expect([...second.loadGuild().rooms.values()]).toEqual([ROOM]);
    expect(second.outboxAfter(0, 10)).toMatchObject([{ seq: 1, type: "source.status", timestamp: NOW }]);
  });

  it("never gives a number out twice, even when everything was delivered before a restart", () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    first.commit({ changes: [], happenings: [status("live"), status("resync")], nowIso: NOW });
    first.acknowledge(2);
    first.close();
    const second = open(directory);
    second.commit({ changes: [], happenings: [status("live")], nowIso: NOW });
    expect(second.outboxAfter(0, 10).map(({ seq }) => seq)).toEqual([3]);
  });

  it("commits all of a group or none of it", () => {
    const store = open(temporaryDirectory());
    const unserialisable = { type: "source.status", data: { status: 1n } } as unknown as Happening;
    expect(() =>
      store.commit({
        session: { id: "s1", resumeUrl: "wss://r.test", seq: 7 },
        changes: [{ kind: "setRoom", room: ROOM }],
        happenings: [status("live"), unserialisable],
        nowIso: NOW,
      }),
    ).toThrow();
    expect(store.loadSession()).toBeUndefined();
    expect(store.outboxDepth()).toEqual({ waiting: 0, bytes: 0, oldestTimestamp: null });
    expect(store.lastSeq).toBe(0);
  });

  it.each([
    ["another token", { ...IDENTITY, token: "other" }],
    ["other intents", { ...IDENTITY, intents: 1 }],
  ])("drops the session for %s and keeps the log", (_, identity) => {
    const directory = temporaryDirectory();
    const first = open(directory);
    first.commit({
      session: { id: "s1", resumeUrl: "wss://r.test", seq: 7 },
      changes: [],
      happenings: [status("live")],
      nowIso: NOW,
    });
    const { epoch } = first;
    first.close();
    const second = open(directory, identity);
    expect(second.loadSession()).toBeUndefined();
    expect(second.epoch).toBe(epoch);
    expect(second.outboxDepth().waiting).toBe(1);
  });

  it("begins afresh for another guild", () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    first.commit({ changes: [{ kind: "setRoom", room: ROOM }], happenings: [status("live")], nowIso: NOW });
    const { epoch } = first;
    first.close();
    const second = open(directory, { ...IDENTITY, guildId: "101" });
    expect(second.epoch).not.toBe(epoch);
    expect([second.lastSeq, second.outboxDepth().waiting, second.loadGuild().rooms.size]).toEqual([0, 0, 0]);
  });

  it("starts a new epoch from 1 when it is told that the receiver is ahead", () => {
    const store = open(temporaryDirectory());
    store.commit({ changes: [], happenings: [status("live")], nowIso: NOW });
    const { epoch } = store;
    store.startNewEpoch();
    store.commit({ changes: [], happenings: [status("live")], nowIso: NOW });
    expect(store.epoch).not.toBe(epoch);
    expect(store.outboxAfter(0, 10).map(({ seq }) => seq)).toEqual([1]);
  });
});

describe("a stored session", () => {
  it("remembers when Discord was last known to hold it", () => {
    const directory = temporaryDirectory();
    const first = open(directory);
    first.touchSession(1);
    first.commit({
      session: { id: "s1", resumeUrl: "wss://r.test", seq: 7 },
      changes: [],
      happenings: [],
      nowIso: NOW,
    });
    first.touchSession(1_795_000_000_000);
    first.close();
    expect(open(directory).loadSession()?.lastAliveMs).toBe(1_795_000_000_000);
  });
});

describe("a file of the first version", () => {
  it("is taken over with session and events, and learns to shrink", () => {
    const directory = temporaryDirectory();
    const file = new DatabaseSync(join(directory, "worker.sqlite"));
    file.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1;
      INSERT INTO gateway_session VALUES (1, 's1', 'wss://r.test', 7);
      INSERT INTO outbox (type, timestamp, data) VALUES ('source.status', '${NOW}', '{}')`);
    file.close();
    const store = open(directory);
    expect(store.loadSession()).toEqual({
      session: { id: "s1", resumeUrl: "wss://r.test", seq: 7 },
      lastAliveMs: null,
    });
    expect(store.outboxDepth().waiting).toBe(1);
    store.close();
    const after = new DatabaseSync(join(directory, "worker.sqlite"));
    onTestFinished(() => after.close());
    expect(after.prepare("PRAGMA auto_vacuum").get()).toEqual({ auto_vacuum: 2 });
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
  it("is refused while another worker has it", () => {
    const directory = temporaryDirectory();
    open(directory);
    expect(() => open(directory)).toThrow(/another worker is using DATA_DIR/);
  });

  it("is refused and left alone when its file is not a database", () => {
    const directory = temporaryDirectory();
    const text = "these are not the bytes of a database ".repeat(100);
    writeFileSync(join(directory, "worker.sqlite"), text);
    expect(() => open(directory)).toThrow(/damaged or not a Guildwire database/);
    expect(readFileSync(join(directory, "worker.sqlite"), "utf8")).toBe(text);
  });

  it("is refused when a newer version wrote it", () => {
    const directory = temporaryDirectory();
    const file = new DatabaseSync(join(directory, "worker.sqlite"));
    file.exec("PRAGMA user_version = 999");
    file.close();
    const before = readFileSync(join(directory, "worker.sqlite"));
    expect(() => open(directory)).toThrow(/newer Guildwire \(schema 999/);
    expect(readFileSync(join(directory, "worker.sqlite")).equals(before)).toBe(true);
  });

  it("is refused and left alone when another program's database is there", () => {
    const directory = temporaryDirectory();
    const file = new DatabaseSync(join(directory, "worker.sqlite"));
    file.exec("CREATE TABLE theirs (a)");
    file.close();
    const before = readFileSync(join(directory, "worker.sqlite"));
    expect(() => open(directory)).toThrow(/database of another program/);
    expect(readFileSync(join(directory, "worker.sqlite")).equals(before)).toBe(true);
  });

  it("is refused when it is damaged in the middle", () => {
    const directory = temporaryDirectory();
    const store = open(directory);
    store.commit({ changes: [], happenings: Array.from({ length: 500 }, () => status("live")), nowIso: NOW });
    store.close();
    const file = join(directory, "worker.sqlite");
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4_096);
    writeFileSync(file, bytes);
    expect(() => open(directory)).toThrow(/damaged|cannot/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it("is refused when it is read-only", ({ skip }) => {
    const directory = readOnlyDirectory();
    if (directory === undefined) return skip("needs to be another user than root, or to mount");
    expect(() => open(directory)).toThrow(/cannot be written/);
    expect(() => open(join(directory, "within"))).toThrow(/cannot be written/);
  });

  it("is refused when it is a file", () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expect(() => open(file)).toThrow(/cannot be written/);
  });
});
