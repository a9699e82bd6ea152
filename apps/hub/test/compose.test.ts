import { describe, expect, it } from "vitest";
import { GUILD, GuildStory } from "./guild-story.ts";
import { startHub } from "./hub-at-work.ts";

describe("the page's snapshot", () => {
  it("is of no guild until one is delivered, and of the first one then", async () => {
    await using work = await startHub();
    expect(await work.hub.readVoiceSnapshot()).toEqual({
      guildId: null,
      view: "public",
      needsTicket: false,
      topic: null,
      position: null,
      entries: [],
    });
    await work.deliver([new GuildStory().snapshot()]);
    expect(await work.hub.readVoiceSnapshot()).toMatchObject({
      guildId: GUILD.id,
      topic: `voice/${GUILD.id}/public`,
      position: { epoch: "life1", offset: 1 },
      entries: [["m", { guild: GUILD }, 1]],
    });
  });

  it("is of the configured guild, empty until that is delivered", async () => {
    await using work = await startHub({ PRIMARY_GUILD_ID: "555" });
    await work.deliver([new GuildStory().snapshot()]);
    expect(await work.hub.readVoiceSnapshot()).toEqual({
      guildId: "555",
      view: "public",
      needsTicket: false,
      topic: "voice/555/public",
      position: { epoch: "life1", offset: 0 },
      entries: [],
    });
  });
});
