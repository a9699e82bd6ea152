import { type EventType, type ReceivedDelivery, readDelivery } from "@guildwire/events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { liveRooms } from "../src/server/live-rooms.ts";
import { openVoiceStore, type VoiceStore } from "../src/server/voice-store.ts";

type Told = readonly [type: EventType | "news.unheard_of", data: object];

const AT = "2026-11-21T09:00:00.000Z";
const FLAGS = {
  ...{ selfMute: false, selfDeaf: false, mute: false, deaf: false },
  ...{ suppress: false, stream: false, video: false, handRaised: false },
};
const GUILD = { id: "9", name: "Guild", iconUrl: null };
const room = (id: string) => ({
  ...{ id, name: `room ${id}`, kind: "voice", position: 0, parentId: null },
  ...{ userLimit: 0, status: null, startedAt: null },
});
const person = (id: string, roomId: string) => ({
  roomId,
  user: { id, name: `person ${id}`, avatarUrl: null, bot: false },
  ...{ state: FLAGS, since: AT, roomSince: AT },
});
const snapshot = (occupants: readonly object[] = [], rooms: readonly object[] = [room("1"), room("2")]) => ({
  ...{ guild: GUILD, rooms, categories: [], occupants, status: "live" },
});
const BEGINNING: Told = ["guild.snapshot", snapshot([person("5", "1"), person("6", "1")])];

let store: VoiceStore;

beforeEach(() => {
  vi.useFakeTimers();
  store = openVoiceStore(":memory:");
});

afterEach(() => {
  store.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** As the worker would send it, and as it is read at the door. */
function delivery(fromSeq: number, told: readonly Told[], epoch: string): ReceivedDelivery {
  const events = told.map(([type, data], index) => {
    const seq = fromSeq + index;
    return { seq, id: `${epoch}-${seq}`, type, timestamp: AT, data };
  });
  const read = readDelivery({ source: "9", epoch, events });
  if (!read.ok) throw new Error(read.problems.join("; "));
  return read.delivery;
}

const take = (fromSeq: number, told: readonly Told[], epoch = "e1") =>
  store.take(delivery(fromSeq, told, epoch));
const places = () => Object.fromEntries(store.rooms().rooms.map(({ id, people }) => [id, people.join(", ")]));

const WANT_SNAPSHOT = { type: "wantSnapshot" };
const taken = (acked: number) => ({ type: "taken", acked });

describe("the cursor", () => {
  it("wants a snapshot before anything else", () => {
    expect(take(7, [["voice.joined", person("5", "1")]])).toEqual(WANT_SNAPSHOT);
    expect(store.rooms()).toEqual({ freshness: "waiting", rooms: [] });
    expect(take(8, [BEGINNING])).toEqual(taken(8));
    expect(places()).toEqual({ 1: "person 5, person 6", 2: "" });
  });

  it("passes over what was told before", () => {
    take(1, [BEGINNING]);
    expect(take(1, [["guild.snapshot", snapshot()]])).toEqual(taken(1));
    const overlapping: Told[] = [
      ["guild.snapshot", snapshot()],
      ["voice.joined", person("7", "2")],
    ];
    expect(take(1, overlapping)).toEqual(taken(2));
    expect(places()).toEqual({ 1: "person 5, person 6", 2: "person 7" });
  });

  it("wants a snapshot for a hole and for another epoch, and goes on from one that has come", () => {
    take(1, [BEGINNING]);
    const joined: Told = ["voice.joined", person("7", "2")];
    expect(take(3, [joined])).toEqual(WANT_SNAPSHOT);
    expect(take(2, [joined], "e2")).toEqual(WANT_SNAPSHOT);
    expect(take(8, [joined, ["guild.snapshot", snapshot([person("8", "2")])]], "e2")).toEqual(taken(9));
    expect(places()).toEqual({ 1: "", 2: "person 8" });
  });

  it("counts what it does not know, and takes nothing from it", () => {
    take(1, [BEGINNING]);
    const before = store.rooms();
    expect(take(2, [["news.unheard_of", {}]])).toEqual(taken(2));
    expect(store.rooms()).toEqual(before);
  });
});

describe("rooms and people", () => {
  beforeEach(() => void take(1, [BEGINNING]));

  it("show a snapshot in parts when its last part has come, and not before", () => {
    const part = (number: number): Told => [
      "snapshot.part",
      { ...snapshot([person(`${number}0`, String(number))], [room(String(number))]), part: number, parts: 2 },
    ];
    take(2, [part(1)]);
    expect(places()).toEqual({ 1: "person 5, person 6", 2: "" });
    take(3, [part(2)]);
    expect(places()).toEqual({ 1: "person 10", 2: "person 20" });
  });

  it("show nobody gone in the middle of a move", () => {
    take(2, [["voice.left", { ...person("5", "1"), movedTo: "2" }]]);
    expect(places()).toEqual({ 1: "person 5, person 6", 2: "" });
    take(3, [["voice.joined", { ...person("5", "2"), movedFrom: "1" }]]);
    expect(places()).toEqual({ 1: "person 6", 2: "person 5" });
  });

  it("go with their room, and with the bot", () => {
    take(2, [["room.deleted", { room: room("1") }]]);
    expect(places()).toEqual({ 2: "" });
    take(3, [["guild.removed", { guild: GUILD }]]);
    expect(store.rooms()).toEqual({ freshness: "gone", rooms: [] });
  });
});

describe("freshness", () => {
  beforeEach(() => void take(1, [BEGINNING]));

  it("is the worker's word, and an outage takes nobody away", () => {
    const before = places();
    take(2, [["guild.unavailable", { guild: GUILD }]]);
    expect(store.rooms().freshness).toBe("outage");
    expect(places()).toEqual(before);
    take(3, [["guild.available", { guild: GUILD }]]);
    expect(store.rooms().freshness).toBe("live");
  });

  it("is lost when the worker has been silent for 25 s, which listeners hear, until it speaks again", () => {
    const heard: string[] = [];
    store.listen(() => heard.push(store.rooms().freshness));
    vi.advanceTimersByTime(24_999);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual(["stale"]);
    take(2, [["source.status", { status: "live", since: AT }]]);
    expect(heard).toEqual(["stale", "live"]);
  });
});

describe("a stream", () => {
  it("tells the rooms at once, and to a slow reader only the newest of many changes", async () => {
    take(1, [BEGINNING]);
    const response = liveRooms(new Request("http://app.example/api/live"), store);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain("person 5");
    const CHANGES = 50;
    for (let seq = 2; seq < 2 + CHANGES; seq++) take(seq, [["voice.joined", person(String(seq), "2")]]);
    let messages = 0;
    for (let value: string | undefined = ""; !value?.includes(`person ${1 + CHANGES}`); messages++) {
      value = (await reader?.read())?.value;
    }
    expect(messages).toBeLessThan(10);
    await reader?.cancel();
  });
});
