import { type Cursor, composeBatch, rendered } from "@guildwire/delivery";
import { readDelivery } from "@guildwire/events";
import { describe, expect, it } from "vitest";
import { GuildTracker } from "../src/guild-tracker.ts";
import { GUILD, guildCreate, LOUNGE, member, voiceState } from "./guild/discord.ts";
import { appending, logOf, NOW, openStore } from "./store/open-store.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const SESSION = { id: "s1", resumeUrl: "wss://r.test" };
const REPORTED = { status: "resync", sinceIso: NOW } as const;

const HUB: Cursor = { receiver: "hub", stream: GUILD, seq: 0, jump: null, fence: 0 };

/** A tracker on a real store; `beforeCommit` may throw what a disk would. */
async function setUp(beforeCommit: () => void = () => undefined) {
  const identity = { token: "t", intents: 1, guildId: GUILD };
  const store = await openStore(temporaryDirectory(), identity);
  const stored: number[] = [];
  const tracker = new GuildTracker({
    guildId: GUILD,
    memory: await store.loadGuild(),
    async commit({ session, changes, happenings, nowIso }) {
      beforeCommit();
      const log = happenings.length > 0 ? [appending(GUILD, happenings, nowIso)] : [];
      const [result] = await store.store({ ...(session && { session }), changes, log });
      if (result?.op !== "append") return null;
      return { firstSeq: result.top - result.appended + 1, lastSeq: result.top };
    },
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
  const log = async () =>
    (await logOf(store, GUILD)).map(({ type, data }) => ({ type, data: JSON.parse(data) as Part }));
  return { store, stored, tracker, take, join, log };
}

type Part = Readonly<Record<string, unknown>>;

describe("a commit that fails", () => {
  it("is the last: neither later dispatches nor the cursor pass over what was not stored", async () => {
    let full = false;
    const { store, stored, tracker, take, join, log } = await setUp(() => {
      if (full) throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
    });
    await take(1, "GUILD_CREATE", guildCreate());
    full = true;
    await expect(join(2, "1")).rejects.toThrow(/full/);
    await expect(tracker.appendSnapshot(REPORTED, false)).rejects.toThrow(/full/);
    expect(stored).toEqual([1]);
    expect((await store.loadSession())?.session.seq).toBe(1);
    expect(await log()).toHaveLength(1);
    expect((await store.loadGuild()).occupants.size).toBe(0);
  });
});

describe("the session's cursor", () => {
  it("is confirmed only once it is stored", async () => {
    const { stored, take } = await setUp();
    const taken = take(1, "GUILD_CREATE", guildCreate());
    expect(stored).toEqual([]);
    await taken;
    expect(stored).toEqual([1]);
  });
});

describe("a snapshot that no dispatch led to", () => {
  it("carries the status of the connection", async () => {
    const { tracker, take, log } = await setUp();
    expect(await tracker.appendSnapshot(REPORTED, false)).toBeNull();
    await take(1, "GUILD_CREATE", guildCreate());
    expect(await tracker.appendSnapshot(REPORTED, false)).toEqual({ firstSeq: 2, lastSeq: 2 });
    expect((await log()).map(({ data }) => data["status"])).toEqual(["live", "resync"]);
  });

  it("carries the guild's outage while it lasts, whatever the connection's status", async () => {
    const { tracker, take, log } = await setUp();
    await take(1, "GUILD_CREATE", guildCreate());
    await take(2, "GUILD_DELETE", { id: GUILD, unavailable: true });
    await tracker.appendSnapshot({ status: "live", sinceIso: NOW }, true);
    expect((await log()).slice(-2).map(({ type, data }) => [type, data["status"]])).toEqual([
      ["guild.snapshot", "outage"],
      ["source.status", "outage"],
    ]);
  });
});

describe("a guild that does not come after READY", () => {
  it("is reported as an outage, once, in which nobody leaves", async () => {
    const { tracker, take, join, log } = await setUp();
    await tracker.reportMissing();
    expect(await log()).toEqual([]);
    await take(1, "GUILD_CREATE", guildCreate());
    await join(2, "1");
    await tracker.reportMissing();
    await tracker.reportMissing();
    await take(3, "GUILD_CREATE", guildCreate([voiceState("1", LOUNGE)]));
    expect((await log()).map(({ type }) => type)).toEqual([
      "guild.snapshot",
      "voice.joined",
      "guild.unavailable",
      "guild.available",
      "guild.snapshot",
    ]);
  });
});

describe("a guild whose snapshot is too large for one delivery", () => {
  const crowd = Array.from({ length: 4_000 }, (_, index) => voiceState(String(1_000 + index), LOUNGE));

  it("is appended in parts that follow each other, and a receiver that gave up events learns it with the first", async () => {
    const { store, tracker, take, log } = await setUp();
    await take(1, "GUILD_CREATE", guildCreate(crowd));
    const first = await log();
    const parts = first.length;
    expect(parts).toBeGreaterThan(1);
    const numbers = Array.from({ length: parts }, (_, index) => ["snapshot.part", index + 1, parts]);
    expect(first.map(({ type, data }) => [type, data["part"], data["parts"]])).toEqual(numbers);
    expect(await tracker.appendSnapshot(REPORTED, true)).toEqual({
      firstSeq: parts + 1,
      lastSeq: 2 * parts + 1,
    });

    const jump = { from: 1, to: parts, count: parts, reason: "bound", through: 2 * parts + 1 } as const;
    const [stream] = (await store.load()).streams;
    if (stream === undefined) return expect.unreachable("the stream was opened");
    const events = rendered({
      stream,
      cursor: { ...HUB, jump },
      after: parts,
      entries: await logOf(store, GUILD, parts),
      reachesTop: true,
      tombstones: new Map(),
      statusData: null,
      nowIso: NOW,
      eventsMax: 256,
    });
    const compacted = { from: 1, to: parts, events: parts };
    expect(events.map(({ data }) => (JSON.parse(data) as Part)["compacted"])).toEqual([
      compacted,
      ...Array.from({ length: parts - 1 }, () => undefined),
      compacted,
    ]);
    const body = (event: (typeof events)[number]) => composeBatch(stream, [event])?.body ?? "";
    for (const event of events) expect(readDelivery(JSON.parse(body(event)))).toMatchObject({ ok: true });
  });
});
