import { type MetaValue, PersonFlag, type PersonValue } from "@guildwire/client/rooms";
import type { GuildwireEvent, Occupant } from "@guildwire/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isRoomsEvent,
  projectEvents,
  type Said,
  staleOps,
} from "../../../../src/features/rooms/projection/project.ts";
import type { VoiceMap } from "../../../../src/features/rooms/projection/voice-map.ts";
import { withOps } from "../../../../src/topics/entry-map.ts";
import {
  GUILD,
  GuildStory,
  isoAt,
  occupantOf,
  roomOf,
  STORY_START_MS,
  type StoryStep,
} from "../../../guild-story.ts";

interface Shown {
  readonly map: VoiceMap;
  readonly said: Said | undefined;
}

/** When the hub takes the events. */
const NOW_MS = STORY_START_MS + 60_000;

const NOTHING: Shown = { map: new Map(), said: undefined };

function shownAfter(shown: Shown, events: readonly GuildwireEvent[], nowMs = NOW_MS): Shown {
  const { ops, said } = projectEvents(shown.map, shown.said, events.filter(isRoomsEvent), nowMs);
  return { map: withOps(shown.map, ops), said };
}

const opsOf = (shown: Shown, events: readonly GuildwireEvent[]) =>
  projectEvents(shown.map, shown.said, events.filter(isRoomsEvent), NOW_MS).ops;
const sorted = ({ map, said }: Shown) => ({ said, entries: [...map].sort(([a], [b]) => (a < b ? -1 : 1)) });
const person = (shown: Shown, userId: string) => shown.map.get(`u:${userId}`) as PersonValue | undefined;
const source = (shown: Shown) => (shown.map.get("m") as MetaValue | undefined)?.source;

/** Rooms 1 and 2; user 7 in room 1. */
function begun(): { readonly story: GuildStory; readonly shown: Shown } {
  const story = new GuildStory();
  let shown = shownAfter(NOTHING, [story.snapshot()]);
  for (const room of ["1", "2"]) shown = shownAfter(shown, story.tell({ act: "openRoom", room }));
  shown = shownAfter(shown, story.tell({ act: "enter", user: "7", room: "1" }));
  return { story, shown };
}

function snapshotOf(story: GuildStory, occupants: readonly Occupant[]): GuildwireEvent {
  const rooms = [roomOf("1"), roomOf("2")];
  const data = { guild: GUILD, rooms, categories: [], occupants: [...occupants], status: "live" as const };
  return story.event({ type: "guild.snapshot", data });
}

describe("a move", () => {
  it("is one op that keeps `since` (P1)", () => {
    const { story, shown } = begun();
    const since = person(shown, "7")?.since;
    const moved = story.tell({ act: "enter", user: "7", room: "2" });
    expect(moved.map(({ type }) => type)).toEqual(["voice.left", "voice.joined"]);
    const ops = opsOf(shown, moved);
    expect(ops).toEqual([["s", "u:7", expect.objectContaining({ room: "2", since })]]);
    expect(person(shownAfter(shown, moved), "7")?.roomSince).toBeGreaterThan(since ?? 0);
  });

  it("cut in two by the end of a delivery never shows the person gone (P1)", () => {
    const { story, shown } = begun();
    const [left, joined] = story.tell({ act: "enter", user: "7", room: "2" });
    if (left === undefined || joined === undefined) throw new Error("a move is two events");
    const between = shownAfter(shown, [left]);
    expect(person(between, "7")?.room).toBe("2");
    expect(opsOf(between, [joined])).toEqual([]);
  });
});

