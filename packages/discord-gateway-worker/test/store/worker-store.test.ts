import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Happening } from "@guildwire/events";
import { describe, expect, it, onTestFinished } from "vitest";
import { type StoreIdentity, WorkerStore } from "../../src/store/worker-store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const IDENTITY: StoreIdentity = { token: "token", intents: 129, guildId: "100" };
const NOW = "2026-11-21T09:00:00.000Z";
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

function status(status: "live" | "resync"): Happening {
  return { type: "source.status", data: { status, since: NOW } };
}

function open(directory: string, identity = IDENTITY): WorkerStore {
  const store = WorkerStore.open(directory, identity);
  onTestFinished(() => {
    try {
      store.close();
    } catch {
      // The test closed it itself.
    }
  });
  return store;
}

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
    expect(second.loadSession()).toEqual({ id: "s1", resumeUrl: "wss://r.test", seq: 7 });
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
    expect(store.outboxDepth()).toEqual({ waiting: 0, oldestTimestamp: null });
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

describe("a data directory that cannot be used", () => {
  it("is refused while another worker has it", () => {
    const directory = temporaryDirectory();
    open(directory);
    expect(() => open(directory)).toThrow(/another worker is using DATA_DIR/);
  });

  it("is refused and left alone when its file is not a database", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "worker.sqlite"), "these are not the bytes of a database ".repeat(100));
    expect(() => open(directory)).toThrow(/damaged or not a Guildwire database/);
  });

  it("is refused when a newer version wrote it", () => {
    const directory = temporaryDirectory();
    const file = new DatabaseSync(join(directory, "worker.sqlite"));
    file.exec("PRAGMA user_version = 999");
    file.close();
    expect(() => open(directory)).toThrow(/newer Guildwire \(schema 999/);
  });

  it("is refused when it is a file", () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expect(() => open(file)).toThrow(/cannot be written/);
  });
});
