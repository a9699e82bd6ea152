import { type Handoff, voiceRooms } from "@guildwire/client";
import { HubProvider } from "@guildwire/client/react";
import { type MetaValue, PersonFlag, type VoiceEntry } from "@guildwire/client/rooms";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { PreferencesProvider } from "../../../../src/features/rooms/controls/preferences-provider.tsx";
import { filterRooms, markedRooms } from "../../../../src/features/rooms/list/room-filter.ts";
import { pageMeta } from "../../../../src/features/rooms/page/page-title.tsx";
import { RoomsPage } from "../../../../src/features/rooms/page/rooms-page.tsx";
import { WaitingPage } from "../../../../src/features/rooms/page/waiting-page.tsx";
import { NothingHere } from "../../../../src/shell/nothing-here.tsx";
import { PageClock } from "../../../../src/shell/page-clock.tsx";

const room = {
  kind: "voice",
  position: 0,
  parentId: null,
  userLimit: 2,
  status: "tea",
  startedAt: 1,
} as const;
const person = { avatarUrl: null, bot: false, since: 1, roomSince: 1 } as const;
const entries: readonly VoiceEntry[] = [
  ["m", { guild: { id: "1", name: "Harbour", iconUrl: null }, source: { status: "live", since: 1 } }, 1],
  ["r:7", { ...room, name: "Lobby" }, 2],
  ["r:8", { ...room, name: "Attic", position: 1 }, 3],
  ["u:42", { ...person, name: "Élodie", room: "7", flags: PersonFlag.Stream | PersonFlag.Mute }, 4],
  ["u:43", { ...person, name: "Bob", room: "7", flags: 0, bot: true }, 5],
];
const initial: Handoff = { epoch: "e1", offset: 5, entries };
const props = {
  guildId: "1",
  view: "public",
  isOpenView: true,
  initial,
  initialHistory: null,
  askHistory: () => Promise.resolve(null),
};

describe("the server's HTML", () => {
  const html = renderToString(
    <HubProvider hub="/ws">
      <PageClock>
        <RoomsPage {...props} />
      </PageClock>
    </HubProvider>,
  );

  it("already holds the rooms and the people, with the marks tests look for", () => {
    expect(html).toContain('data-source-status="live"');
    expect(html).toContain('data-connection-status="idle"');
    expect(html).toContain('data-fresh="false"');
    expect(html).toMatch(/data-room-id="7".*data-flags="36"[^>]*data-user-id="42".*data-room-id="8"/s);
    expect(html).toContain("Harbour");
  });

  it("says in words what badges say in pictures", () => {
    expect(html).toContain("muted by a moderator");
    expect(html).toContain(": streaming");
    expect(html).toContain(">BOT<");
    expect(html).toContain(">full<");
  });

  it("carries no inline style, which a strict content security policy would drop", () => {
    expect(html).not.toContain("style=");
  });

  it("names no time, since the reader's clock and time zone are the browser's", () => {
    expect(html).not.toContain("<time");
    expect(html).not.toMatch(/>\d+ (min|h|d)\b/);
  });
});

it("the page before the first snapshot says what it waits for", () => {
  expect(renderToString(<WaitingPage />)).toContain("Waiting for the worker’s first snapshot");
});

describe("the search", () => {
  const { categories } = voiceRooms(new Map(entries.map((entry) => [entry[0], entry])));
  const found = (text: string): unknown =>
    filterRooms(categories, text).flatMap(({ rooms }) =>
      rooms.map(({ name, people }) => [name, people.length]),
    );

  it("finds rooms with all their people, and people in their rooms, without regard to case and accents", () => {
    expect(found("lob")).toEqual([["Lobby", 2]]);
    expect(found("  ELO ")).toEqual([["Lobby", 1]]);
    expect(found("nobody")).toEqual([]);
  });

  it("leaves everything as it is without a text", () => {
    expect(filterRooms(categories, " ")).toBe(categories);
  });

  it("does not change how many people a room has", () => {
    expect(filterRooms(categories, "elo")[0]?.rooms[0]).toMatchObject({ peopleCount: 2, isFull: true });
  });
});

