import type { Snowflake } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { MESSAGES_KEPT_MAX } from "../../../src/world/chat/message.ts";
import type { World } from "../../../src/world/world.ts";
import { channelNamed, given, names, only, person, quietWorld, run } from "../worlds.ts";

const world = quietWorld();
const channelId = channelNamed(world, "general").id;
const userId = person(world);

function written(content = "hi"): { readonly world: World; readonly messageId: Snowflake } {
  const { world: next, dispatches } = run(world, { type: "sendMessage", userId, channelId, content });
  return { world: next, messageId: only(dispatches, "MESSAGE_CREATE").id as Snowflake };
}

describe("a message", () => {
  it("is told with its author, membership and server", () => {
    const { dispatches } = run(world, { type: "sendMessage", userId, channelId, content: "hi" });
    const message = only(dispatches, "MESSAGE_CREATE");
    expect(message).toMatchObject({
      content: "hi",
      channel_id: channelId,
      guild_id: world.guild.id,
      author: { id: userId },
      type: 0,
      edited_timestamp: null,
    });
    expect(message.member).not.toHaveProperty("user");
  });

  it("mentions whom it names and whom it answers", () => {
    const first = written();
    const content = `<@${world.bot.id}>`;
    const { dispatches } = run(first.world, {
      type: "sendMessage",
      userId: person(world, 1),
      channelId,
      content,
      replyTo: first.messageId,
    });
    const answer = only(dispatches, "MESSAGE_CREATE");
    expect(answer.mentions.map(({ id }) => id)).toEqual([world.bot.id, userId]);
    expect(answer).toMatchObject({ type: 19, message_reference: { message_id: first.messageId } });
  });

  it("is edited, reacted to and deleted", () => {
    const { world: before, messageId } = written();
    const place = { channelId, messageId };
    expect(names(before, { type: "editMessage", ...place, content: "ho" })).toEqual(["MESSAGE_UPDATE"]);
    expect(names(before, { type: "react", ...place, userId, emoji: "🔥" })).toEqual(["MESSAGE_REACTION_ADD"]);
    const reacted = given(before, { type: "react", ...place, userId, emoji: "🔥" });
    expect(names(reacted, { type: "react", ...place, userId, emoji: "🔥" })).toEqual([]);
    expect(names(reacted, { type: "unreact", ...place, userId, emoji: "🔥" })).toEqual([
      "MESSAGE_REACTION_REMOVE",
    ]);
    expect(names(reacted, { type: "clearReactions", ...place })).toEqual(["MESSAGE_REACTION_REMOVE_ALL"]);
    expect(names(reacted, { type: "clearReactions", ...place, emoji: "🔥" })).toEqual([
      "MESSAGE_REACTION_REMOVE_EMOJI",
    ]);
    expect(names(before, { type: "deleteMessages", channelId, messageIds: [messageId] })).toEqual([
      "MESSAGE_DELETE",
    ]);
  });

  it("keeps to itself in a channel the bot may not view", () => {
    const hidden = channelNamed(world, "moderators").id;
    expect(names(world, { type: "sendMessage", userId, channelId: hidden, content: "hi" })).toEqual([]);
  });

  it("gives way when the channel is full, and ids keep growing within one millisecond", () => {
    const full = Array.from({ length: MESSAGES_KEPT_MAX + 5 }).reduce<World>(
      (current) => given(current, { type: "sendMessage", userId, channelId, content: "x" }),
      world,
    );
    const ids = (full.messages.get(channelId) ?? []).map(({ id }) => BigInt(id));
    expect(ids).toHaveLength(MESSAGES_KEPT_MAX);
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? id))).toBe(true);
  });
});

describe("presences, stages and roles", () => {
  it("are told once per change", () => {
    const offline = given(world, { type: "setPresence", userId, status: "offline" });
    expect(names(offline, { type: "setPresence", userId, status: "offline" })).toEqual([]);
    expect(names(offline, { type: "setPresence", userId, status: "idle" })).toEqual(["PRESENCE_UPDATE"]);
    const stage = channelNamed(world, "Town Hall").id;
    const open = given(world, { type: "setStageTopic", channelId: stage, topic: "Q&A" });
    expect(names(open, { type: "setStageTopic", channelId: stage, topic: "More" })).toEqual([
      "STAGE_INSTANCE_UPDATE",
    ]);
    expect(names(open, { type: "endStage", channelId: stage })).toEqual(["STAGE_INSTANCE_DELETE"]);
    const { world: withRole, dispatches } = run(world, { type: "createRole", name: "helpers" });
    const roleId = only(dispatches, "GUILD_ROLE_CREATE").role.id as Snowflake;
    const member = given(withRole, { type: "setMemberRoles", userId, roleIds: [roleId] });
    const without = given(member, { type: "deleteRole", roleId });
    expect(without.members.get(userId)?.roles).toEqual([]);
  });
});
