import {
  createReceiver,
  type EventType,
  type Receiver,
  readSecrets,
  signDelivery,
} from "@guildwire/receiver";
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

const SECRET = "a-secret-for-this-test-of-32-characters";

let store: VoiceStore;
let receiver: Receiver;

beforeEach(() => {
  vi.useFakeTimers();
  store = openVoiceStore(":memory:");
  receiver = createReceiver({ secrets: SECRET, store });
});

afterEach(() => {
  store.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** As the worker would send it. */
async function take(fromSeq: number, told: readonly Told[], epoch = "e1"): Promise<void> {
  const events = told.map(([type, data], index) => {
    const seq = fromSeq + index;
    return { seq, id: `${epoch}-${seq}`, type, timestamp: AT, data };
  });
  const body = JSON.stringify({ source: "9", epoch, events });
  const secrets = readSecrets(SECRET);
  const signed = { id: `${epoch}_${fromSeq}`, timestampS: Math.floor(Date.now() / 1_000), body };
  const headers = {
    "webhook-id": signed.id,
    "webhook-timestamp": String(signed.timestampS),
    "webhook-signature": signDelivery(signed, secrets.ok ? secrets.keys : []),
  };
  expect(await receiver.take({ headers, body })).toMatchObject({ json: { acked: events.at(-1)?.seq } });
}
const places = () => Object.fromEntries(store.rooms().rooms.map(({ id, people }) => [id, people.join(", ")]));

describe("the cursor", () => {
  it("moves with what it stands for: a delivery that cannot be applied leaves both as they were", async () => {
    await take(1, [BEGINNING]);
    const before = await store.load("9");
    expect(() =>
      store.commit({
        source: "9",
        events: [{ type: "room.created" } as never],
        facts: [],
        progress: "{}",
        expected: before,
      }),
    ).toThrow();
    expect(store.load("9")).toBe(before);
    expect(places()).toEqual({ 1: "person 5, person 6", 2: "" });
  });

  it("is not moved by a process that was second", async () => {
    await take(1, [BEGINNING]);
    const late = { source: "9", events: [], facts: [], progress: "{}", expected: undefined };
    expect(store.commit(late)).toBe(false);
    expect(store.load("9")).not.toBe("{}");
  });
});

describe("rooms and people", () => {
  beforeEach(async () => await take(1, [BEGINNING]));

  it("show a snapshot in parts when its last part has come, and not before", async () => {
    const part = (number: number): Told => [
      "snapshot.part",
      { ...snapshot([person(`${number}0`, String(number))], [room(String(number))]), part: number, parts: 2 },
    ];
    await take(2, [part(1)]);
    expect(places()).toEqual({ 1: "person 5, person 6", 2: "" });
    await take(3, [part(2)]);
    expect(places()).toEqual({ 1: "person 10", 2: "person 20" });
  });

  it("show nobody gone in the middle of a move", async () => {
    await take(2, [["voice.left", { ...person("5", "1"), movedTo: "2" }]]);
    expect(places()).toEqual({ 1: "person 5, person 6", 2: "" });
    await take(3, [["voice.joined", { ...person("5", "2"), movedFrom: "1" }]]);
    expect(places()).toEqual({ 1: "person 6", 2: "person 5" });
  });

  it("go with their room, and with the bot", async () => {
    await take(2, [["room.deleted", { room: room("1") }]]);
    expect(places()).toEqual({ 2: "" });
    await take(3, [["guild.removed", { guild: GUILD }]]);
    expect(store.rooms()).toEqual({ freshness: "gone", rooms: [] });
  });
});

describe("freshness", () => {
  beforeEach(async () => await take(1, [BEGINNING]));

  it("is the worker's word, and an outage takes nobody away", async () => {
    const before = places();
    await take(2, [["guild.unavailable", { guild: GUILD }]]);
    expect(store.rooms().freshness).toBe("outage");
    expect(places()).toEqual(before);
    await take(3, [["guild.available", { guild: GUILD }]]);
    expect(store.rooms().freshness).toBe("live");
  });

  it("is lost when the worker has been silent for 25 s, which listeners hear, until it speaks again", async () => {
    const heard: string[] = [];
    store.listen(() => heard.push(store.rooms().freshness));
    vi.advanceTimersByTime(24_999);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual(["stale"]);
    await take(2, [["source.status", { status: "live", since: AT }]]);
    expect(heard).toEqual(["stale", "live"]);
  });
});

describe("a stream", () => {
  it("tells the rooms at once, and to a slow reader only the newest of many changes", async () => {
    await take(1, [BEGINNING]);
    const response = liveRooms(new Request("http://app.example/api/live"), store);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain("person 5");
    const CHANGES = 50;
    for (let seq = 2; seq < 2 + CHANGES; seq++) await take(seq, [["voice.joined", person(String(seq), "2")]]);
    let messages = 0;
    for (let value: string | undefined = ""; !value?.includes(`person ${1 + CHANGES}`); messages++) {
      value = (await reader?.read())?.value;
    }
    expect(messages).toBeLessThan(10);
    await reader?.cancel();
  });
});
