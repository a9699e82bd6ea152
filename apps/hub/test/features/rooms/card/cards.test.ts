import type { VoiceRoomsView } from "@guildwire/client";
import { PersonFlag, type SourceStatus } from "@guildwire/client/rooms";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CARD_DEFAULTS, type CardOptions } from "../../../../src/features/rooms/card/card-options.ts";
import { guildCard } from "../../../../src/features/rooms/card/guild-card.ts";
import { noticeCard } from "../../../../src/features/rooms/card/notice-card.ts";
import { roomCard } from "../../../../src/features/rooms/card/room-card.ts";
import { AT_MS, crowd, roomsOf } from "./card-rooms.ts";
import { malformation, shownTexts } from "./well-formed.ts";

const HOSTILE = [
  `<script>alert(1)</script>`,
  `"><image href="https://evil.example/x.png"/>`,
  `]]><!--`,
  `&amp;&#0;&x;`,
  `'\u0000\u0008\ud800\uffff\u202egnp.exe`,
  "\u2067محمد\u2069 علي",
  "👩‍👩‍👧‍👦🇳🇱",
  "x".repeat(500),
  "\n\t ",
  "",
];

function roomOf(view: VoiceRoomsView, id = "0") {
  const room = view.rooms.get(id);
  if (room === undefined) throw new Error(`no room ${id}`);
  return room;
}

const guild = (rooms: VoiceRoomsView, more: Partial<CardOptions> = {}) =>
  guildCard(rooms, { ...CARD_DEFAULTS, ...more }, AT_MS);
const room = (view: VoiceRoomsView, more: Partial<CardOptions> = {}, id = "0") =>
  roomCard(view, roomOf(view, id), { ...CARD_DEFAULTS, ...more }, AT_MS);

describe("a server's card", () => {
  it("shows the rooms with people in them, and sums up the others", () => {
    const texts = shownTexts(
      guild(roomsOf({ Lounge: ["Ada", "Ben"], Studio: [], Music: ["Cleo"], AFK: [] })),
    );
    expect(texts).toEqual([
      "T",
      "Test guild",
      "3 people in voice · 2 of 4 rooms in use",
      "live",
      "Lounge",
      "2",
      "A",
      "Ada",
      "B",
      "Ben",
      "Music",
      "1",
      "C",
      "Cleo",
      "2 rooms empty",
      "Guildwire",
      "as of 14:38 UTC",
    ]);
  });

  it("sums up rooms beyond the number asked for, and people beyond two lines", () => {
    const texts = shownTexts(
      guild(roomsOf({ One: crowd(40), Two: crowd(3), Three: crowd(2) }), { roomsMax: 1 }),
    );
    expect(texts.filter((text) => /^\+\d+$/.test(text))).toHaveLength(1);
    expect(texts).toContain("2 more rooms with 5 people");
    expect(texts).not.toContain("Two");
  });

  it("says so when nobody is in voice, and when there are no rooms at all", () => {
    expect(shownTexts(guild(roomsOf({ Lounge: [] })))).toContain(
      "Nobody is in voice right now · 1 room empty",
    );
    expect(shownTexts(guild(roomsOf({})))).toContain("Nobody is in voice right now");
  });

  it("shows how full a room with a limit is", () => {
    const view = roomsOf({ Lounge: ["Ada", "Ben"] }, { rooms: { Lounge: { userLimit: 5 } } });
    expect(shownTexts(guild(view))).toContain("2/5");
  });

  it("leaves names out when it is asked to", () => {
    const card = guild(roomsOf({ Lounge: ["Ada", "Ben"] }), { names: false });
    expect(shownTexts(card)).not.toContain("Ada");
  });

  it("marks who is streaming", () => {
    const view = roomsOf({ Lounge: ["Ada", "Ben"] }, { flags: { Ben: PersonFlag.Stream } });
    expect(guild(view).match(/class="ring"/g)).toHaveLength(1);
  });

  it("grows with what it shows and not with the number of people", () => {
    const bytes = guild(
      roomsOf(Object.fromEntries(crowd(60, "Room").map((name) => [name, crowd(200)]))),
    ).length;
    expect(bytes).toBeLessThan(24_000);
  });
});

describe("a room's card", () => {
  it("shows its status line, and everybody for whom there is space", () => {
    const view = roomsOf(
      { Lounge: ["Ada", "Ben"] },
      { rooms: { Lounge: { status: "Planning <the> meetup" } } },
    );
    expect(shownTexts(room(view))).toEqual(
      expect.arrayContaining(["Lounge", "2 people · Test guild", "Planning <the> meetup", "Ada", "Ben"]),
    );
  });

  it("says when it is full, and when nobody is there", () => {
    const full = roomsOf({ Lounge: ["Ada"] }, { rooms: { Lounge: { userLimit: 1 } } });
    expect(shownTexts(room(full))).toContain("1 of at most 1 person · full · Test guild");
    expect(shownTexts(room(roomsOf({ Lounge: [] })))).toContain("Nobody is here right now");
  });
});

