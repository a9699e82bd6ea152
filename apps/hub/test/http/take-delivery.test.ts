import { voiceTopic } from "@guildwire/client/rooms";
import { DELIVERY_BODY_BYTES_MAX, REPLAY_WINDOW_S } from "@guildwire/events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, SECRET, startHub } from "../hub-at-work.ts";

let work: HubAtWork;
let story: GuildStory;

beforeEach(async () => {
  work = await startHub();
  story = new GuildStory();
});
afterEach(async () => {
  await work.stop();
});

const shownKeys = async () => (await work.hub.readVoiceSnapshot()).entries.map(([key]) => key);
const bodyOf = (events: readonly unknown[]) => JSON.stringify({ source: GUILD.id, epoch: "e1", events });

describe("a delivery that is taken", () => {
  it("is acknowledged up to its last event, and is shown by then", async () => {
    const answer = await work.deliver([story.snapshot(), ...story.tell({ act: "openRoom", room: "1" })]);
    expect(answer).toMatchObject({ status: 200, body: { acked: 2 } });
    expect(await shownKeys()).toEqual(["m", "r:1"]);
  });

  it("may come again", async () => {
    const events = [story.snapshot(), ...story.tell({ act: "openRoom", room: "1" })];
    await work.deliver(events);
    const before = await work.hub.readVoiceSnapshot();
    expect(await work.deliver(events)).toMatchObject({ status: 200, body: { acked: 2 } });
    expect(await work.hub.readVoiceSnapshot()).toEqual(before);
  });

  it("may hold events of types that are not known here", async () => {
    await work.deliver([story.snapshot()]);
    const unknown = {
      seq: 2,
      id: "e1-2",
      type: "guild.renamed_twice",
      timestamp: "2026-11-21T09:00:00Z",
      data: { x: 1 },
    };
    expect(await work.post(bodyOf([unknown]))).toMatchObject({ status: 200, body: { acked: 2 } });
    expect((await work.request("/api/metrics")).body).toContain(
      'guildwire_hub_events_total{type="unknown"} 1',
    );
  });

  it("may be signed with any of the hub's secrets", async () => {
    const newer = "n".repeat(40);
    await using rotating = await startHub({ HUB_SECRET: `${newer} ${SECRET}` });
    expect((await rotating.post(bodyOf([story.snapshot()]))).status).toBe(200);
    const next = bodyOf(story.tell({ act: "openRoom", room: "1" }));
    expect((await rotating.post(next, { secret: newer })).status).toBe(200);
  });
});

describe("a delivery without events", () => {
  it("is a ping: it is answered, and nothing is changed or heard by it", async () => {
    await work.deliver([story.snapshot()]);
    const before = await work.hub.readVoiceSnapshot();
    expect(await work.post(bodyOf([]))).toMatchObject({ status: 200, body: { pong: true } });
    expect(await work.hub.readVoiceSnapshot()).toEqual(before);
    expect((await work.request("/api/metrics")).body).toContain('{outcome="ping"} 1');
  });

  it("makes no source of a guild that nobody delivered", async () => {
    await work.post(bodyOf([]));
    expect((await work.hub.readVoiceSnapshot()).guildId).toBeNull();
  });

  it("needs a signature like any other", async () => {
    expect((await work.post(bodyOf([]), { secret: "n".repeat(40) })).status).toBe(401);
  });
});

describe("a delivery that does not join on", () => {
  it("to anything is answered with the wish for a snapshot", async () => {
    story.snapshot();
    const answer = await work.deliver(story.tell({ act: "openRoom", room: "1" }));
    expect(answer.status).toBe(409);
    expect(answer.body).toEqual({
      want: "snapshot",
      error: { code: "unknown_epoch", message: expect.stringContaining("guild.snapshot") },
    });
    expect((await work.hub.readVoiceSnapshot()).guildId).toBeNull();
  });

  it("because of a hole is applied from the snapshot on, once one comes", async () => {
    await work.deliver([story.snapshot()]);
    story.tell({ act: "openRoom", room: "1" });
    const late = story.tell({ act: "openRoom", room: "2" });
    expect(await work.deliver(late)).toMatchObject({
      status: 409,
      body: { want: "snapshot", error: { code: "hole" } },
    });
    expect(await work.deliver([...late, story.snapshot()])).toMatchObject({
      status: 200,
      body: { acked: 4 },
    });
    expect(await shownKeys()).toEqual(["m", "r:1", "r:2"]);
  });
});

