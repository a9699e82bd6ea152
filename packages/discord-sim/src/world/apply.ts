import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused } from "./change.ts";
import { deleteMessages, editMessage, sendMessage, startTyping } from "./chat/message-change.ts";
import { pinMessage, unpinMessage } from "./chat/pin-change.ts";
import { endPoll, vote } from "./chat/poll-change.ts";
import { clearReactions, react, unreact } from "./chat/reaction-change.ts";
import { threadListSync } from "./chat/thread.ts";
import { createThread, deleteThread, joinThread, leaveThread, updateThread } from "./chat/thread-change.ts";
import type { WorldCommand } from "./command.ts";
import type { Dispatch } from "./dispatch.ts";
import { ban, unban } from "./guild/ban-change.ts";
import { createChannel, deleteChannel, updateChannel } from "./guild/channel-change.ts";
import { createEvent, deleteEvent, followEvent, updateEvent } from "./guild/event-change.ts";
import { createInvite, deleteInvite } from "./guild/invite-change.ts";
import { addMember, removeMember, renameMember, timeOutMember } from "./guild/member-change.ts";
import { setPresence } from "./guild/presence-change.ts";
import { createRole, deleteRole, setMemberRoles, setOverwrite, updateRole } from "./guild/role-change.ts";
import { isVisible, permissionsIn } from "./permission.ts";
import { endStage, setStageTopic } from "./voice/stage-change.ts";
import { join, leave, move, setVoiceFlags, setVoiceStatus } from "./voice/voice-change.ts";
import { wireChannel, wireGuild, wireGuildCreate } from "./wire.ts";
import type { Guild, World } from "./world.ts";

/**
 * What a command does to the world and what a bot is told about it.
 *
 * Rules: the function is pure; a command that changes nothing says nothing; a command that is impossible is refused
 * with the name of the field to blame and changes nothing. While the bot cannot see the server (an outage, or it was
 * removed) life goes on unseen: the world changes and nothing is said, and GUILD_CREATE tells it all afterwards.
 */
export function apply(world: World, command: WorldCommand, atMs: number): Change {
  return withheldWhileUnseen(world, effect(world, command, atMs));
}

/** For changes that come about in another way than by a command: what the bot's own REST calls do. */
export function withheldWhileUnseen(world: World, before: Change): Change {
  if (!before.ok) return before;
  const change = withChannelsSeen(world, before.world, before.dispatches);
  const unseen = world.guild.standing !== "available" && change.world.guild.standing === world.guild.standing;
  return unseen ? changed(change.world) : change;
}

function effect(world: World, command: WorldCommand, atMs: number): Change {
  switch (command.type) {
    case "join":
      return join(world, command, atMs);
    case "leave":
      return leave(world, command.userId);
    case "move":
      return move(world, command.userId, command.channelId, atMs);
    case "setVoiceFlags":
      return setVoiceFlags(world, command, atMs);
    case "setVoiceStatus":
      return setVoiceStatus(world, command.channelId, command.status);
    case "createChannel":
      return createChannel(world, command);
    case "updateChannel":
      return updateChannel(world, command);
    case "deleteChannel":
      return deleteChannel(world, command.channelId);
    case "addMember":
      return addMember(world, command, atMs);
    case "renameMember":
      return renameMember(world, command.userId, command.nick);
    case "removeMember":
      return removeMember(world, command.userId);
    case "createRole":
      return createRole(world, command);
    case "updateRole":
      return updateRole(world, command);
    case "deleteRole":
      return deleteRole(world, command.roleId);
    case "setMemberRoles":
      return setMemberRoles(world, command);
    case "setOverwrite":
      return setOverwrite(world, command);
    case "sendMessage":
      return sendMessage(world, command, atMs);
    case "editMessage":
      return editMessage(world, command, atMs);
    case "deleteMessages":
      return deleteMessages(world, command);
    case "react":
      return react(world, command);
    case "unreact":
      return unreact(world, command);
    case "clearReactions":
      return clearReactions(world, command);
    case "vote":
    case "unvote":
      return vote(world, command, atMs);
    case "endPoll":
      return endPoll(world, command, atMs);
    case "pin": {
      const by = world.members.get(command.userId);
      return by === undefined ? refused("userId", "is not a member") : pinMessage(world, command, by, atMs);
    }
    case "unpin":
      return unpinMessage(world, command);
    case "createThread":
      return createThread(world, command, atMs);
    case "updateThread":
      return updateThread(world, command, atMs);
    case "deleteThread":
      return deleteThread(world, command.threadId);
    case "joinThread":
      return joinThread(world, command.threadId, command.userId, atMs);
    case "leaveThread":
      return leaveThread(world, command.threadId, command.userId);
    case "timeOutMember":
      return timeOutMember(world, command.userId, command.until);
    case "ban":
      return ban(world, command.userId, command.reason ?? null);
    case "unban":
      return unban(world, command.userId);
    case "createInvite":
      return createInvite(world, command, atMs);
    case "deleteInvite":
      return deleteInvite(world, command.code);
    case "createEvent":
      return createEvent(world, command, atMs);
    case "updateEvent":
      return updateEvent(world, command);
    case "deleteEvent":
      return deleteEvent(world, command.eventId);
    case "followEvent":
      return followEvent(world, command.eventId, command.userId, true);
    case "unfollowEvent":
      return followEvent(world, command.eventId, command.userId, false);
    case "startTyping":
      return startTyping(world, command, atMs);
    case "setPresence":
      return setPresence(world, command, atMs);
    case "setStageTopic":
      return setStageTopic(world, command.channelId, command.topic);
    case "endStage":
      return endStage(world, command.channelId);
    case "renameGuild":
      return renameGuild(world, command.name);
    case "guildUnavailable":
      return setStanding(world, "unavailable");
    case "guildAvailable":
      return setStanding(world, "available");
    case "removeBot":
      return removeBot(world, command.applicationId);
  }
}

