/** Two hub processes on one store: only one of them receives the worker. */
import { voiceTopic } from "@guildwire/client/rooms";
import { createMemoryEngine, delegatingEngine, type TopicEngine } from "@guildwire/live";
import { createVirtualClock, type VirtualClock } from "@guildwire/runtime/testing";
import { beforeEach, expect, it } from "vitest";
import { SILENT_AFTER_MS } from "../../src/intake/source-freshness.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";

const HEARTBEAT_MS = 10_000;
const TOPIC = voiceTopic(GUILD.id);

let clock: VirtualClock;
let store: TopicEngine;
let shown: string[];

beforeEach(() => {
  clock = createVirtualClock();
  store = createMemoryEngine({ epoch: "shared", nowMs: () => clock.wallMs() });
  shown = [];
  store.subscribe(TOPIC, ({ delta }) => {
    for (const op of delta.ops) {
      if (op[0] === "s" && op[1] === "m") shown.push((op[2] as { source: { status: string } }).source.status);
    }
  });
});

/** What a store that several processes have open gives each of them. */
const openShared = async (): Promise<TopicEngine> =>
  delegatingEngine(store, {
    capabilities: { durable: false, multiProcess: true },
    close: () => Promise.resolve(),
  });

const startOne = async (): Promise<HubAtWork> => await startHub({}, { clock, openEngine: openShared });

/** Something new every 10 s, as long as the worker lives. */
async function deliverFor(hub: HubAtWork, story: GuildStory, rooms: number): Promise<void> {
  for (let room = 1; room <= rooms; room++) {
    clock.advance(HEARTBEAT_MS);
    const { status } = await hub.deliver(story.tell({ act: "openRoom", room: String(room) }));
    expect(status).toBe(200);
  }
}

it("a process that receives nothing of a source never shows it as stale while another receives it", async () => {
  await using receiving = await startOne();
  const story = new GuildStory();
  await receiving.deliver([story.snapshot()]);
  await using other = await startOne();
  await deliverFor(receiving, story, 12);
  expect(await other.hub.ready).toBeUndefined();
  expect(shown).toEqual(["live"]);
});

it("both show a source as stale, once, when no process receives it", async () => {
  await using receiving = await startOne();
  const story = new GuildStory();
  await receiving.deliver([story.snapshot()]);
  await using other = await startOne();
  await deliverFor(receiving, story, 3);
  for (let waitedMs = 0; waitedMs < 3 * SILENT_AFTER_MS; waitedMs += 1_000) {
    clock.advance(1_000);
    // A turn of the loop: the commit of the process whose timer fired.
    await store.listSources();
  }
  await expect.poll(() => shown).toEqual(["live", "stale"]);
  const { entries } = await other.hub.readVoiceSnapshot();
  const meta = entries.find(([key]) => key === "m")?.[1];
  expect(meta).toMatchObject({ source: { status: "stale" } });
});