describe("someone who comes, changes and goes", () => {
  it("is set, set again with the same times, and deleted", () => {
    const { story, shown } = begun();
    expect(person(shown, "7")).toEqual({
      room: "1",
      name: "User 7",
      avatarUrl: null,
      bot: false,
      flags: 0,
      since: STORY_START_MS + 3_000,
      roomSince: STORY_START_MS + 3_000,
    });
    const muted = shownAfter(shown, story.tell({ act: "mute", user: "7" }));
    expect(person(muted, "7")).toEqual({ ...person(shown, "7"), flags: PersonFlag.SelfMute });
    expect(opsOf(muted, story.tell({ act: "leave", user: "7" }))).toEqual([["d", "u:7"]]);
  });

  it("sets one bit for each flag", () => {
    const { story, shown } = begun();
    const names = [
      "selfMute",
      "selfDeaf",
      "mute",
      "deaf",
      "suppress",
      "stream",
      "video",
      "handRaised",
    ] as const;
    names.forEach((name, bit) => {
      const base = occupantOf("7", "1");
      const event = story.event({
        type: "voice.updated",
        data: { ...base, state: { ...base.state, [name]: true } },
      });
      expect(person(shownAfter(shown, [event]), "7")?.flags).toBe(2 ** bit);
    });
  });

  it("and is not there makes no op by leaving", () => {
    const { story, shown } = begun();
    expect(opsOf(shown, [story.event({ type: "voice.left", data: occupantOf("8", "1") })])).toEqual([]);
  });

  it("comes and goes within one delivery without a trace", () => {
    const { story, shown } = begun();
    const events = [
      ...story.tell({ act: "enter", user: "8", room: "1" }),
      ...story.tell({ act: "leave", user: "8" }),
    ];
    expect(opsOf(shown, events)).toEqual([]);
  });
});

describe("a snapshot", () => {
  it("makes ops only of what is different (P2)", () => {
    const { story, shown } = begun();
    expect(opsOf(shown, [story.snapshot()])).toEqual([]);
    const held = person(shown, "7");
    const event = snapshotOf(story, [
      occupantOf("7", "1", { since: isoAt(held?.since ?? 0), roomSince: isoAt(held?.roomSince ?? 0) }),
      occupantOf("9", "2"),
    ]);
    expect(opsOf(shown, [event])).toEqual([["s", "u:9", expect.objectContaining({ room: "2" })]]);
  });

  it("removes what it does not name", () => {
    const { story, shown } = begun();
    expect(opsOf(shown, [snapshotOf(story, [])])).toEqual([["d", "u:7"]]);
  });

  it("with guessed times leaves the times that are known", () => {
    const { story, shown } = begun();
    const guess = {
      since: isoAt(STORY_START_MS + 99_000),
      roomSince: isoAt(STORY_START_MS + 99_000),
      approx: true as const,
    };
    expect(opsOf(shown, [snapshotOf(story, [occupantOf("7", "1", guess)])])).toEqual([]);
    const elsewhere = shownAfter(shown, [snapshotOf(story, [occupantOf("7", "2", guess)])]);
    expect(person(elsewhere, "7")).toMatchObject({
      room: "2",
      since: person(shown, "7")?.since,
      roomSince: STORY_START_MS + 99_000,
      approx: true,
    });
  });

  it("with known times corrects them", () => {
    const { story, shown } = begun();
    const known = { since: isoAt(STORY_START_MS + 99_000), roomSince: isoAt(STORY_START_MS + 99_000) };
    expect(person(shownAfter(shown, [snapshotOf(story, [occupantOf("7", "1", known)])]), "7")?.since).toBe(
      STORY_START_MS + 99_000,
    );
  });
});

describe("a room", () => {
  it("takes its people with it (P3)", () => {
    const { story, shown } = begun();
    expect(opsOf(shown, story.tell({ act: "closeRoom", room: "1", peopleFirst: false }))).toEqual([
      ["d", "r:1"],
      ["d", "u:7"],
    ]);
  });

  it("gets its status line and start time", () => {
    const { story, shown } = begun();
    const startedAt = isoAt(STORY_START_MS);
    const event = story.event({ type: "room.status", data: { roomId: "1", status: "Chess", startedAt } });
    expect(opsOf(shown, [event])).toEqual([
      ["s", "r:1", expect.objectContaining({ name: "Room 1", status: "Chess", startedAt: STORY_START_MS })],
    ]);
    const stranger = story.event({
      type: "room.status",
      data: { roomId: "99", status: "?", startedAt: null },
    });
    expect(opsOf(shown, [stranger])).toEqual([]);
  });
});

