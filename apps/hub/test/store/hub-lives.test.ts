/** A hub on SQLite from one life to the next, and while its disk is full. */
import type { DatabaseSync } from "node:sqlite";
import type { MetaValue } from "@guildwire/client/rooms";
import { digestOf } from "@guildwire/live";
import { openDatabase } from "@guildwire/runtime/database";
import { createVirtualClock, type VirtualClock } from "@guildwire/runtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { SILENT_AFTER_MS, TELL_AGAIN_AFTER_MS } from "../../src/intake/source-freshness.ts";
import { HUB_FILE } from "../../src/store/hub-file.ts";
import { createSqliteEngine, TRIAL_AFTER_MS } from "../../src/store/sqlite-engine.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const TOPIC = `voice/${GUILD.id}/public`;

let directory: string;
let clock: VirtualClock;
let database: DatabaseSync;
let story: GuildStory;

beforeEach(() => {
  directory = temporaryDirectory();
  clock = createVirtualClock();
  story = new GuildStory();
});

async function nextLife(): Promise<HubAtWork> {
  return await startHub(
    { DATA_DIR: directory },
    {
      clock,
      openEngine: async ({ clock: hubClock, randomText, dataDir, observer }) => {
        database = openDatabase(dataDir, HUB_FILE);
        return createSqliteEngine({ database, newEpoch: randomText, clock: hubClock, observer });
      },
    },
  );
}

async function status(work: HubAtWork): Promise<string | undefined> {
  const { entries } = await work.hub.readVoiceSnapshot();
  return (entries.find(([key]) => key === "m")?.[1] as MetaValue | undefined)?.source.status;
}

/** Until what was begun by a turn of the clock has been committed. */
async function untilStatus(work: HubAtWork, wanted: string): Promise<void> {
  while ((await status(work)) !== wanted) await new Promise((resolve) => setImmediate(resolve));
}

describe("the next life of a hub", () => {
  it("goes on with the worker's log and the topic's offsets, and gives a returning browser a delta", async () => {
    const first = await nextLife();
    await first.deliver([story.snapshot(), ...story.tell({ act: "openRoom", room: "1" })]);
    const { position } = await first.hub.readVoiceSnapshot();
    await first.stop();

    await using second = await nextLife();
    expect(await second.deliver(story.tell({ act: "openRoom", room: "2" }))).toMatchObject({
      status: 200,
      body: { acked: 3 },
    });
    using browser = await (await second.browser()).auth([
      { topic: TOPIC, e: position?.epoch, o: position?.offset },
    ]);
    expect(await browser.nextOf("subd")).toMatchObject({ how: "resumed", e: position?.epoch, o: 2 });
    expect(await browser.nextOf("d")).toMatchObject({ f: 1, o: 2, ops: [["s", "r:2", { name: "Room 2" }]] });
  });

  it("shows a source as live as long as its last sign of life is young, however often the hub restarts", async () => {
    const first = await nextLife();
    await first.deliver([story.snapshot()]);
    await first.stop();
    clock.advance(SILENT_AFTER_MS - 1_000);

    await using second = await nextLife();
    expect(await status(second)).toBe("live");
    clock.advance(1_000);
    await untilStatus(second, "stale");
  });

  it("never shows a source as live whose last sign of life is too old, until it is heard", async () => {
    const first = await nextLife();
    await first.deliver([story.snapshot()]);
    await first.stop();
    clock.advance(SILENT_AFTER_MS);

    await using second = await nextLife();
    expect(await status(second)).toBe("stale");
    await second.deliver(story.tell({ act: "openRoom", room: "1" }));
    expect(await status(second)).toBe("live");
  });

  it("shows a dead worker as stale after 25 s, also when the clock is set back by an hour", async () => {
    await using work = await nextLife();
    await work.deliver([story.snapshot()]);
    clock.advance(SILENT_AFTER_MS - 1_000);
    clock.stepWall(-3_600_000);
    expect(await status(work)).toBe("live");
    clock.advance(1_000);
    await untilStatus(work, "stale");
  });

  it("counts a stored heartbeat from now when the clock was set back while no hub ran", async () => {
    const first = await nextLife();
    await first.deliver([story.snapshot()]);
    await first.stop();
    clock.stepWall(-3_600_000);

    await using second = await nextLife();
    expect(await status(second)).toBe("live");
    clock.advance(SILENT_AFTER_MS);
    await untilStatus(second, "stale");
  });

  it("does not date what happens now by a stored time that lies ahead", async () => {
    const first = await nextLife();
    await first.deliver([story.snapshot()]);
    await first.stop();
    clock.stepWall(-3_600_000);
    const nowIso = new Date(clock.wallMs()).toISOString();

    await using second = await nextLife();
    const { position } = await second.hub.readVoiceSnapshot();
    using browser = await (await second.browser()).auth([
      { topic: TOPIC, e: position?.epoch, o: position?.offset },
    ]);
    await browser.nextOf("subd");
    const [change] = story.tell({ act: "openRoom", room: "1" });
    if (change === undefined) throw new Error("the story tells of a room");
    await second.deliver([{ ...change, timestamp: nowIso }]);
    expect(await browser.nextOf("d")).toMatchObject({ at: clock.wallMs() });
  });

  it("may begin in the turn in which the one before lets go of its store", async () => {
    const first = await nextLife();
    await first.deliver([story.snapshot()]);
    const closing = first.hub.close();
    await using second = await nextLife();
    expect(await status(second)).toBe("live");
    expect(await first.deliver(story.tell({ act: "openRoom", room: "1" }))).toMatchObject({ status: 503 });
    await closing;
    await first.stop();
  });
});

