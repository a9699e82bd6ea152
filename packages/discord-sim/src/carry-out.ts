import type { Snowflake } from "@guildwire/discord-wire";
import { invoke, type Offices } from "./application/invoke.ts";
import { changed, refused } from "./world/change.ts";
import type { DirectCommand, SimCommand, StaffCommand } from "./world/command.ts";
import { joinBot } from "./world/guild/bot-join.ts";
import { INTERACTION_COMMANDS, type InteractionCommand } from "./world/interaction-command.ts";
import { wireGuildCreate } from "./world/wire.ts";
import type { Outcome } from "./world-keeper.ts";

/** Has any command carried out, by whichever part it concerns. `guildId` is the server it is for, if one is named. */
export function carryOut(command: SimCommand, guildId: Snowflake | undefined, offices: Offices): Outcome {
  if (isInteraction(command)) {
    const invoked = invoke(command, guildId, offices);
    if (!invoked.ok) return invoked;
    const { id, payload } = invoked.interaction;
    return { ok: true, dispatches: [{ t: "INTERACTION_CREATE", d: payload }], interactionId: id };
  }
  switch (command.type) {
    case "sendDirectMessage":
    case "startDirectTyping":
      return direct(command, offices);
    case "addGuild":
    case "addBot":
    case "setCommandPermissions":
      return byStaff(command, guildId, offices);
    default:
      return offices.keeper.apply(command, guildId);
  }
}

function isInteraction(command: SimCommand): command is InteractionCommand {
  return INTERACTION_COMMANDS.some((type) => type === command.type);
}

function direct({ applicationId, ...command }: DirectCommand, { keeper, applications }: Offices): Outcome {
  const application = applicationId === undefined ? applications.first : applications.byId(applicationId);
  if (application === undefined) return refused("applicationId", "does not exist");
  return keeper.seatOf(application.bot.id).applyDirect(command);
}

function byStaff(command: StaffCommand, guildId: Snowflake | undefined, offices: Offices): Outcome {
  const { keeper, applications } = offices;
  switch (command.type) {
    case "addGuild": {
      if (command.id !== undefined && keeper.worlds.worldOf(command.id) !== undefined) {
        return refused("id", "is taken");
      }
      const world = keeper.worlds.addGuild(command.id, command.name);
      return keeper.change(world.guild.id, (now) =>
        changed(now, { t: "GUILD_CREATE", d: wireGuildCreate(now) }),
      );
    }
    case "addBot": {
      const application = applications.byId(command.applicationId);
      if (application === undefined) return refused("applicationId", "does not exist");
      return joinGuild(
        application.bot.id,
        guildId ?? keeper.worlds.watched.guild.id,
        command.permissions,
        offices,
      );
    }
    case "setCommandPermissions": {
      const application = applications.all.find(({ commands }) =>
        commands
          .usableIn(guildId ?? keeper.worlds.watched.guild.id)
          .some(({ id }) => id === command.commandId),
      );
      if (application === undefined) return refused("commandId", "does not exist");
      const where = guildId ?? keeper.worlds.watched.guild.id;
      application.commands.setPermissions(where, command.commandId, command.permissions);
      const d = {
        id: command.commandId,
        application_id: application.bot.id,
        guild_id: where,
        permissions: [...command.permissions],
      };
      const dispatches = [{ t: "APPLICATION_COMMAND_PERMISSIONS_UPDATE", d }] as const;
      keeper.tell(dispatches, where, application.bot.id);
      return { ok: true, dispatches };
    }
  }
}

/** Another bot comes into a server: it gets GUILD_CREATE, the others are told of a new member and its role. */
export function joinGuild(
  botId: Snowflake,
  guildId: Snowflake,
  permissions: string | undefined,
  { keeper }: Offices,
): Outcome {
  const { bot } = keeper.worlds.seenBy(botId);
  const joined = keeper.change(guildId, (world, atMs) => joinBot(world, bot, permissions, atMs));
  const world = keeper.seatOf(botId).worlds.worldOf(guildId);
  if (joined.ok && world !== undefined) {
    keeper.tell([{ t: "GUILD_CREATE", d: wireGuildCreate(world) }], guildId, botId);
  }
  return joined;
}
