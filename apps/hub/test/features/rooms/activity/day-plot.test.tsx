import { voiceRooms } from "@guildwire/client";
import type { VoiceEntry } from "@guildwire/client/rooms";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { DayPlot } from "../../../../src/features/rooms/activity/day-plot.tsx";
import { dayOf, pastDayOf, peakOf, roomSeries } from "../../../../src/features/rooms/activity/day-series.ts";
import { PastDayContext, RoomDayLine } from "../../../../src/features/rooms/activity/past-day.tsx";
import { PLOT_HEIGHT, plotPath } from "../../../../src/features/rooms/activity/plot-path.ts";
import type { RoomHistory } from "../../../../src/features/rooms/history/room-history.ts";

const room = { kind: "voice", parentId: null, userLimit: 0, status: null, startedAt: null } as const;
const person = { avatarUrl: null, bot: false, since: 1, roomSince: 1, flags: 0 } as const;
const entries: readonly VoiceEntry[] = [
  ["m", { guild: { id: "1", name: "Harbour", iconUrl: null }, source: { status: "live", since: 1 } }, 1],
  ["r:8", { ...room, name: "Attic", position: 1 }, 2],
  ["r:7", { ...room, name: "Lobby", position: 0 }, 3],
  ["u:42", { ...person, name: "Ann", room: "7" }, 4],
  ["u:43", { ...person, name: "Bob", room: "7" }, 5],
];
const rooms = voiceRooms(new Map(entries.map((entry) => [entry[0], entry])));
const history: RoomHistory = {
  topic: "voice/1/public",
  e: "a",
  o: 5,
  at: 2_700_000,
  from: 0,
  bucketMs: 300_000,
  together: [10, 12, 11, null, null, null, null, 9, 1],
  rooms: [
    { id: "7", name: "Lobby", people: [1, 4, 2, null, null, null, null, 1, 1] },
    { id: "9", name: "Gone", people: [9, 9, 9, 9, 9, 9, 9, 9, 9] },
  ],
  activity: [],
};
const past = pastDayOf(history);

describe("the day", () => {
  it("has the most of each quarter of an hour, and says where nobody watched", () => {
    expect(past.rooms.get("7")).toEqual([4, null, 1]);
    expect(past.stretchMs).toBe(900_000);
  });

  it("is brought up to now by what the page sees, in the order of its rooms", () => {
    const day = dayOf(past, rooms);
    expect(day.rooms.map(({ name, people }) => [name, people])).toEqual([
      ["Lobby", [4, null, 2]],
      ["Attic", [null, null, 0]],
    ]);
  });

  it("has all together as they were, rooms that are gone among them, and not the sum of each room's most", () => {
    expect(dayOf(past, rooms).total).toEqual([12, null, 9]);
    expect(dayOf({ ...past, together: [1, 1, 1] }, rooms).total).toEqual([1, 1, 2]);
  });

  it("keeps a series as it is until it changes", () => {
    expect(roomSeries(past, "7", 1)).toBe(past.rooms.get("7"));
    expect(roomSeries(past, "7", 0)).toBe(past.rooms.get("7"));
  });

  it("knows its peak, and that an empty day has none", () => {
    expect(peakOf([1, null, 3, 3])).toEqual({ count: 3, index: 2 });
    expect(peakOf([0, null])).toBeNull();
  });
});

describe("a plot", () => {
  it("is drawn in steps", () => {
    const { area, line } = plotPath([4, 4, 2]);
    expect(line).toBe("M0 1H2V12.5H3");
    expect(area).toBe(`M0 ${PLOT_HEIGHT}V1H2V12.5H3V${PLOT_HEIGHT}Z`);
  });

  it("breaks where nothing is known, and does not take it for nobody", () => {
    expect(plotPath([4, null, 0]).line).toBe("M0 1H1M2 24H3");
    expect(plotPath([null, null]).line).toBe("");
  });

  it("does not make a wall of one visitor", () => {
    expect(plotPath([1]).top).toBe(4);
    expect(plotPath([30]).top).toBe(30);
  });
});

it("the plots say in words what they show", () => {
  const html = renderToString(
    <PastDayContext value={past}>
      <DayPlot rooms={rooms} />
    </PastDayContext>,
  ).replaceAll("<!-- -->", "");
  expect(html).toContain("2 now, at most 4; not known all day long");
  expect(html).toContain("0 now, nobody seen; not known all day long");
  expect(html).not.toContain("style=");
});

it("a room's line is drawn once an hour is known, and not before", () => {
  const [lobby] = rooms.categories[0]?.rooms ?? [];
  const line = (people: readonly number[]): string =>
    renderToString(
      <PastDayContext value={{ ...past, length: people.length, rooms: new Map([["7", people]]) }}>
        {lobby === undefined ? null : <RoomDayLine className="" room={lobby} />}
      </PastDayContext>,
    );
  expect(line([1, 2, 2])).toBe("");
  expect(line([1, 2, 3, 2])).toContain("<svg");
});

it("a hub without a history is said to know nothing", () => {
  expect(renderToString(<DayPlot rooms={rooms} />)).toContain("Nothing is known of the last day yet.");
});
