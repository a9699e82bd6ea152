import type { Entry } from "@guildwire/live";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { voiceRooms, voiceRoomsMemo } from "../../src/rooms/voice-rooms-view.ts";
import { PersonFlag, type PersonValue, type RoomValue } from "../../src/rooms/voice-topic.ts";

type Entries = ReadonlyMap<string, Entry>;

const META: Entry = [
  "m",
  { guild: { id: "1", name: "Harbour", iconUrl: null }, source: { status: "live", since: 5 } },
  1,
];

function room(id: string, name: string, more: Partial<RoomValue> = {}): Entry {
  const value: RoomValue = {
    name,
    kind: "voice",
    position: 0,
    parentId: null,
    userLimit: 0,
    status: null,
    startedAt: null,
    ...more,
  };
  return [`r:${id}`, value, 1];
}

function person(id: string, roomId: string, name: string, more: Partial<PersonValue> = {}): Entry {
  const value: PersonValue = {
    room: roomId,
    name,
    avatarUrl: null,
    bot: false,
    flags: 0,
    since: 1,
    roomSince: 2,
    ...more,
  };
  return [`u:${id}`, value, 1];
}

function category(id: string, name: string, position: number): Entry {
  return [`c:${id}`, { name, position }, 1];
}

function entries(...list: readonly Entry[]): Entries {
  return new Map(list.map((entry) => [entry[0], entry]));
}

function having(before: Entries, ...list: readonly Entry[]): Entries {
  return new Map([...before, ...list.map((entry) => [entry[0], entry] as const)]);
}

describe("rooms and categories", () => {
  it("stand in Discord's order: no category first, then by position, then by age of the id", () => {
    const view = voiceRooms(
      entries(
        META,
        category("20", "Late", 7),
        category("10", "Early", 2),
        room("9", "ninth", { parentId: "10", position: 1 }),
        room("10", "tenth", { parentId: "10", position: 1, kind: "stage" }),
        room("8", "first", { parentId: "10", position: 0 }),
        room("7", "free", { position: 99 }),
        room("6", "last", { parentId: "20" }),
      ),
    );
    expect(view.categories.map(({ name, rooms }) => [name, ...rooms.map((each) => each.name)])).toEqual([
      [null, "free"],
      ["Early", "first", "ninth", "tenth"],
      ["Late", "last"],
    ]);
    expect(view.guild?.name).toBe("Harbour");
    expect(view.source).toEqual({ status: "live", since: 5 });
  });

  it("of a category that is not known stand without one", () => {
    const view = voiceRooms(entries(META, room("1", "orphan", { parentId: "404" })));
    expect(view.categories).toMatchObject([{ id: null, rooms: [{ name: "orphan" }] }]);
  });

  it("are full when their limit is reached, and never without one", () => {
    const people = [person("1", "1", "Ada"), person("2", "1", "Bob"), person("3", "2", "Cy")];
    const view = voiceRooms(entries(META, room("1", "two", { userLimit: 2 }), room("2", "open"), ...people));
    expect(view.rooms.get("1")).toMatchObject({ isFull: true, peopleCount: 2 });
    expect(view.rooms.get("2")).toMatchObject({ isFull: false, peopleCount: 1 });
    expect(view.occupiedCount).toBe(2);
  });

  it("without people are told from those of which nobody is shown", () => {
    const [key, meta, rev] = META;
    const alone: Entry = [key, { ...(meta as object), people: "none" }, rev];
    expect(voiceRooms(entries(META, room("1", "a"))).showsPeople).toBe(true);
    expect(voiceRooms(entries(alone, room("1", "a"))).showsPeople).toBe(false);
    expect(voiceRooms(entries()).showsPeople).toBe(true);
  });
});

