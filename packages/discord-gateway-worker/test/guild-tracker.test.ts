import { parkedEventSchema, readDelivery } from "@guildwire/events";
import { describe, expect, it } from "vitest";
import { composeBatch } from "../src/delivery/batch.ts";
import { GuildTracker } from "../src/guild-tracker.ts";
import type { Commit } from "../src/store/worker-store.ts";
import { GUILD, guildCreate, LOUNGE, member, voiceState } from "./guild/discord.ts";
import { NOW, openStore } from "./store/open-store.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const SESSION = { id: "s1", resumeUrl: "wss://r.test" };
const SAID = { status: "resync", sinceIso: NOW } as const;

/** A tracker on a real store; `beforeCommit` may throw what a disk would. */
function setUp(beforeCommit: (commit: Commit) => void = () => undefined) {
  const store = openStore(temporaryDirectory(), { token: "t", intents: 1, guildId: GUILD });
  const stored: number[] = [];
  const tracker = new GuildTracker({
    guildId: GUILD,
    memory: store.loadGuild(),
    commit: (commit) => {
      beforeCommit(commit);
      store.commit(commit);
    },
    compact: (tell, nowIso) => store.compact(tell, nowIso),
    replay: (parked, snapshot, nowIso) => store.replay(parked, snapshot, nowIso),
    onAppended: () => undefined,
    onStored: (_, seq) => stored.push(seq),
    onDispatch: () => undefined,
  });
  const take = (seq: number, name: string, d: object) =>
    tracker.take({ session: SESSION, dispatches: [{ seq, name, d }], lastSeq: seq });
  const join = (seq: number, userId: string) =>
    take(seq, "VOICE_STATE_UPDATE", {
      guild_id: GUILD,
      ...voiceState(userId, LOUNGE),
      member: member(userId),
    });
  const delivery = () => {
    const batch = composeBatch({ source: GUILD, epoch: store.epoch }, store.outboxAfter(0, 256));
    const outcome = readDelivery(JSON.parse(batch?.body ?? "null"));
    return outcome.ok ? outcome.delivery.events : expect.unreachable(outcome.problems.join());
  };
  return { store, stored, tracker, take, join, delivery };
}

describe("a commit that fails", () => {
  it("is the last: neither later dispatches nor the cursor pass over what was not stored", () => {
    let full = false;
    const { store, stored, tracker, take, join } = setUp(() => {
      if (full) throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
    });
    take(1, "GUILD_CREATE", guildCreate());
    const before = store.lastSeq;
    full = true;
    expect(() => join(2, "1")).toThrow(/full/);
    full = false;
    expect(() => join(3, "2")).toThrow(/after a failed commit/);
    expect(() => tracker.tellSnapshot(SAID)).toThrow(/after a failed commit/);
    tracker.flushCursor();
    expect(stored).toEqual([1]);
    expect(store.loadSession()?.session.seq).toBe(1);
    expect(store.lastSeq).toBe(before);
    expect(store.loadGuild().occupants.size).toBe(0);
  });
});

describe("a snapshot that no dispatch led to", () => {
  it("says how fresh the picture is, as the connection does", () => {
    const { tracker, take, delivery } = setUp();
    expect(tracker.tellSnapshot(SAID)).toBe(false);
    take(1, "GUILD_CREATE", guildCreate());
    expect(tracker.tellSnapshot(SAID)).toBe(true);
    expect(delivery().map(({ event }) => event.data)).toMatchObject([
      { status: "live" },
      { status: "resync" },
    ]);
  });

  it("says that the guild is out while it is, whatever the connection does", () => {
    const { tracker, take, delivery } = setUp();
    take(1, "GUILD_CREATE", guildCreate());
    take(2, "GUILD_DELETE", { id: GUILD, unavailable: true });
    tracker.tellSnapshot({ status: "live", sinceIso: NOW });
    expect(delivery().at(-1)?.event.data).toMatchObject({ status: "outage" });
  });
});

