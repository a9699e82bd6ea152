import { describe, expect, it } from "vitest";
import { GUILD, GuildStory } from "../../../guild-story.ts";
import { startHub } from "../../../hub-at-work.ts";

describe("what an embed starts from", () => {
  it("is the view's entries and the position to go on from", async () => {
    await using work = await startHub();
    const story = new GuildStory();
    await work.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
    expect(await work.hub.readOpenTopic(GUILD.id, "public")).toMatchObject({
      ok: true,
      position: { epoch: "life1", offset: 1 },
      entries: expect.arrayContaining([["r:1", expect.objectContaining({ name: "Room 1" }), 1]]),
    });
  });

  it("is empty for a server that nobody has delivered yet", async () => {
    await using work = await startHub();
    expect(await work.hub.readOpenTopic("404", "public")).toMatchObject({
      ok: true,
      position: { offset: 0 },
      entries: [],
    });
  });

  it.each([
    ["x", "public"],
    [GUILD.id, "../state"],
    [GUILD.id, "nosuch"],
  ])("is a reason for the server %s and the view %s", async (guildId, view) => {
    await using work = await startHub();
    expect(await work.hub.readOpenTopic(guildId, view)).toMatchObject({
      ok: false,
      status: 404,
      message: expect.any(String),
    });
  });
});
