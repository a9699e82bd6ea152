import type { Happening } from "@guildwire/events";
import { Secret } from "@guildwire/runtime";
import { ProcessError } from "@guildwire/runtime/errors";
import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config.ts";
import { stoppedWorker } from "../../src/control/stopped-worker.ts";
import { openDelivery } from "../../src/guild-delivery.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { appending, logOf, NOW, openStore, status } from "./open-store.ts";

const LATER = "2026-11-21T10:00:00.000Z";
const SNAPSHOT: Extract<Happening, { type: "guild.snapshot" }> = {
  type: "guild.snapshot",
  data: {
    guild: { id: "100", name: "G", iconUrl: null },
    rooms: [],
    categories: [],
    occupants: [],
    status: "live",
  },
};

function configOf(dataDir: string): Config {
  const hub = { name: "hub", url: "http://127.0.0.1:9/", keys: [], families: ["rooms"] } as const;
  const outbox = { rowsMax: 1_000, bytesMax: 1e9, ageMaxS: 1e9 };
  return { dataDir, guildId: "100", outbox, receivers: [hub], token: new Secret("t") } as unknown as Config;
}

/** A directory with three parked events of the receiver `hub`, all acknowledged. */
async function withParked(seen = true) {
  const directory = temporaryDirectory();
  const store = await openStore(directory);
  const cursor = { receiver: "hub", stream: "100", jump: null, fence: 0 };
  const parking = (seq: number, parkedAt: string) =>
    ({
      op: "park",
      parked: { receiver: "hub", stream: "100", seq, parkedAt, reason: "422: no", tries: 5 },
    }) as const;
  await store.store({
    changes: seen ? [{ kind: "guild", status: "available", guild: SNAPSHOT.data.guild }] : [],
    log: [
      appending("100", [status("live"), SNAPSHOT, status("resync")]),
      parking(1, NOW),
      parking(2, LATER),
      parking(3, LATER),
      { op: "move", cursor: { ...cursor, seq: 3 } },
      { op: "prune", stream: "100", throughSeq: 3 },
    ],
  });
  await store.close();
  return directory;
}

describe("a replay of a stopped worker's outbox", () => {
  it("puts parked events in line again, in order and marked, and a snapshot behind them", async () => {
    const directory = await withParked();
    const stopped = await stoppedWorker(configOf(directory));
    expect(await stopped.replay("all")).toEqual({ parked: 2, snapshotSeq: 6 });
    await stopped.close();
    const store = await openStore(directory);
    const waiting = await logOf(store);
    expect(waiting.map(({ seq, type, receiver }) => [seq, type, receiver])).toEqual([
      [4, "source.status", "hub"],
      [5, "source.status", "hub"],
      [6, "guild.snapshot", null],
    ]);
    expect(waiting.map(({ data }) => JSON.parse(data))).toMatchObject([
      { status: "live", approx: true },
      { status: "resync", approx: true },
      { status: "stale" },
    ]);
    expect(await store.parkedCount("hub")).toBe(0);
  });

  it("takes those that were parked since, and leaves the others parked", async () => {
    const stopped = await stoppedWorker(configOf(await withParked()));
    expect(await stopped.replay({ sinceIso: LATER })).toMatchObject({ parked: 1 });
    expect((await stopped.inspect()).receivers[0]).toMatchObject({ parkedTotal: 1, waiting: 2 });
    await stopped.close();
  });

  it("is a snapshot alone when no parked event is asked for", async () => {
    const stopped = await stoppedWorker(configOf(await withParked()));
    expect(await stopped.replay("none")).toEqual({ parked: 0, snapshotSeq: 4 });
    expect((await stopped.inspect()).receivers[0]).toMatchObject({
      parkedTotal: 3,
      parked: [{ seq: 3 }, { seq: 2, reason: "422: no", tries: 5 }, { seq: 1 }],
      types: [{ type: "guild.snapshot", events: 1 }],
      streams: [{ id: "100", lastSeq: 4, acknowledged: 3, waiting: 1 }],
    });
    await stopped.close();
  });

  it("appends no snapshot of a guild that was never seen", async () => {
    const stopped = await stoppedWorker(configOf(await withParked(false)));
    expect(await stopped.replay("none")).toEqual({ parked: 0, snapshotSeq: null });
    await stopped.close();
  });
});

describe("the store of a stopped worker", () => {
  it("keeps the place of a receiver that the command's environment does not name", async () => {
    const directory = await withParked();
    const config = { ...configOf(directory), receivers: [] };
    const stopped = await stoppedWorker(config);
    await stopped.close();
    const store = await openStore(directory);
    expect((await store.load()).cursors).toHaveLength(1);
    const delivery = await openDelivery({ store, config: configOf(directory) });
    expect(delivery.receivers.get("hub")?.depth.waiting).toBe(0);
  });

  it("is neither made nor taken from a worker that runs", async () => {
    await expect(stoppedWorker(configOf(temporaryDirectory()))).rejects.toThrow(ProcessError);
    const directory = temporaryDirectory();
    await openStore(directory);
    await expect(stoppedWorker(configOf(directory))).rejects.toThrow(/another worker is using/);
  });
});