describe("the source", () => {
  it("in an outage keeps everybody (P4)", () => {
    const { story, shown } = begun();
    const out = shownAfter(shown, [story.event({ type: "guild.unavailable", data: { guild: GUILD } })]);
    expect(source(out)?.status).toBe("outage");
    expect(person(out, "7")).toEqual(person(shown, "7"));
    const back = shownAfter(out, [story.event({ type: "guild.available", data: { guild: GUILD } })]);
    expect(source(back)?.status).toBe("live");
  });

  it("that is removed keeps its name and nothing else", () => {
    const { story, shown } = begun();
    const gone = shownAfter(shown, [story.event({ type: "guild.removed", data: { guild: GUILD } })]);
    expect([...gone.map.keys()]).toEqual(["m"]);
    expect(source(gone)?.status).toBe("gone");
  });

  it("keeps the time at which a status began when it is said again", () => {
    const { story, shown } = begun();
    const since = isoAt(source(shown)?.since ?? 0);
    const repeat = story.event({ type: "source.status", data: { status: "live", since } });
    expect(opsOf(shown, [repeat])).toEqual([]);
    const resync = shownAfter(shown, story.tell({ act: "status", status: "resync" }));
    expect(source(resync)).toEqual({ status: "resync", since: STORY_START_MS + 4_000 });
  });

  it("takes a later time of the same status: it began anew, as with a new session", () => {
    const { story, shown } = begun();
    const since = isoAt(STORY_START_MS + 30_000);
    const anew = story.event({ type: "source.status", data: { status: "live", since } });
    expect(source(shownAfter(shown, [anew]))).toEqual({ status: "live", since: STORY_START_MS + 30_000 });
  });

  it("is live since now after it was stale, also when the worker repeats its older time (P6)", () => {
    const { story, shown } = begun();
    const since = isoAt(source(shown)?.since ?? 0);
    const stale: Shown = { ...shown, map: withOps(shown.map, staleOps(shown.map, NOW_MS - 300_000)) };
    const repeat = () => story.event({ type: "source.status", data: { status: "live", since } });
    const back = shownAfter(stale, [repeat()]);
    expect(source(back)).toEqual({ status: "live", since: NOW_MS });
    expect(source(shownAfter(back, [repeat()], NOW_MS + 10_000))).toEqual({ status: "live", since: NOW_MS });
  });

  it("keeps the time of an outage through staleness: it is Discord's", () => {
    const { story, shown } = begun();
    const out = shownAfter(shown, [story.event({ type: "guild.unavailable", data: { guild: GUILD } })]);
    const stale: Shown = { ...out, map: withOps(out.map, staleOps(out.map, NOW_MS)) };
    expect(source(shownAfter(stale, []))).toEqual(source(out));
  });

  it("set to stale goes back to the worker's last word with the next batch (P6)", () => {
    const { story, shown } = begun();
    const stale: Shown = { ...shown, map: withOps(shown.map, staleOps(shown.map, 77)) };
    expect(source(stale)).toEqual({ status: "stale", since: 77 });
    expect(staleOps(stale.map, 99)).toEqual([]);
    const live = { status: "live", since: NOW_MS };
    expect(source(shownAfter(stale, []))).toEqual(live);
    expect(source(shownAfter(stale, story.tell({ act: "mute", user: "7" })))).toEqual(live);
  });

  it("of which nothing is known yet is not called stale", () => {
    expect(staleOps(new Map(), 5)).toEqual([]);
  });

  it("shows a new guild name and its categories", () => {
    const { story, shown } = begun();
    const category = (id: string) => ({ id, name: `Category ${id}`, position: 1 });
    const first = shownAfter(shown, [
      story.event({
        type: "guild.updated",
        data: { guild: { ...GUILD, name: "New" }, categories: [category("5"), category("6")] },
      }),
    ]);
    expect(first.map.get("m")).toMatchObject({ guild: { name: "New" }, source: source(shown) });
    const second = story.event({
      type: "guild.updated",
      data: { guild: GUILD, categories: [category("6")] },
    });
    expect(opsOf(first, [second])).toEqual([
      ["s", "m", expect.anything()],
      ["d", "c:5"],
    ]);
  });
});

