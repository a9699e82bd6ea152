import { voiceTopic } from "@guildwire/client/rooms";
import { ClassEngine } from "@guildwire/live/testing/class-engine";
import { expect, it } from "vitest";
import { SILENT_AFTER_MS } from "../../src/intake/source-freshness.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { startHub } from "../hub-at-work.ts";

it("a hub runs on an engine that is a class: deliveries, pages, browsers and a silent worker", async () => {
  await using work = await startHub(
    {},
    { openEngine: async ({ clock }) => new ClassEngine(() => clock.wallMs()) },
  );
  const story = new GuildStory();
  await work.deliver([story.snapshot()]);
  using browser = await (await work.browser()).auth([{ topic: voiceTopic(GUILD.id) }]);
  await browser.nextOf("subd");
  await browser.nextOf("snap");

  await work.deliver(story.tell({ act: "openRoom", room: "1" }));
  expect((await browser.nextOf("d")).ops[0]?.[1]).toBe("r:1");
  const { entries } = await work.hub.readVoiceSnapshot();
  expect(entries.map(([key]) => key)).toEqual(["m", "r:1"]);

  work.clock.advance(SILENT_AFTER_MS);
  await browser.nextOf("tick");
  const stale = await browser.nextOf("d");
  expect(stale.ops).toMatchObject([["s", "m", { source: { status: "stale" } }]]);
});