describe("the marks", () => {
  const stage: VoiceEntry = ["r:9", { ...room, kind: "stage", name: "Hall", position: 2 }, 6];
  const speaker: VoiceEntry = ["u:44", { ...person, name: "Cleo", room: "9", flags: PersonFlag.Video }, 7];
  const all = [...entries, stage, speaker];
  const { categories } = voiceRooms(new Map(all.map((entry) => [entry[0], entry])));
  const shown = (...marks: Parameters<typeof markedRooms>[1]): unknown =>
    markedRooms(categories, marks).flatMap(({ rooms }) => rooms.map(({ name }) => name));

  it("leave the rooms that have all of them", () => {
    expect(shown("occupied")).toEqual(["Lobby", "Hall"]);
    expect(shown("streaming", "stage")).toEqual(["Hall"]);
    expect(shown()).toEqual(["Lobby", "Attic", "Hall"]);
  });

  it("are already heeded by the server", () => {
    const html = renderToString(
      <PreferencesProvider onChange={() => undefined} preferences={{ theme: "dark", marks: ["occupied"] }}>
        <HubProvider hub="/ws">
          <RoomsPage {...props} />
        </HubProvider>
      </PreferencesProvider>,
    );
    expect(html).toContain('data-room-id="7"');
    expect(html).not.toContain('data-room-id="8"');
  });

  it("on a stage keep speakers and audience apart, raised hands first", () => {
    const listener = (id: string, name: string, flags: number): VoiceEntry => [
      `u:${id}`,
      { ...person, name, room: "9", flags: flags | PersonFlag.Suppress },
      8,
    ];
    const html = renderToString(
      <HubProvider hub="/ws">
        <RoomsPage
          {...props}
          initial={{
            ...initial,
            entries: [...all, listener("45", "Ann", 0), listener("46", "Zoe", PersonFlag.HandRaised)],
          }}
        />
      </HubProvider>,
    );
    expect(html).toMatch(/On stage.*Cleo.*Audience.*Zoe.*Ann/s);
  });
});

describe("a view that shows nobody", () => {
  const alone: readonly VoiceEntry[] = [
    ["m", { ...(entries[0]?.[1] as MetaValue), people: "none" }, 1],
    ...Array.from({ length: 6 }, (_, index): VoiceEntry => [`r:${index}`, { ...room, name: `R${index}` }, 2]),
    ["r:9", { ...room, kind: "stage", name: "Hall", userLimit: 0 }, 2],
  ];
  const html = renderToString(
    <PreferencesProvider onChange={() => undefined} preferences={{ theme: "dark", marks: ["occupied"] }}>
      <HubProvider hub="/ws">
        <RoomsPage {...props} initial={{ ...initial, entries: alone }} />
      </HubProvider>
    </PreferencesProvider>,
  ).replaceAll("<!-- -->", "");

  it("has all its rooms on the page, and claims nothing about who is there", () => {
    expect(html).toContain("7 rooms; who is in them is not shown");
    expect(html.match(/data-room-id=/g)).toHaveLength(7);
    expect(html).toContain(">up to 2<");
    expect(html).toContain("Who comes and goes is not shown");
    expect(html).not.toMatch(/in voice|empty<|nobody|\b0\b[^"]*people|0\/2|In use/i);
  });

  it("offers no mark that none of its rooms can have", () => {
    expect(html).toContain(">Stages<");
    expect(html).not.toContain(">On screen<");
  });

  it("has a title without a count", () => {
    const meta = pageMeta(alone);
    expect(meta).toContainEqual({ title: "Voice rooms · Harbour" });
    expect(JSON.stringify(meta)).toContain("7 rooms; who is in them is not shown.");
  });
});

describe("what others see of the page before they open it", () => {
  it("is the server's name and how many are in voice", () => {
    expect(pageMeta(entries)).toContainEqual({ title: "2 in voice · Harbour" });
    expect(pageMeta(entries)).toContainEqual({ property: "og:title", content: "2 in voice · Harbour" });
  });

  it("names no server before one is known", () => {
    expect(pageMeta([])).toEqual([{ title: "Guildwire: live voice rooms" }]);
  });
});

it("an address that leads nowhere leads back", () => {
  expect(renderToString(<NothingHere />)).toContain('href="/"');
});
