import { ProcessError } from "@guildwire/runtime/errors";
import { describe, expect, it } from "vitest";
import { stoppedWorker } from "../../src/control/stopped-worker.ts";
import { SNAPSHOT } from "../delivery/sender-rig.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { IDENTITY, NOW, openStore, status } from "./open-store.ts";

const LATER = "2026-11-21T10:00:00.000Z";
const LAST = "2026-11-21T11:00:00.000Z";

function withParked() {
  const store = openStore(temporaryDirectory());
  store.commit({ changes: [], happenings: [status("live"), SNAPSHOT, status("resync")], nowIso: NOW });
  store.park({ seq: 1, reason: "422: no", tries: 5 }, NOW);
  store.park({ seq: 2, reason: "413: no", tries: 5 }, LATER);
  store.park({ seq: 3, reason: "422: no", tries: 5 }, LATER);
  store.acknowledge(3);
  return store;
}

describe("a replay", () => {
  it("puts parked events in line again, in order and marked, and a snapshot behind them", () => {
    const store = withParked();
    expect(store.replay("all", [SNAPSHOT], LAST)).toBe(2);
    const waiting = store.outboxAfter(0, 10);
    expect(waiting.map(({ seq, type }) => [seq, type])).toEqual([
      [4, "source.status"],
      [5, "source.status"],
      [6, "guild.snapshot"],
    ]);
    expect(waiting.map(({ data }) => JSON.parse(data))).toMatchObject([
      { status: "live", approx: true },
      { status: "resync", approx: true },
      { status: "live" },
    ]);
    expect(new Set(waiting.map(({ timestamp }) => timestamp))).toEqual(new Set([LAST]));
    expect(store.parkedCount()).toBe(0);
    expect(store.outboxDepth()).toMatchObject({ waiting: 3, oldestTimestamp: LAST });
  });

  it("takes those that were parked since, and leaves the others parked", () => {
    const store = withParked();
    expect(store.replay({ sinceIso: LATER }, [SNAPSHOT], LAST)).toBe(1);
    expect(store.parkedCount()).toBe(1);
  });

  it("is a snapshot alone when no parked event is wanted", () => {
    const store = withParked();
    expect(store.replay("none", [SNAPSHOT], LAST)).toBe(0);
    expect(store.outboxAfter(0, 10)).toMatchObject([{ seq: 4, type: "guild.snapshot" }]);
    expect(store.parkedCount()).toBe(3);
  });
});

describe("the outbox, looked at", () => {
  it("counts what waits by type, and shows why events were parked", () => {
    const store = withParked();
    store.commit({ changes: [], happenings: [status("live"), status("resync"), SNAPSHOT], nowIso: LATER });
    expect(store.inspectOutbox()).toMatchObject({
      epoch: store.epoch,
      lastSeq: 6,
      waiting: 3,
      oldestTimestamp: LATER,
      types: [
        { type: "source.status", events: 2 },
        { type: "guild.snapshot", events: 1 },
      ],
      parkedTotal: 3,
      parked: [{ seq: 3 }, { seq: 2, reason: "413: no", tries: 5 }, { seq: 1 }],
    });
  });
});

describe("the store of a stopped worker", () => {
  it("is opened for whoever it belongs to, and keeps everything", () => {
    const directory = temporaryDirectory();
    const store = openStore(directory, IDENTITY);
    store.commit({ changes: [], happenings: [status("live")], nowIso: NOW });
    store.close();
    using stopped = stoppedWorker(directory);
    expect(stopped.inspect()).toMatchObject({ waiting: 1 });
    expect(stopped.replay("all")).toEqual({ parked: 0, snapshotSeq: null });
  });

  it("is neither made nor taken from a worker that runs", () => {
    expect(() => stoppedWorker(temporaryDirectory())).toThrow(ProcessError);
    const directory = temporaryDirectory();
    openStore(directory);
    expect(() => stoppedWorker(directory)).toThrow(/another worker is using/);
  });
});