describe("a delivery that is refused for its signature", () => {
  it.each([
    ["of another secret", { secret: "x".repeat(40) }, "invalid_signature"],
    ["of another body", { sendInstead: "{}" }, "invalid_signature"],
    ["of another id", { headers: { "webhook-id": "other" } }, "invalid_signature"],
    ["that is missing", { headers: { "webhook-signature": "" } }, "missing_header"],
  ] as const)("%s", async (_, options, code) => {
    const answer = await work.post(bodyOf([story.snapshot()]), options);
    expect(answer).toMatchObject({ status: 401, body: { error: { code, message: expect.any(String) } } });
    expect((await work.hub.readVoiceSnapshot()).guildId).toBeNull();
  });

  it("outside the replay window, on either side", async () => {
    const body = bodyOf([story.snapshot()]);
    const at = (seconds: number) => work.clock.wallMs() + seconds * 1_000;
    expect(await work.post(body, { signedAtMs: at(-REPLAY_WINDOW_S - 1) })).toMatchObject({
      status: 401,
      body: { error: { code: "timestamp_too_old" } },
    });
    expect(await work.post(body, { signedAtMs: at(REPLAY_WINDOW_S + 2) })).toMatchObject({
      status: 401,
      body: { error: { code: "timestamp_too_new" } },
    });
    expect((await work.post(body, { signedAtMs: at(-REPLAY_WINDOW_S + 1) })).status).toBe(200);
  });
});

describe("a delivery that is refused for its content", () => {
  it("not being JSON", async () => {
    expect(await work.post("{nope")).toMatchObject({
      status: 400,
      body: { error: { code: "invalid_delivery", problems: ["the body is not JSON"] } },
    });
  });

  it("having wrong shapes, with every problem named", async () => {
    const snapshot = story.snapshot();
    const wrong = {
      seq: 2,
      id: "e1-2",
      type: "voice.joined",
      timestamp: snapshot.timestamp,
      data: { roomId: 5 },
    };
    const answer = await work.post(bodyOf([snapshot, wrong]));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error: { problems: expect.arrayContaining([expect.stringMatching(/^events\.1\.data\.roomId: /)]) },
    });
    expect((await work.hub.readVoiceSnapshot()).guildId).toBeNull();
  });

  it("being a snapshot of another guild than its source", async () => {
    expect(await work.deliver([story.snapshot()], "e1", "999")).toMatchObject({
      status: 400,
      body: { error: { problems: [expect.stringContaining("events.0.data.guild.id")] } },
    });
  });

  it("being too large, whether it says so beforehand or not", async () => {
    const large = " ".repeat(DELIVERY_BODY_BYTES_MAX + 1);
    expect(await work.post(large)).toMatchObject({ status: 413, body: { error: { code: "too_large" } } });
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const bytes of [DELIVERY_BODY_BYTES_MAX, 1]) controller.enqueue(new Uint8Array(bytes));
        controller.close();
      },
    });
    const unstated: RequestInit & { duplex: "half" } = { method: "POST", body: chunks, duplex: "half" };
    expect(await work.request("/api/internal/events", unstated)).toMatchObject({ status: 413 });
  });
});

describe("the log", () => {
  it("never holds a secret, a signature or a body", async () => {
    await work.post(bodyOf([story.snapshot()]), { secret: "x".repeat(40) });
    await work.post("{nope");
    await work.deliver([story.snapshot()]);
    expect(work.log.length).toBeGreaterThan(2);
    expect(work.log.join("")).not.toMatch(/whsec|v1,|bm90|nope|Test guild/);
  });
});

it("tells live browsers only after the commit, with the time of the event", async () => {
  await work.deliver([story.snapshot()]);
  using browser = await (await work.browser()).auth([{ topic: voiceTopic(GUILD.id) }]);
  await browser.nextOf("subd");
  await browser.nextOf("snap");
  const [opened] = story.tell({ act: "openRoom", room: "1" });
  if (opened === undefined) throw new Error("the story tells nothing");
  await work.deliver([opened]);
  expect(await browser.nextOf("d")).toMatchObject({ f: 1, o: 2, at: Date.parse(opened.timestamp) });
});

it("says once a minute that deliveries are refused, however many strangers send", async () => {
  await using work = await startHub();
  const stranger = async () => await work.post("{}", { secret: "n".repeat(40) });
  for (let time = 0; time < 5; time++) expect((await stranger()).status).toBe(401);
  work.clock.advance(60_000);
  await stranger();
  const records = work.log
    .filter((line) => line.includes("delivery_refused"))
    .map((line) => JSON.parse(line));
  expect(records).toMatchObject([
    { level: "warn", errorCode: "E014", code: expect.any(String), refused: 1 },
    { refused: 5 },
  ]);
});
