import { expect, it } from "vitest";
import { SILENT_AFTER_MS } from "../../../src/intake/source-freshness.ts";
import { GUILD, GuildStory } from "../../guild-story.ts";
import { startHub } from "../../hub-at-work.ts";

it("writes one record for each change of a source's status, however many deliveries come", async () => {
  await using work = await startHub();
  const story = new GuildStory("e1", work.clock.wallMs());
  await work.deliver([story.snapshot()]);
  for (const room of ["1", "2", "3"]) await work.deliver(story.tell({ act: "openRoom", room }));
  work.clock.advance(SILENT_AFTER_MS);
  await work.request("/api/live");
  await work.deliver(story.tell({ act: "openRoom", room: "4" }));
  const records = work.log
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === "source_status");
  expect(records).toMatchObject([
    { level: "info", source: GUILD.id, status: "live", was: null, wasForMs: null },
    { level: "warn", source: GUILD.id, status: "stale", was: "live", wasForMs: expect.any(Number) },
    { level: "info", source: GUILD.id, status: "live", was: "stale" },
  ]);
});
