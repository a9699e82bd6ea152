import type { MetaValue, PersonValue, RoomValue, VoiceValue } from "@guildwire/client/rooms";
import type { Op } from "@guildwire/live";
import {
  type Arbitrary,
  array,
  boolean,
  assert as check,
  constantFrom,
  option,
  property,
  record,
  tuple,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { viewOf, viewOps } from "../../../../src/features/rooms/projection/view-projection.ts";
import type { VoiceMap } from "../../../../src/features/rooms/projection/voice-map.ts";
import { withOps } from "../../../../src/topics/entry-map.ts";
import { projectionOf, viewsOf } from "../../../views/views-at-work.ts";

const META: MetaValue = {
  guild: { id: "100", name: "Guild", iconUrl: null },
  source: { status: "live", since: 1 },
};
const ROOM: RoomValue = {
  name: "Room",
  kind: "voice",
  position: 0,
  parentId: null,
  userLimit: 0,
  status: "doing things",
  startedAt: 5,
};
const PERSON: PersonValue = {
  room: "1",
  name: "Ann",
  avatarUrl: "https://cdn/ann.png",
  bot: false,
  flags: 3,
  since: 10,
  roomSince: 20,
};

const room = (more: Partial<RoomValue> = {}): RoomValue => ({ ...ROOM, ...more });
const person = (more: Partial<PersonValue> = {}): PersonValue => ({ ...PERSON, ...more });
const stateOf = (entries: Record<string, VoiceValue>): VoiceMap =>
  new Map(Object.entries({ m: META, ...entries }));

function shown(
  rules: object,
  entries: Record<string, VoiceValue>,
  more: object = {},
): Record<string, unknown> {
  const { m: _meta, ...rest } = Object.fromEntries(viewOf(projectionOf(rules, more), stateOf(entries)));
  return rest;
}

const STATE = {
  "c:9": { name: "Hall", position: 1 },
  "r:1": room(),
  "r:2": room({ kind: "stage", parentId: "9" }),
  "u:5": person(),
  "u:6": person({ name: "Bob", room: "2", bot: true }),
};

describe("a view", () => {
  it("without rules is the state", () => {
    expect(shown({}, STATE)).toEqual(STATE);
  });

  it("leaves out rooms and categories by id, with everybody in them", () => {
    expect(Object.keys(shown({ rooms: { except: ["1"] } }, STATE))).toEqual(["c:9", "r:2", "u:6"]);
    expect(Object.keys(shown({ rooms: { except: ["9"] } }, STATE))).toEqual(["r:1", "u:5"]);
  });

  it("shows only the rooms and categories it names, and a heading when one of its rooms is shown", () => {
    expect(Object.keys(shown({ rooms: { only: ["9"] } }, STATE))).toEqual(["c:9", "r:2", "u:6"]);
    expect(Object.keys(shown({ rooms: { only: ["2"] } }, STATE))).toEqual(["c:9", "r:2", "u:6"]);
    expect(Object.keys(shown({ rooms: { only: ["1", "9"], except: ["2"] } }, STATE))).toEqual(["r:1", "u:5"]);
    expect(Object.keys(shown({ rooms: { kinds: ["voice"] } }, STATE))).toEqual(["r:1", "u:5"]);
  });

  it("leaves out bots, everybody, or those who asked for it", () => {
    expect(Object.keys(shown({ bots: false }, STATE))).toEqual(["c:9", "r:1", "r:2", "u:5"]);
    expect(Object.keys(shown({ people: "none" }, STATE))).toEqual(["c:9", "r:1", "r:2"]);
    expect(Object.keys(shown({}, STATE, { optOut: ["5"] }))).toEqual(["c:9", "r:1", "r:2", "u:6"]);
  });

  it("says so when it leaves out everybody, as an empty room looks the same", () => {
    const metaOf = (rules: object) => viewOf(projectionOf(rules), stateOf(STATE)).get("m");
    expect(metaOf({ people: "none" })).toEqual({ ...META, people: "none" });
    expect(metaOf({ people: "anonymous" })).toEqual(META);
  });

  it("leaves out fields", () => {
    const show = { avatars: false, flags: false, status: false, times: false };
    expect(shown({ show }, { "r:1": room(), "u:5": person({ approx: true }) })).toEqual({
      "r:1": room({ status: null, startedAt: null }),
      "u:5": person({ avatarUrl: null, flags: 0, since: 0, roomSince: 0 }),
    });
  });

  it("that leaves rooms out begins everybody's time with the room", () => {
    expect(shown({ rooms: { except: ["2"] } }, STATE)["u:5"]).toEqual(person({ since: 20 }));
  });

  it("does not show someone whose room is not known", () => {
    expect(shown({}, { "u:5": person({ room: "404" }) })).toEqual({});
  });
});

describe("guests", () => {
  const guests = (rules: object, entries: Record<string, VoiceValue>) =>
    Object.entries(shown({ people: "anonymous", ...rules }, entries)).filter(([key]) => key.startsWith("u:"));

  it("have a made-up id and name, and no picture", () => {
    const [[key, value] = []] = guests({}, { "r:1": room(), "u:5": person() });
    expect(key).toMatch(/^u:g[0-9a-f]{16}$/);
    expect(value).toEqual(
      person({ name: expect.stringMatching(/^Guest [0-9A-F]{4}$/) as unknown as string, avatarUrl: null }),
    );
  });

  it("stay the same while they move and mute, and are others after they left", () => {
    const rooms = { "r:1": room(), "r:2": room() };
    const keyOf = (more: Partial<PersonValue>) => guests({}, { ...rooms, "u:5": person(more) })[0]?.[0];
    expect(keyOf({ room: "2", roomSince: 99, flags: 0 })).toBe(keyOf({}));
    expect(keyOf({ since: 11 })).not.toBe(keyOf({}));
  });

  it("are others in each room of a view that leaves rooms out", () => {
    const rooms = { "r:1": room(), "r:2": room(), "r:3": room() };
    const keyOf = (more: Partial<PersonValue>) =>
      guests({ rooms: { except: ["3"] } }, { ...rooms, "u:5": person(more) })[0]?.[0];
    expect(keyOf({ room: "2", roomSince: 99 })).not.toBe(keyOf({}));
  });

  it("are others in each view and under each secret", () => {
    const state = stateOf({ "r:1": room(), "u:5": person() });
    const file = { views: { a: { people: "anonymous" }, b: { people: "anonymous" } } };
    const keys = viewsOf(file).projections.flatMap((projection) => [...viewOf(projection, state).keys()]);
    expect(new Set(keys.filter((key) => key.startsWith("u:"))).size).toBe(2);
  });
});

// A small world, so that ids meet often.
const roomIds = constantFrom("1", "2", "3");
const categoryIds = constantFrom("8", "9");
const userIds = constantFrom("21", "22", "23", "24");
const rooms: Arbitrary<RoomValue> = record({
  ...Object.fromEntries(Object.entries(ROOM).map(([name, value]) => [name, constantFrom(value)])),
  name: constantFrom("hidden-name-a", "b"),
  kind: constantFrom("voice", "stage"),
  parentId: option(categoryIds),
  status: constantFrom(null, "told"),
}) as Arbitrary<RoomValue>;
const people: Arbitrary<PersonValue> = tuple(roomIds, boolean(), constantFrom(1, 2), constantFrom(3, 4)).map(
  ([at, bot, since, roomSince]) => person({ room: at, bot, since, roomSince }),
);
const ops: Arbitrary<Op> = tuple(
  constantFrom(0, 1, 2, 3, 4, 5, 6),
  roomIds,
  categoryIds,
  userIds,
  rooms,
  people,
).map(([kind, roomId, categoryId, userId, roomValue, personValue]): Op => {
  const all: readonly Op[] = [
    ["s", `r:${roomId}`, roomValue],
    ["d", `r:${roomId}`],
    ["s", `u:${userId}`, personValue],
    ["d", `u:${userId}`],
    ["s", `c:${categoryId}`, { name: `category ${categoryId}`, position: 1 }],
    ["d", `c:${categoryId}`],
    ["s", "m", META],
  ];
  return all[kind] ?? ["c"];
});
const rules = record({
  rooms: record(
    {
      only: constantFrom(["1", "2"], ["8"], ["3", "9"]),
      except: constantFrom([], ["1"], ["9"], ["2", "8"]),
      kinds: constantFrom(["voice"], ["voice", "stage"]),
    },
    { requiredKeys: ["except", "kinds"] },
  ),
  people: constantFrom("named", "anonymous", "none"),
  bots: boolean(),
  show: record({ times: boolean(), status: boolean() }),
});
const RUNS = 400;

describe("changes of a view", () => {
  it("lead to the view of what the state becomes, whatever changes (V1)", () => {
    void check(
      property(rules, array(array(ops, { maxLength: 4 }), { maxLength: 12 }), (rule, commits) => {
        const projection = projectionOf(rule, { optOut: ["24"] });
        let state: VoiceMap = stateOf({});
        let view = viewOf(projection, state);
        for (const commit of commits) {
          const after = withOps(state, commit);
          view = withOps(view, viewOps(projection, state, after, commit));
          state = after;
          expect(sorted(view)).toEqual(sorted(viewOf(projection, state)));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("never name what is hidden", () => {
    const projection = projectionOf(
      { rooms: { except: ["2", "9"] }, people: "anonymous" },
      { optOut: ["24"] },
    );
    void check(
      property(array(array(ops, { maxLength: 4 }), { maxLength: 12 }), (commits) => {
        let state: VoiceMap = stateOf({});
        const told: (readonly Op[])[] = [];
        for (const commit of commits) {
          const after = withOps(state, commit);
          told.push(viewOps(projection, state, after, commit));
          state = after;
        }
        const text = JSON.stringify([told, [...viewOf(projection, state)]]);
        expect(text).not.toMatch(/"r:2"|"room":"2"|"c:9"|category 9|"u:2\d"|Ann|cdn/);
      }),
      { numRuns: RUNS },
    );
  });

  it("tell of someone who goes into a hidden room no more than of someone who leaves (V2)", () => {
    const projection = projectionOf({ rooms: { except: ["2"] } });
    const before = stateOf({ "r:1": room(), "r:2": room(), "u:5": person() });
    const move: readonly Op[] = [["s", "u:5", person({ room: "2", roomSince: 50 })]];
    const leave: readonly Op[] = [["d", "u:5"]];
    const told = (change: readonly Op[]) => viewOps(projection, before, withOps(before, change), change);
    expect(told(move)).toEqual([["d", "u:5"]]);
    expect(told(leave)).toEqual([["d", "u:5"]]);
  });

  it("bring a room's people with it, and take them along (V3)", () => {
    const projection = projectionOf({ rooms: { except: ["9"] } });
    const before = stateOf({ "r:1": room({ parentId: "9" }), "u:5": person() });
    const show: readonly Op[] = [["s", "r:1", room()]];
    const after = withOps(before, show);
    const shownOps = viewOps(projection, before, after, show);
    expect(shownOps.map((op) => [op[0], op[1]])).toEqual([
      ["s", "r:1"],
      ["s", "u:5"],
    ]);
    const hide: readonly Op[] = [["s", "r:1", room({ parentId: "9" })]];
    expect(viewOps(projection, after, before, hide)).toEqual([
      ["d", "r:1"],
      ["d", "u:5"],
    ]);
  });
});

function sorted(map: VoiceMap): readonly (readonly [string, VoiceValue])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