describe("any story", () => {
  const room = fc.constantFrom("1", "2", "3");
  const user = fc.constantFrom("7", "8", "9");
  const step: fc.Arbitrary<StoryStep> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ act: fc.constant("enter" as const), user, room }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant("leave" as const), user }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant("mute" as const), user }) },
    { weight: 4, arbitrary: fc.record({ act: fc.constant("openRoom" as const), room }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant("renameRoom" as const), room }) },
    {
      weight: 1,
      arbitrary: fc.record({ act: fc.constant("closeRoom" as const), room, peopleFirst: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        act: fc.constant("status" as const),
        status: fc.constantFrom("live" as const, "resync" as const, "outage" as const),
      }),
    },
  );
  const steps = fc.array(step, { maxLength: 40 });

  it("comes out the same one event at a time, in batches, and all at once", () => {
    fc.assert(
      fc.property(steps, fc.array(fc.integer({ min: 1, max: 5 })), (list, sizes) => {
        const story = new GuildStory();
        const events = [story.snapshot(), ...list.flatMap((one) => story.tell(one))];
        const atOnce = shownAfter(NOTHING, events);
        let batched = NOTHING;
        for (let from = 0, turn = 0; from < events.length; turn++) {
          const to = from + (sizes[turn % Math.max(1, sizes.length)] ?? 1);
          batched = shownAfter(batched, events.slice(from, to));
          from = to;
        }
        expect(sorted(batched)).toEqual(sorted(atOnce));
      }),
    );
  });

  it("comes out the same from a snapshot at any point and the rest", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, at) => {
        const cut = at % (list.length + 1);
        const story = new GuildStory();
        const start = story.snapshot();
        const before = list.slice(0, cut).flatMap((one) => story.tell(one));
        const snapshot = story.snapshot();
        const rest = list.slice(cut).flatMap((one) => story.tell(one));
        const fromStart = shownAfter(NOTHING, [start, ...before, ...rest]);
        const fromSnapshot = shownAfter(NOTHING, [snapshot, ...rest]);
        const entriesOf = (shown: Shown) => sorted(shown).entries.filter(([key]) => key !== "m");
        expect(entriesOf(fromSnapshot)).toEqual(entriesOf(fromStart));
        expect(source(fromSnapshot)?.status).toBe(source(fromStart)?.status);
      }),
    );
  });

  it("is not changed by a snapshot of what it already shows", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const story = new GuildStory();
        const shown = shownAfter(NOTHING, [story.snapshot(), ...list.flatMap((one) => story.tell(one))]);
        expect(opsOf(shown, [story.snapshot()])).toEqual([]);
      }),
    );
  });

  it("told twice from any point on shows what it showed", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, at) => {
        const story = new GuildStory();
        const events = [story.snapshot(), ...list.flatMap((one) => story.tell(one)), story.snapshot()];
        const shown = shownAfter(NOTHING, events);
        const again = shownAfter(shown, events.slice(at % events.length));
        const withoutMeta = ({ map }: Shown) =>
          sorted({ map, said: undefined }).entries.filter(([key]) => key !== "m");
        expect(withoutMeta(again)).toEqual(withoutMeta(shown));
      }),
    );
  });
});
