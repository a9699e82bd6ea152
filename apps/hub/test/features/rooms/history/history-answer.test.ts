import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { voiceTopic } from "@guildwire/client/rooms";
import { describe, expect, it, onTestFinished } from "vitest";
import { BUCKET_MS, BUCKETS } from "../../../../src/features/rooms/history/day.ts";
import { LOOK_EVERY_MS } from "../../../../src/features/rooms/history/history-recorder.ts";
import type { RoomHistory } from "../../../../src/features/rooms/history/room-history.ts";
import { SILENT_AFTER_MS } from "../../../../src/intake/source-freshness.ts";
import { GUILD, GuildStory } from "../../../guild-story.ts";
import { type HubAtWork, startHub } from "../../../hub-at-work.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";

const pathOf = (view: string, guild = GUILD.id): string => `/api/rt/v1/history/${voiceTopic(guild, view)}`;
const PATH = pathOf("public");

async function started(environment: Readonly<Record<string, string>> = {}): Promise<HubAtWork> {
  const work = await startHub(environment);
  onTestFinished(async () => void (await work.stop()));
  return work;
}

async function read(work: HubAtWork, path = PATH): Promise<RoomHistory> {
  const answer = await work.request(path);
  expect(answer.status).toBe(200);
  return answer.body as RoomHistory;
}

/** Since when people are in a story is its own time, so it is told with the hub's. */
const storyOf = (work: HubAtWork): GuildStory => new GuildStory("e1", work.clock.wallMs() - 60_000);

describe("a topic's history over HTTP", () => {
  it("is the people per room and who came and went, at the topic's position", async () => {
    const work = await started();
    const story = storyOf(work);
    await work.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    const history = await read(work);
    expect(history).toMatchObject({
      topic: voiceTopic(GUILD.id),
      e: "life1",
      o: 2,
      at: work.clock.wallMs(),
      bucketMs: BUCKET_MS,
      rooms: [{ id: "1", name: "Room 1" }],
      activity: [
        {
          o: 2,
          type: "joined",
          person: { id: "7", name: "User 7", avatarUrl: null },
          room: { id: "1", name: "Room 1" },
        },
      ],
    });
    expect(history.rooms[0]?.people).toHaveLength(BUCKETS);
    expect(history.rooms[0]?.people.slice(-2)).toEqual([null, 1]);
    expect(work.hub.readHistory(voiceTopic(GUILD.id))).toEqual(history);
  });

  it("goes on while nothing happens, and does not know what nobody said", async () => {
    const work = await started();
    const story = storyOf(work);
    await work.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
    for (let sign = 0; sign < 30; sign++) {
      await work.deliver(story.tell({ act: "status", status: "live" }));
      work.clock.advance(10_000);
    }
    expect((await read(work)).rooms[0]?.people.slice(-2)).toEqual([0, 0]);
    // Silence makes it stale; that is a commit, which the next request comes after.
    work.clock.advance(SILENT_AFTER_MS);
    await work.request("/api/live");
    work.clock.advance(2 * BUCKET_MS);
    expect((await read(work)).rooms[0]?.people.slice(-4)).toEqual([0, 0, null, null]);
  });

  it("is not sent again to who has it, until something changes or a bucket begins", async () => {
    const work = await started();
    const story = storyOf(work);
    await work.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
    const first = await work.request(PATH);
    expect(first.headers.get("cache-control")).toBe("public, max-age=5, stale-while-revalidate=30");
    const held = { "if-none-match": String(first.headers.get("etag")) };
    expect(await work.request(PATH, { headers: held })).toMatchObject({ status: 304, body: "" });
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    work.clock.advance(LOOK_EVERY_MS);
    const second = await work.request(PATH, { headers: held });
    expect(second).toMatchObject({ status: 200, body: { o: 2 } });
    const heldThen = { "if-none-match": String(second.headers.get("etag")) };
    work.clock.advance(BUCKET_MS);
    expect(await work.request(PATH, { headers: heldThen })).toMatchObject({ status: 200 });
  });

  it("is at most five seconds old, also when the clock was set back", async () => {
    const work = await started();
    const story = storyOf(work);
    await work.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
    await read(work);
    work.clock.stepWall(-3_600_000);
    work.clock.advance(5_000);
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    expect(await read(work)).toMatchObject({ o: 2, at: work.clock.wallMs() });
  });

  it("is refused where there is none, and the answer says why", async () => {
    const work = await started();
    expect(await work.request(PATH)).toMatchObject({
      status: 404,
      body: { error: { code: "unknown_topic", message: expect.stringContaining("no worker has delivered") } },
    });
    expect(await work.request("/api/rt/v1/history/state/100")).toMatchObject({ status: 404 });
    expect(await work.request("/api/rt/v1/history/%zz")).toMatchObject({ status: 404 });
    expect(await work.request(PATH, { method: "POST" })).toMatchObject({ status: 405 });
  });

  it("is of views that anyone may have, tells no times where the view tells none, and counts no hidden people", async () => {
    const file = join(temporaryDirectory(), "views.json");
    const views = {
      staff: { access: "ticket" },
      calm: { access: "anyone", show: { times: false } },
      rooms: { access: "anyone", people: "none" },
    };
    writeFileSync(file, JSON.stringify({ views }));
    const work = await started({ VIEWS_FILE: file, HUB_PAGE_VIEW: "staff" });
    const story = storyOf(work);
    await work.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));

    expect(await work.request(pathOf("staff"))).toMatchObject({ status: 403 });
    expect(work.hub.readHistory(voiceTopic(GUILD.id, "staff"))?.activity).toHaveLength(1);
    const calm = await read(work, pathOf("calm"));
    expect([calm.rooms[0]?.people.at(-1), calm.activity]).toEqual([1, []]);
    expect(await work.request(pathOf("rooms"))).toMatchObject({ status: 404 });
    expect(work.hub.readHistory(`state/${GUILD.id}`)).toBeNull();
  });
});
