import { voiceTopic } from "@guildwire/client/rooms";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HELD_PER_ADDRESS_MAX } from "../../src/access/held-requests.ts";
import { BEHIND_MAX_MS } from "../../src/sockets/browser-socket.ts";
import { TICK_MS } from "../../src/sockets/browser-sockets.ts";
import { WINDOW_MS } from "../../src/sockets/topic-feed.ts";
import { GUILD, GuildStory, roomOf } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";
import { EventReader } from "./event-reader.ts";

const TOPIC = voiceTopic(GUILD.id);
const PATH = `/api/rt/v1/sse?topic=${TOPIC}`;

let work: HubAtWork;
let story: GuildStory;

beforeEach(async () => {
  work = await startHub();
  story = new GuildStory();
  await work.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
});
afterEach(async () => {
  await work.stop();
});

const open = (headers = {}, path = PATH) => EventReader.open(work.port, path, headers);

describe("an event stream", () => {
  it("begins with a snapshot and goes on with each change, as sockets do", async () => {
    using browser = await (await work.browser()).auth([{ topic: TOPIC }]);
    await browser.nextOf("subd");
    using reader = await open();
    expect(reader.response.statusCode).toBe(200);
    expect(reader.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    });
    const snap = await browser.nextOf("snap");
    expect(await reader.next()).toEqual({ event: "snap", id: "life1:1", data: snap });

    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    const delta = await browser.nextOf("d");
    expect(await reader.next()).toEqual({ event: "d", id: "life1:2", data: delta });
  });

  it("goes on from the id of its last event", async () => {
    using first = await open();
    await first.next();
    first[Symbol.dispose]();
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    work.clock.advance(WINDOW_MS);
    await work.deliver(story.tell({ act: "mute", user: "7" }));

    using again = await open({ "last-event-id": first.lastId });
    const { event, id, data } = await again.next();
    expect({ event, id, data }).toMatchObject({ event: "d", id: "life1:3", data: { f: 1, o: 3 } });
  });

  it("goes on from a snapshot that came another way, until it has an id of its own", async () => {
    const { body } = await work.request(`/api/rt/v1/topics/${TOPIC}`);
    const { e, o } = body as { readonly e: string; readonly o: number };
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    using reader = await open({}, `${PATH}&since=${e}:${o}`);
    expect(await reader.next()).toMatchObject({ event: "d", id: "life1:2" });
    using later = await open({ "last-event-id": "life1:2" }, `${PATH}&since=${e}:${o}`);
    await work.deliver(story.tell({ act: "mute", user: "7" }));
    work.clock.advance(WINDOW_MS);
    expect(await later.next()).toMatchObject({ event: "d", data: { f: 2, o: 3 } });
  });

  it.each(["other:1", "life1:999", "nonsense"])("begins anew from %s", async (id) => {
    using reader = await open({ "last-event-id": id });
    expect(await reader.next()).toMatchObject({ event: "snap", id: "life1:1" });
  });

  it("is heard of at every tick, which leaves the id as it was", async () => {
    using reader = await open();
    await reader.next();
    work.clock.advance(TICK_MS);
    expect(await reader.next()).toEqual({
      event: "tick",
      id: "life1:1",
      data: { t: "tick", topic: TOPIC, o: 1, dg: expect.any(Number) },
    });
  });

  it("of a server nobody has delivered yet is empty, and fills by itself", async () => {
    using reader = await open({}, "/api/rt/v1/sse?topic=voice/555/public");
    expect(await reader.next()).toMatchObject({ event: "snap", id: "life1:0", data: { s: [] } });
    const snapshot = new GuildStory().event({
      type: "guild.snapshot",
      data: { guild: { ...GUILD, id: "555" }, rooms: [], categories: [], occupants: [], status: "live" },
    });
    await work.deliver([snapshot], "e1", "555");
    expect(await reader.next()).toMatchObject({ event: "d", data: { f: 0, o: 1 } });
  });

  it("lets go of everything when the browser leaves", async () => {
    const reader = await open();
    await reader.next();
    expect(await work.metric("guildwire_hub_held_requests")).toBe(1);
    reader[Symbol.dispose]();
    while ((await work.metric("guildwire_hub_held_requests")) > 0) await new Promise(setImmediate);
    expect(await work.metric("guildwire_hub_topics")).toBe(0);
  });

  it("ends when the hub stops, and tells browsers to come back spread out", async () => {
    using reader = await open();
    await reader.next();
    expect(reader.retryMs).toBeGreaterThanOrEqual(1_000);
    expect(reader.retryMs).toBeLessThanOrEqual(5_000);
    reader.retryMs = undefined;
    expect(await work.stop()).toBe(true);
    await reader.ended;
    expect(reader.response.complete).toBe(true);
    expect(reader.retryMs).toBeGreaterThanOrEqual(500);
    expect(reader.retryMs).toBeLessThanOrEqual(8_500);
  });

  it("is refused beyond so many of one address", async () => {
    const readers = await Promise.all(Array.from({ length: HELD_PER_ADDRESS_MAX }, () => open()));
    using oneMore = await open();
    expect(oneMore.response.statusCode).toBe(429);
    expect(oneMore.response.headers["retry-after"]).toBe("5");
    for (const reader of readers) reader[Symbol.dispose]();
    while ((await work.metric("guildwire_hub_held_requests")) > 0) await new Promise(setImmediate);
    using again = await open();
    expect(again.response.statusCode).toBe(200);
  });
});

