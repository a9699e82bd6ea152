import { type Change, changed } from "./change.ts";
import { createChannel, deleteChannel, updateChannel } from "./channel-change.ts";
import type { WorldCommand } from "./command.ts";
import { addMember, removeMember, renameMember } from "./member-change.ts";
import {
  clearReactions,
  deleteMessages,
  editMessage,
  react,
  sendMessage,
  startTyping,
  unreact,
} from "./message-change.ts";
import { setPresence } from "./presence-change.ts";
import { createRole, deleteRole, setMemberRoles, setOverwrite, updateRole } from "./role-change.ts";
import { endStage, setStageTopic } from "./stage-change.ts";
import { join, leave, move, setVoiceFlags, setVoiceStatus } from "./voice-change.ts";
import { wireGuild, wireGuildCreate } from "./wire.ts";
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
export function withheldWhileUnseen(world: World, change: Change): Change {
  if (!change.ok) return change;
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
      return setStanding(world, "removed");
  }
}

function renameGuild(world: World, name: string): Change {
  if (name === world.guild.name) return changed(world);
  const next = { ...world, guild: { ...world.guild, name } };
  return changed(next, { t: "GUILD_UPDATE", d: wireGuild(next) });
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
