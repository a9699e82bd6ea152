import { voiceTopic } from "@guildwire/client/rooms";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HELD_PER_ADDRESS_MAX } from "../../src/access/held-requests.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";

const TOPIC = voiceTopic(GUILD.id);
const PATH = `/api/rt/v1/topics/${TOPIC}`;

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

const heldNow = async (): Promise<number> => await work.metric("guildwire_hub_held_requests");

async function untilHeld(count: number): Promise<void> {
  while ((await heldNow()) !== count) await new Promise(setImmediate);
}

describe("a snapshot over HTTP", () => {
  it("is the topic with its position, as sockets get it", async () => {
    using browser = await (await work.browser()).auth([{ topic: TOPIC }]);
    await browser.nextOf("subd");
    const { e, o, dg, s } = await browser.nextOf("snap");
    const answer = await work.request(PATH);
    expect(answer).toMatchObject({
      status: 200,
      body: { topic: TOPIC, e, o, dg, state: s, at: expect.any(Number) },
    });
    expect(answer.headers.get("etag")).toBe(`"${e}:${o}"`);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=1, stale-while-revalidate=5");
    expect(answer.headers.get("x-robots-tag")).toBe("noindex");
  });

  it("is not sent again to who has it, until something changes", async () => {
    const held = { "if-none-match": '"life1:1"' };
    expect(await work.request(PATH, { headers: held })).toMatchObject({ status: 304, body: "" });
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    expect(await work.request(PATH, { headers: held })).toMatchObject({ status: 200, body: { o: 2 } });
  });

  it("may be asked for by HEAD, and by an address that escapes its slashes", async () => {
    const head = await work.request(PATH, { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, body: "" });
    expect(head.headers.get("etag")).toBe('"life1:1"');
    const escaped = await work.request(`/api/rt/v1/topics/${encodeURIComponent(TOPIC)}`);
    expect(escaped).toMatchObject({ status: 200, body: { topic: TOPIC } });
  });
});

describe("what changed since a position", () => {
  it("is one delta, however many there were", async () => {
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    await work.deliver(story.tell({ act: "mute", user: "7" }));
    expect(await work.request(`${PATH}?since=life1:1`)).toMatchObject({
      status: 200,
      body: { topic: TOPIC, e: "life1", f: 1, o: 3, at: expect.any(Number), ops: [["s", "u:7", {}]] },
    });
  });

  it("is 204 when nothing did", async () => {
    const answer = await work.request(`${PATH}?since=life1:1`);
    expect(answer).toMatchObject({ status: 204, body: "" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each(["other:1", "life1:99"])(
    "is a snapshot that nobody stores where %s leads nowhere",
    async (since) => {
      const answer = await work.request(`${PATH}?since=${since}&wait=25`);
      expect(answer).toMatchObject({ status: 200, body: { e: "life1", o: 1, state: expect.any(Array) } });
      expect(answer.headers.get("cache-control")).toBe("no-store");
    },
  );
});

describe("a long poll", () => {
  const poll = (init: RequestInit = {}) => work.request(`${PATH}?since=life1:1&wait=25`, init);

  it("is answered at the next change", async () => {
    const [first, second] = [poll(), poll()];
    await untilHeld(2);
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    expect(await first).toMatchObject({ status: 200, body: { f: 1, o: 2 } });
    expect((await second).body).toEqual((await first).body);
    expect(await heldNow()).toBe(0);
  });

  it("is answered 204 when its time is up", async () => {
    const answer = poll();
    await untilHeld(1);
    work.clock.advance(25_000);
    expect(await answer).toMatchObject({ status: 204 });
    expect(await heldNow()).toBe(0);
  });

  it("is let go when the browser leaves", async () => {
    const leaving = new AbortController();
    const answer = poll({ signal: leaving.signal });
    await untilHeld(1);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await untilHeld(0);
  });

  it("does not wait for a browser that left while the topic was read", async () => {
    const leaving = new AbortController();
    const url = `http://127.0.0.1:${work.port}${PATH}?since=life1:1&wait=25`;
    const answer = work.hub.answerApi(new Request(url, { signal: leaving.signal }));
    leaving.abort();
    expect((await answer)?.status).toBe(204);
    expect(await heldNow()).toBe(0);
  });

  it("is told to come again when the hub stops", async () => {
    const answer = poll();
    await untilHeld(1);
    expect(await work.stop()).toBe(true);
    const { status, headers } = await answer;
    expect({ status, after: headers.get("retry-after") }).toEqual({ status: 503, after: "5" });
  });

  it("by HEAD does not wait", async () => {
    expect(await poll({ method: "HEAD" })).toMatchObject({ status: 204 });
  });

  it("is refused beyond so many of one address", async () => {
    const polls = Array.from({ length: HELD_PER_ADDRESS_MAX }, () => poll());
    await untilHeld(HELD_PER_ADDRESS_MAX);
    expect(await poll()).toMatchObject({ status: 429, body: { error: { code: "limit" } } });
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    for (const answer of await Promise.all(polls)) expect(answer.status).toBe(200);
  });
});

describe("a request for a topic", () => {
  it.each([
    ["voice/404/public", 404, "unknown_topic", "no worker has delivered anything for voice/404/public yet"],
    ["state/100", 404, "unknown_topic", "a topic looks like voice/<guild id>/"],
    ["%E0%A4%A", 404, "unknown_topic", "a topic looks like voice/<guild id>/"],
    [`${TOPIC}?since=1`, 400, "bad_request", "`since` must be a position"],
    [`${TOPIC}?wait=5`, 400, "bad_request", "`wait` needs `since`"],
    [
      `${TOPIC}?since=life1:1&wait=56`,
      400,
      "bad_request",
      "`wait` must be a whole number of seconds from 0 to 55",
    ],
    [`${TOPIC}?since=life1:1&wait=soon`, 400, "bad_request", "`wait` must be a whole number of seconds"],
  ])("%s is answered %i with the reason", async (path, status, code, message) => {
    const answer = await work.request(`/api/rt/v1/topics/${path}`);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { code, message: expect.stringContaining(message) } });
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("takes no other method", async () => {
    const answer = await work.request(PATH, { method: "POST" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });
});