describe("while the disk is full, a hub", () => {
  function fill(): void {
    const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
    database.exec(`PRAGMA max_page_count = ${pages}`);
  }
  const makeRoom = (): void => database.exec("PRAGMA max_page_count = 1000000");
  const logged = (work: HubAtWork, event: string) => work.log.filter((line) => line.includes(`"${event}"`));

  /** More than fits into the pages there are. */
  const tellMuch = () =>
    Array.from({ length: 200 }, (_, room) => story.tell({ act: "openRoom", room: String(room) })).flat();

  it("asks workers to try again, serves browsers, says so once, and takes deliveries when there is room", async () => {
    await using work = await nextLife();
    await work.deliver([story.snapshot()]);
    fill();
    const much = tellMuch();
    for (let time = 0; time < 3; time++) {
      const answer = await work.deliver(much);
      expect(answer).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
      expect(answer.headers.get("retry-after")).toBe("5");
    }
    using browser = await (await work.browser()).auth([{ topic: TOPIC }]);
    expect(await browser.nextOf("subd")).toMatchObject({ o: 1 });
    expect(await browser.nextOf("snap")).toMatchObject({ o: 1 });
    const unhealthy = { status: "unhealthy", state: "failing", store: "failing", errorCode: "E009" };
    expect(await work.request("/api/health")).toMatchObject({ status: 503, body: unhealthy });
    expect(await work.request("/api/ready")).toMatchObject({ status: 503, body: { state: "failing" } });
    expect(await work.request("/api/live")).toMatchObject({ status: 200 });
    expect((await work.status()).body).toMatchObject({
      status: "failing",
      store: { status: "failing", errorCode: "E009", toDo: expect.stringContaining("make room") },
    });
    const metrics = (await work.request("/api/metrics")).body;
    expect(metrics).toContain('guildwire_hub_store_failures_total{code="diskFull"} 3');
    expect(metrics).toContain("guildwire_hub_store_failing 1");
    expect(metrics).toContain('guildwire_hub_deliveries_total{outcome="unavailable"} 3');
    expect(logged(work, "store_failing")).toHaveLength(1);

    makeRoom();
    expect(await work.deliver(much)).toMatchObject({ status: 200, body: { acked: 201 } });
    expect(await browser.nextOf("d")).toMatchObject({ f: 1, o: 2 });
    expect(logged(work, "store_recovered")).toHaveLength(1);
    expect(await work.request("/api/health")).toMatchObject({ status: 200, body: { store: "ok" } });
  });

  it("finds out by itself when there is room again, though nobody delivers to what is not ready", async () => {
    await using work = await nextLife();
    await work.deliver([story.snapshot()]);
    fill();
    await work.deliver(tellMuch());
    for (let trial = 0; trial < 3; trial++) clock.advance(TRIAL_AFTER_MS);
    expect((await work.request("/api/ready")).status).toBe(503);
    expect(logged(work, "store_failing")).toHaveLength(1);
    makeRoom();
    clock.advance(TRIAL_AFTER_MS);
    expect((await work.request("/api/ready")).status).toBe(200);
    expect(logged(work, "store_recovered")).toMatchObject([expect.stringContaining('"failedMs":20000')]);
    const rows = database.prepare("SELECT count(*) AS rows FROM meta WHERE key = 'trial'").get();
    expect(rows).toMatchObject({ rows: 0 });
  });

  it("shows a silent source as stale though that cannot be stored, and stores it as soon as it can", async () => {
    await using work = await nextLife();
    await work.deliver([story.snapshot(), ...tellMuch()]);
    const { position } = await work.hub.readVoiceSnapshot();
    using browser = await (await work.browser()).auth([
      { topic: TOPIC, e: position?.epoch, o: position?.offset },
    ]);
    await browser.nextOf("subd");
    // Nothing at all can be written.
    database.exec("PRAGMA query_only = ON");
    clock.advance(SILENT_AFTER_MS);
    while (logged(work, "source_stale_failed").length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await untilStatus(work, "stale");
    await browser.nextOf("tick");
    expect(await browser.nextOf("unsubd")).toMatchObject({ topic: TOPIC, code: 2103 });
    browser.say({ t: "sub", id: 2, topic: TOPIC, e: position?.epoch, o: position?.offset });
    const doubted = await browser.nextOf("subd");
    expect(doubted).toMatchObject({ how: "snapshot", o: 1 });
    expect(doubted.e).not.toBe(position?.epoch);
    const { s, dg } = await browser.nextOf("snap");
    expect(s.find(([key]) => key === "m")?.[1]).toMatchObject({
      source: { status: "stale", since: clock.wallMs() },
    });
    expect(dg).toBe(digestOf(s.map(([key, , rev]) => [key, rev])));
    expect((await work.request(`/api/rt/v1/topics/${TOPIC}`)).body).toMatchObject({ e: doubted.e, o: 1 });
    expect((await work.status()).body).toMatchObject({ sources: [{ status: "stale" }], sourcesDoubted: 1 });
    expect((await work.request("/api/metrics")).body).toContain("guildwire_hub_sources_doubted 1");

    database.exec("PRAGMA query_only = OFF");
    clock.advance(TELL_AGAIN_AFTER_MS);
    expect(await browser.nextOf("unsubd")).toMatchObject({ topic: TOPIC, code: 2103 });
    expect(await work.hub.readVoiceSnapshot()).toMatchObject({
      position: { epoch: position?.epoch, offset: Number(position?.offset) + 1 },
    });
    expect(await status(work)).toBe("stale");
    expect((await work.request("/api/metrics")).body).toContain("guildwire_hub_sources_doubted 0");
  });
});
