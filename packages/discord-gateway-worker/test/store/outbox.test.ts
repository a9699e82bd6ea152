import { statSync } from "node:fs";
import { join } from "node:path";
import type { Happening } from "@guildwire/events";
import { describe, expect, it } from "vitest";
import { PARKED_MAX } from "../../src/store/outbox-table.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { NOW, openStore as open, status } from "./open-store.ts";

const FILLER = "x".repeat(400);

function bulky(count: number): Happening[] {
  const happening = { type: "source.status", data: { status: "live", since: NOW, filler: FILLER } };
  return Array.from({ length: count }, () => happening as Happening);
}

function fileBytes(directory: string): number {
  return statSync(join(directory, "worker.sqlite")).size;
}

describe("the outbox's depth", () => {
  it("is known without reading the log, and is right after each change and a restart", () => {
    const directory = temporaryDirectory();
    const store = open(directory);
    const bytesOfOne = Buffer.byteLength(JSON.stringify(status("live").data));
    store.commit({ changes: [], happenings: [status("live"), status("live"), status("live")], nowIso: NOW });
    expect(store.outboxDepth()).toEqual({ waiting: 3, bytes: 3 * bytesOfOne, oldestTimestamp: NOW });
    store.acknowledge(2);
    expect(store.outboxDepth()).toEqual({ waiting: 1, bytes: bytesOfOne, oldestTimestamp: NOW });
    store.park({ seq: 3, reason: "400", tries: 5 }, NOW);
    const before = store.outboxDepth();
    store.close();
    expect(open(directory).outboxDepth()).toEqual(before);
  });

  it("is as before when a commit fails", () => {
    const store = open(temporaryDirectory());
    store.commit({ changes: [], happenings: [status("live")], nowIso: NOW });
    const before = store.outboxDepth();
    const unserialisable = { type: "source.status", data: { status: 1n } } as unknown as Happening;
    expect(() =>
      store.commit({ changes: [], happenings: [status("live"), unserialisable], nowIso: NOW }),
    ).toThrow();
    expect(store.outboxDepth()).toEqual(before);
    expect(store.lastSeq).toBe(1);
  });
});

describe("a parked event", () => {
  it("leaves a tombstone with its place, id and type, and is kept through a restart", () => {
    const directory = temporaryDirectory();
    const store = open(directory);
    store.commit({ changes: [], happenings: [status("live"), status("resync")], nowIso: NOW });
    const parked = store.park({ seq: 2, reason: "400: no", tries: 5 }, NOW);
    expect(parked).toEqual({ seq: 2, id: `${store.epoch}-2`, type: "source.status", reason: "400: no" });
    store.close();
    const next = open(directory);
    expect(next.parkedCount()).toBe(1);
    expect(next.outboxAfter(1, 1)).toEqual([
      { seq: 2, type: "event.parked", timestamp: NOW, data: JSON.stringify(parked) },
    ]);
  });

  it("is nothing that waits no more, and no tombstone", () => {
    const store = open(temporaryDirectory());
    store.commit({ changes: [], happenings: [status("live"), status("live")], nowIso: NOW });
    store.acknowledge(1);
    expect(store.park({ seq: 1, reason: "", tries: 5 }, NOW)).toBeUndefined();
    expect(store.park({ seq: 2, reason: "", tries: 5 }, NOW)).toBeDefined();
    expect(store.park({ seq: 2, reason: "", tries: 5 }, NOW)).toBeUndefined();
    expect(store.parkedCount()).toBe(1);
  });

  it("gives way to newer ones above the bound", () => {
    const store = open(temporaryDirectory());
    const happenings = Array.from({ length: PARKED_MAX + 3 }, () => status("live"));
    store.commit({ changes: [], happenings, nowIso: NOW });
    for (let seq = 1; seq <= happenings.length; seq += 1) store.park({ seq, reason: "", tries: 5 }, NOW);
    expect(store.parkedCount()).toBe(PARKED_MAX);
  });
});

describe("an outbox that is compacted", () => {
  const snapshot = (compacted: object): Happening[] => [
    { type: "guild.snapshot", data: { compacted } } as unknown as Happening,
    status("resync"),
  ];

  it("holds what stands for it, numbered on", () => {
    const store = open(temporaryDirectory());
    store.commit({ changes: [], happenings: bulky(50), nowIso: NOW });
    store.acknowledge(10);
    expect(store.compact(snapshot, NOW)).toEqual({ from: 11, to: 50, events: 40 });
    expect(store.outboxAfter(0, 10)).toMatchObject([
      { seq: 51, type: "guild.snapshot", data: '{"compacted":{"from":11,"to":50,"events":40}}' },
      { seq: 52, type: "source.status" },
    ]);
    expect(store.outboxDepth().waiting).toBe(2);
  });

  it("takes over what an undelivered snapshot stood for", () => {
    const store = open(temporaryDirectory());
    store.commit({ changes: [], happenings: bulky(5), nowIso: NOW });
    store.compact(snapshot, NOW);
    store.commit({ changes: [], happenings: bulky(3), nowIso: NOW });
    expect(store.compact(snapshot, NOW)).toEqual({ from: 1, to: 10, events: 10 });
  });

  it("stays as it is when nothing waits", () => {
    const store = open(temporaryDirectory());
    expect(store.compact(() => expect.unreachable(), NOW)).toBeUndefined();
  });
});

describe("a long backlog", () => {
  it("is drained in constant memory, and the file shrinks meanwhile", () => {
    const directory = temporaryDirectory();
    const store = open(directory);
    for (let group = 0; group < 200; group += 1) {
      store.commit({ changes: [], happenings: bulky(500), nowIso: NOW });
    }
    expect(store.outboxDepth().waiting).toBe(100_000);
    const rssBefore = process.memoryUsage.rss();
    for (;;) {
      const last = store.outboxAfter(0, 256).at(-1);
      if (last === undefined) break;
      store.acknowledge(last.seq);
    }
    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(100 * 1024 * 1024);
    store.close();
    expect(fileBytes(directory)).toBeLessThan(5 * 1024 * 1024);
  });

  it("gives its disk back by and by when it went at once", () => {
    const directory = temporaryDirectory();
    const store = open(directory);
    store.commit({ changes: [], happenings: bulky(20_000), nowIso: NOW });
    store.compact(() => [status("live")], NOW);
    for (let seconds = 0; seconds < 10; seconds += 1) store.shrink(1_024);
    store.close();
    expect(fileBytes(directory)).toBeLessThan(3 * 1024 * 1024);
  });
});