describe("a guild that does not come after READY", () => {
  it("is told as an outage, once, in which nobody leaves", () => {
    const { store, tracker, take, join, delivery } = setUp();
    tracker.tellMissing();
    expect(store.lastSeq).toBe(0);
    take(1, "GUILD_CREATE", guildCreate());
    join(2, "1");
    tracker.tellMissing();
    tracker.tellMissing();
    expect(delivery().map(({ event }) => event.type)).toEqual([
      "guild.snapshot",
      "voice.joined",
      "guild.unavailable",
    ]);
    take(3, "GUILD_CREATE", guildCreate([voiceState("1", LOUNGE)]));
    expect(
      delivery()
        .map(({ event }) => event.type)
        .slice(3),
    ).toEqual(["guild.available", "guild.snapshot"]);
  });
});

describe("a guild whose snapshot is too large for one delivery", () => {
  const crowd = Array.from({ length: 4_000 }, (_, index) => voiceState(String(1_000 + index), LOUNGE));
  type Part = { readonly part?: number; readonly parts?: number; readonly compacted?: object };
  const log = (store: ReturnType<typeof setUp>["store"]) =>
    store.outboxAfter(0, 256).map(({ type, data }) => ({ type, data: JSON.parse(data) as Part }));

  it("is told in parts that follow each other, whatever the snapshot is for", () => {
    const { store, tracker, take } = setUp();
    take(1, "GUILD_CREATE", guildCreate(crowd));
    const first = log(store);
    const parts = first.length;
    expect(parts).toBeGreaterThan(1);
    const numbers = Array.from({ length: parts }, (_, index) => ["snapshot.part", index + 1, parts]);
    const told = (entries: ReturnType<typeof log>) =>
      entries.map(({ type, data: { part, parts: of } }) => [type, part, of]);
    expect(told(first)).toEqual(numbers);
    tracker.tellSnapshot(SAID);
    expect(told(log(store))).toEqual([...numbers, ...numbers]);
  });

  it("is compacted to parts of which the first says for what they stand, and again to others that add it up", () => {
    const { store, tracker, take } = setUp();
    take(1, "GUILD_CREATE", guildCreate(crowd));
    const parts = store.outboxDepth().waiting;
    const compacted = { from: 1, to: parts, events: parts };
    expect(tracker.compact(SAID)).toEqual(compacted);
    expect(log(store).map(({ data }) => data.compacted)).toEqual([
      compacted,
      ...Array.from({ length: parts - 1 }, () => undefined),
      compacted,
    ]);
    expect(tracker.compact(SAID)).toEqual({ from: 1, to: 2 * parts + 1, events: 2 * parts + 1 });
  });
});

describe("compacting the outbox", () => {
  it("leaves a snapshot of what is so and a status, both of which say for how many events they stand", () => {
    const { store, tracker, take, join, delivery } = setUp();
    take(1, "GUILD_CREATE", guildCreate());
    join(2, "1");
    join(3, "2");
    const compacted = { from: 1, to: 3, events: 3 };
    expect(tracker.compact(SAID)).toEqual(compacted);
    expect(delivery()).toMatchObject([
      {
        known: true,
        event: {
          seq: 4,
          type: "guild.snapshot",
          data: { status: "resync", compacted, occupants: [{ user: { id: "1" } }, { user: { id: "2" } }] },
        },
      },
      {
        known: true,
        event: { seq: 5, type: "source.status", data: { status: "resync", since: NOW, compacted } },
      },
    ]);
    join(4, "3");
    expect(store.outboxAfter(5, 10)).toMatchObject([{ seq: 6, type: "voice.joined" }]);
  });

  it("does nothing while the guild has never been seen", () => {
    expect(setUp().tracker.compact(SAID)).toBeUndefined();
  });
});

describe("a parked event", () => {
  it("reaches a receiver as an event that counts and means nothing", () => {
    const { store, take, join, delivery } = setUp();
    take(1, "GUILD_CREATE", guildCreate());
    join(2, "1");
    store.park({ seq: 2, reason: "422: no", tries: 7 }, NOW);
    const tombstone = delivery()[1];
    expect(tombstone).toMatchObject({
      known: false,
      event: { seq: 2, id: `${store.epoch}-2`, type: "event.parked" },
    });
    expect(parkedEventSchema.parse(tombstone?.event.data)).toEqual({
      seq: 2,
      id: `${store.epoch}-2`,
      type: "voice.joined",
      reason: "422: no",
    });
  });
});
