import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";

let work: HubAtWork;
let story: GuildStory;

beforeEach(async () => {
  work = await startHub();
  story = new GuildStory();
});
afterEach(async () => {
  await work.stop();
});

const shard = (app = "9") => ({ app, id: 0, of: 1, status: "live", since: "2026-11-21T09:00:00.000Z" });
const delivery = (events: readonly unknown[], more: object = {}) => ({
  source: GUILD.id,
  epoch: "e1",
  events,
  ...more,
});
const post = (deliveries: readonly unknown[], shards: readonly unknown[] = [shard()]) =>
  work.post(JSON.stringify({ deliveries, shards }));

describe("a body of many sources", () => {
  it("is answered with a result for each of them", async () => {
    const unknown = { source: "77", epoch: "e1", events: story.tell({ act: "openRoom", room: "1" }) };
    const wrong = { source: "78", epoch: "e1", events: [{ seq: "x" }] };
    const answer = await post([delivery([story.snapshot()]), unknown, wrong]);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        results: [
          { source: GUILD.id, acked: expect.any(Number) },
          { source: "77", want: "snapshot" },
          { source: "78", refused: { status: 400 } },
        ],
      },
    });
  });

  it("is refused by a source whose stream another worker owns", async () => {
    await post([delivery([story.snapshot()], { fence: 3 })]);
    expect(await post([delivery([story.snapshot()], { fence: 2 })])).toMatchObject({
      body: { results: [{ source: GUILD.id, fenced: 3 }] },
    });
  });

  it("without deliveries is a heartbeat, and is counted as one", async () => {
    expect(await post([])).toMatchObject({ status: 200, body: { results: [] } });
    expect((await work.request("/api/metrics")).body).toContain(
      'guildwire_hub_deliveries_total{outcome="heartbeat"} 1',
    );
  });
});

describe("a worker that only sends heartbeats", () => {
  const status = async () => {
    const entry = (await work.hub.readVoiceSnapshot()).entries.find(([key]) => key === "m");
    return (entry?.[1] as { source: { status: string } } | undefined)?.source.status;
  };
  const pass = async (ms: number) => {
    work.clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };

  it("keeps its sources live, and no source of another application", async () => {
    await post([delivery([story.snapshot()])]);
    for (let beats = 0; beats < 5; beats += 1) {
      await pass(10_000);
      await post([]);
    }
    expect(await status()).toBe("live");
    for (let beats = 0; beats < 5; beats += 1) {
      await pass(10_000);
      await post([], [shard("8")]);
    }
    expect(await status()).toBe("stale");
    await post([]);
    expect(await status()).toBe("live");
  });
});