function renameGuild(world: World, name: string): Change {
  if (name === world.guild.name) return changed(world);
  const next = { ...world, guild: { ...world.guild, name } };
  return changed(next, { t: "GUILD_UPDATE", d: wireGuild(next) });
}

/** Of another bot than the first, the membership ends; the first is only remembered as gone. */
function removeBot(world: World, applicationId: Snowflake | undefined): Change {
  const isFirst = applicationId === undefined || applicationId === world.firstBotId;
  if (isFirst && world.bot.id === world.firstBotId) return setStanding(world, "removed");
  if (isFirst) return changed({ ...world, guild: { ...world.guild, standing: "removed" } });
  const removed = removeMember(world, applicationId);
  if (!removed.ok || world.bot.id !== applicationId) return removed;
  return changed(removed.world, { t: "GUILD_DELETE", d: { id: world.guild.id } });
}

function setStanding(world: World, standing: Guild["standing"]): Change {
  if (standing === world.guild.standing) return changed(world);
  const next = { ...world, guild: { ...world.guild, standing } };
  const id = world.guild.id;
  switch (standing) {
    case "available":
      return changed(next, { t: "GUILD_CREATE", d: wireGuildCreate(next) });
    case "unavailable":
      return changed(next, { t: "GUILD_DELETE", d: { id, unavailable: true } });
    case "removed":
      return changed(next, { t: "GUILD_DELETE", d: { id } });
  }
}

/**
 * When roles change, so may which channels the bot may view: CHANNEL_UPDATE for each that comes into view, or out of
 * it. Overwrites and `hidden` come with a CHANNEL_UPDATE of their own.
 */
function withChannelsSeen(
  before: World,
  after: World,
  dispatches: readonly Dispatch[],
): Extract<Change, { ok: true }> {
  const same = { ok: true, world: after, dispatches } as const;
  const rolesOf = (world: World): readonly Snowflake[] => world.members.get(world.bot.id)?.roles ?? [];
  if (before.roles === after.roles && rolesOf(before) === rolesOf(after)) return same;
  const [base, nextBase] = [permissionsIn(before, before.bot.id), permissionsIn(after, after.bot.id)];
  const turned = [...after.channels.values()].filter((channel) => {
    const previous = before.channels.get(channel.id);
    return (
      previous !== undefined && isVisible(before, previous, base) !== isVisible(after, channel, nextBase)
    );
  });
  const updates = turned.map(
    (channel): Dispatch => ({ t: "CHANNEL_UPDATE", d: wireChannel(after, channel) }),
  );
  const synced = turned
    .filter((channel) => isVisible(after, channel, nextBase))
    .flatMap(({ id }) => threadListSync(after, id));
  return { ...same, dispatches: [...dispatches, ...updates, ...synced] };
}