describe("people", () => {
  it("are sorted by name as people read it, then by id", () => {
    const names = ["zoë", "Ada 10", "ada 9", "Élodie", "Eli", "eli"];
    const view = voiceRooms(
      entries(META, room("1", "a"), ...names.map((name, id) => person(`${id}`, "1", name))),
    );
    expect(view.rooms.get("1")?.people.map(({ name }) => name)).toEqual([
      "ada 9",
      "Ada 10",
      "Eli",
      "eli",
      "Élodie",
      "zoë",
    ]);
  });

  it("have their flags as booleans", () => {
    const flags = PersonFlag.SelfMute | PersonFlag.Deaf | PersonFlag.Stream | PersonFlag.HandRaised;
    const view = voiceRooms(entries(META, room("1", "a"), person("1", "1", "Ada", { flags, approx: true })));
    expect(view.people.get("1")).toMatchObject({
      selfMute: true,
      selfDeaf: false,
      mute: false,
      deaf: true,
      suppress: false,
      stream: true,
      video: false,
      handRaised: true,
      approx: true,
    });
  });

  it("of a room that is not known are not shown until it is", () => {
    const early = entries(META, person("1", "5", "Ada"));
    expect(voiceRooms(early).people.size).toBe(0);
    expect(voiceRooms(having(early, room("5", "new"))).people.size).toBe(1);
  });
});

describe("a view made after another", () => {
  const before = entries(
    META,
    category("10", "Early", 2),
    room("1", "one", { parentId: "10" }),
    room("2", "two", { parentId: "10", position: 1 }),
    room("3", "three"),
    person("1", "1", "Ada"),
    person("2", "2", "Bob"),
    person("3", "3", "Cy"),
  );

  it("is the same object for the same entries", () => {
    const derive = voiceRoomsMemo();
    expect(derive(before)).toBe(derive(before));
  });

  it("shares every part that did not change", () => {
    const derive = voiceRoomsMemo();
    const first = derive(before);
    const second = derive(having(before, person("2", "2", "Bob", { flags: 1 })));
    expect(second.people.get("2")).not.toBe(first.people.get("2"));
    expect(second.people.get("1")).toBe(first.people.get("1"));
    expect(second.rooms.get("1")).toBe(first.rooms.get("1"));
    expect(second.rooms.get("2")).not.toBe(first.rooms.get("2"));
    expect(second.categories[0]).toBe(first.categories[0]);
    expect(second.categories[1]).not.toBe(first.categories[1]);
    expect(second.guild).toBe(first.guild);
  });

  it("shares what a snapshot repeats with other objects and revisions", () => {
    const derive = voiceRoomsMemo();
    const first = derive(before);
    const again = new Map(
      [...before].map(([key, [, value]]) => [key, [key, structuredClone(value), 99] as Entry]),
    );
    const second = derive(again);
    expect(second.categories).toBe(first.categories);
    expect(second.guild).toBe(first.guild);
    expect(second.people.get("3")).toBe(first.people.get("3"));
  });

  it("keeps what was shown, without a claim to be true, when the hub holds nothing of the guild", () => {
    const derive = voiceRoomsMemo();
    const first = derive(before);
    const unknown = derive(new Map());
    expect(unknown).toEqual({ ...first, source: null });
    expect(derive(new Map([...before]))).toEqual(first);
  });

  it("equals one made afresh, whatever happened in between", () => {
    const change = fc.oneof(
      fc
        .record({
          id: fc.constantFrom("1", "2", "3", "4"),
          room: fc.constantFrom("1", "2", "3", "9"),
          name: fc.constantFrom("Ada", "Bob", "Zoe"),
          flags: fc.nat({ max: 3 }),
        })
        .map(({ id, room: at, name, flags }) => person(id, at, name, { flags })),
      fc
        .record({
          id: fc.constantFrom("1", "2", "3"),
          position: fc.nat({ max: 3 }),
          parentId: fc.constantFrom(null, "10", "11"),
        })
        .map(({ id, position, parentId }) => room(id, `room ${id}`, { position, parentId })),
      fc.constantFrom("u:1", "u:2", "u:3", "r:1", "r:2"),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const derive = voiceRoomsMemo();
        let now = before;
        derive(now);
        for (const each of changes) {
          if (typeof each === "string") {
            const without = new Map(now);
            without.delete(each);
            now = without;
          } else now = having(now, each);
          expect(derive(now)).toEqual(voiceRooms(now));
        }
      }),
    );
  });
});