describe("an event stream that is not read", () => {
  /** A change so large that a few of them fill every buffer on the way. */
  async function fillUp(): Promise<string> {
    for (let turn = 1; turn < 2_000; turn++) {
      const name = `${turn} `.padEnd(60_000, "x");
      await work.deliver([story.event({ type: "room.updated", data: { room: roomOf("1", { name }) } })]);
      work.clock.advance(WINDOW_MS);
      if ((await work.metric("guildwire_hub_fell_behind_total")) > 0) return name;
    }
    throw new Error("the stream never filled up");
  }

  it("skips frames and gets one delta for them when it is read again", async () => {
    using reader = await open();
    await reader.next();
    reader.response.pause();
    await fillUp();
    await work.deliver(story.tell({ act: "openRoom", room: "2" }));
    work.clock.advance(WINDOW_MS);
    reader.response.resume();
    for (let position = 1; ; ) {
      const { event, data } = await reader.next();
      const { f, o, ops } = data as { f: number; o: number; ops: readonly (readonly unknown[])[] };
      expect({ event, f }).toEqual({ event: "d", f: position });
      position = o;
      if (ops.some(([, key]) => key === "r:2")) break;
    }
  });

  it("is cut off when it has not been read for too long", async () => {
    using reader = await open();
    await reader.next();
    reader.response.pause();
    await fillUp();
    work.clock.advance(BEHIND_MAX_MS);
    expect(await work.metric("guildwire_hub_slow_closes_total")).toBe(1);
    expect(await work.metric("guildwire_hub_held_requests")).toBe(0);
    reader.response.resume();
    await reader.ended;
    expect(reader.response.complete).toBe(false);
  });
});

describe("a request for a stream", () => {
  it.each([
    ["/api/rt/v1/sse", 400, "bad_request", "`topic` must be given once"],
    [`${PATH}&topic=${TOPIC}`, 400, "bad_request", "`topic` must be given once"],
    [`${PATH}&since=9`, 400, "bad_request", "`since` must be a position"],
    ["/api/rt/v1/sse?topic=state/100", 404, "unknown_topic", "a topic looks like"],
    ["/api/rt/v1/sse?topic=", 404, "unknown_topic", "a topic looks like"],
  ])("%s is answered %i with the reason", async (path, status, code, message) => {
    const answer = await work.request(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { code, message: expect.stringContaining(message) } });
  });
});
