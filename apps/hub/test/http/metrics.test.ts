/** What Prometheus reads of a hub at work. */

import { voiceTopic } from "@guildwire/client/rooms";
import { readExposition } from "@guildwire/runtime/testing";
import { expect, it } from "vitest";
import { createHubMetrics } from "../../src/hub-metrics.ts";
import { SILENT_AFTER_MS } from "../../src/intake/source-freshness.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { startHub } from "../hub-at-work.ts";

const TOPIC = voiceTopic(GUILD.id, "public");

it("publishes every metric it knows, in the format that Prometheus reads", async () => {
  await using work = await startHub();
  await work.deliver([new GuildStory().snapshot()]);
  const families = readExposition(String((await work.request("/api/metrics")).body));
  const known = createHubMetrics({ version: "0.0.0", commit: null }).descriptions();
  expect([...families.keys()]).toEqual(known.map(({ name }) => name));
  const silentGauges = [...families.values()].filter(
    ({ type, name, samples }) =>
      type === "gauge" && name.startsWith("guildwire_hub_") && samples.length === 0,
  );
  expect(silentGauges.map(({ name }) => name)).toEqual([]);
});

it("tells sockets, subscriptions and sources as they are", async () => {
  await using work = await startHub();
  const story = new GuildStory();
  await work.deliver([story.snapshot()]);
  expect(await work.metric("guildwire_hub_sources_heard")).toBe(1);
  using browser = await (await work.browser()).auth([{ topic: TOPIC }]);
  await browser.nextOf("subd");
  expect(await work.metric("guildwire_hub_connections")).toBe(1);
  expect(await work.metric("guildwire_hub_subscribers")).toBe(1);
  expect(await work.metric("guildwire_hub_connections_max")).toBeGreaterThan(1);
  work.clock.advance(SILENT_AFTER_MS);
  expect(await work.metric("guildwire_hub_sources_heard")).toBe(0);
  expect(await work.metric("guildwire_hub_sources_silent")).toBe(1);
});