describe("a card of a view that shows nobody", () => {
  const rooms = { Lounge: { userLimit: 5 } };
  const view = roomsOf({ Lounge: [], Studio: [], Music: [] }, { rooms, showsPeople: false });

  it("names the rooms and claims nothing about who is there", () => {
    const texts = shownTexts(guildCard(view, { ...CARD_DEFAULTS, roomsMax: 2 }, AT_MS));
    expect(texts).toEqual(
      expect.arrayContaining(["3 rooms · who is in them is not shown", "Lounge", "Studio", "1 more room"]),
    );
    expect(texts.join(" ")).not.toMatch(/nobody|empty|people/i);
    const room = shownTexts(roomCard(view, roomOf(view), CARD_DEFAULTS, AT_MS));
    expect(room).toContain("Who is here is not shown");
    expect(room.join(" ")).not.toMatch(/nobody|people|person/i);
  });
});

describe("how true a card is", () => {
  it.each<[SourceStatus, string]>([
    ["live", "live"],
    ["resync", "catching up"],
    ["stale", "stale since 14:05 UTC"],
    ["outage", "Discord outage since 14:05 UTC"],
    ["gone", "bot has left"],
  ])("is said while the source is %s", (status, label) => {
    const view = roomsOf({ Lounge: ["Ada"] }, { status });
    for (const card of [guild(view), room(view), guild(view, { widthPx: 260 })]) {
      expect(shownTexts(card)).toContain(label);
      expect(card.includes('opacity="0.6"')).toBe(status !== "live");
    }
  });
});

describe("the themes", () => {
  const view = roomsOf({ Lounge: ["Ada"] });

  it("follow the reader's system by default, and nothing when one is chosen", () => {
    expect(guild(view)).toContain("prefers-color-scheme:dark");
    expect(guild(view, { theme: "light" })).not.toContain("prefers-color-scheme");
    expect(guild(view, { theme: "dark" })).toContain(".card{fill:#121d1b}");
  });
});

describe("any card", () => {
  it("loads nothing and runs nothing", () => {
    const view = roomsOf({ [HOSTILE[0] ?? ""]: HOSTILE }, { guildName: HOSTILE[1] ?? "" });
    for (const card of [
      guild(view),
      room(view),
      noticeCard({ label: "x", title: "<b>", text: "&" }, AT_MS),
    ]) {
      const tags = [...card.matchAll(/<[^>]*>/g)].join("").replace(/ xmlns="[^"]*"/, "");
      expect(tags).not.toMatch(/<(?:script|image|foreignObject|a|use)\b|href=|\son\w+=|style=/i);
      expect(card).not.toMatch(/<style>[^<]*(?:url\(|@import)/);
    }
  });

  it("says in words, for those who do not see it, what it shows", () => {
    const view = roomsOf({ Lounge: ["Ada", "Ben"] });
    expect(guild(view)).toContain(
      '<desc id="desc">2 people in voice · 1 of 1 room in use. Lounge: 2.</desc>',
    );
    expect(room(view)).toContain('<desc id="desc">2 people · Test guild. Ada, Ben.</desc>');
  });

  it("is the same for the same rooms and minute", () => {
    const view = roomsOf({ Lounge: HOSTILE });
    expect(guild(view)).toBe(guild(view));
  });

  it("is well-formed XML whatever anybody or anything is called", () => {
    const name = fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.string({ unit: "grapheme", maxLength: 60 }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.array(name, { maxLength: 20 }), { maxKeys: 8 }),
        name,
        name,
        fc.record({
          theme: fc.constantFrom("auto", "light", "dark"),
          widthPx: fc.integer({ min: 260, max: 900 }),
          roomsMax: fc.integer({ min: 1, max: 20 }),
          names: fc.boolean(),
        }),
        fc.boolean(),
        (people, guildName, status, options, showsPeople) => {
          const rooms = Object.fromEntries(Object.keys(people).map((key) => [key, { status }]));
          const view = roomsOf(people, { guildName, rooms, showsPeople });
          expect(malformation(guildCard(view, options, AT_MS))).toBeUndefined();
          for (const one of view.rooms.values()) {
            expect(malformation(roomCard(view, one, options, AT_MS))).toBeUndefined();
          }
          const notice = { label: "no", title: guildName, text: status };
          expect(malformation(noticeCard(notice, AT_MS, options))).toBeUndefined();
        },
      ),
    );
  });
});

describe("the check for well-formed XML itself", () => {
  it.each(["<a>", "<a></b>", "<a>&x;</a>", '<a b="1" b="2"/>', "<a/><b/>", '<a b="<"/>', "<a>\u0001</a>"])(
    "refuses %s",
    (xml) => {
      expect(malformation(xml)).toBeDefined();
    },
  );
});

describe("odd and many names on a card", () => {
  it("stand for nothing when nothing of them can be seen", () => {
    const unseen = "\u200b\u2060\u3164\u{e0041}";
    const texts = shownTexts(guild(roomsOf({ [unseen]: [unseen] }, { guildName: unseen })));
    expect(texts).toContain("Voice rooms");
    expect(texts.filter((text) => text === "?").length).toBeGreaterThan(0);
    expect(texts).not.toContain(unseen);
  });

  it("do not reach over the lines around them with marks upon marks", () => {
    const piled = `Z${"\u0351".repeat(20)}a\u0301`;
    expect(shownTexts(room(roomsOf({ Hall: [piled] })))).toContain(`Z${"\u0351".repeat(4)}a\u0301`);
  });

  it("are told to those who hear it up to a dozen, and the others counted", () => {
    const svg = room(roomsOf({ Hall: crowd(300) }));
    const spoken = /<desc[^>]*>(.*?)<\/desc>/.exec(svg)?.[1] ?? "";
    expect(spoken).toContain("Person 012 and 288 more.");
    expect(spoken).not.toContain("Person 013");
  });
});
