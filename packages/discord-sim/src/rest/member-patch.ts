import { isSnowflake } from "@guildwire/discord-wire";
import type { WorldCommand } from "../world/command.ts";
import { Permission, permissionsIn } from "../world/permission.ts";
import { wireMember } from "../world/wire-people.ts";
import type { Member, World } from "../world/world.ts";
import { type Fields, flagRule, listRule, problemsOf, readBody, textRule } from "./form.ts";
import { type RestAnswer, success } from "./rest-answer.ts";
import { failure, invalidForm } from "./rest-error.ts";
import type { Call } from "./route.ts";

/**
 * What the bot does to a member: nickname, roles, mute, deafen, move or throw out of voice. Every field needs its own
 * permission; nothing happens when one of them is missing.
 */
export function patchMember(world: World, member: Member, { request, context }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = problemsOf(fields, {
    nick: textRule(32),
    roles: listRule(250),
    mute: flagRule,
    deaf: flagRule,
  });
  if (problems.length > 0) return invalidForm(problems);
  const held = permissionsIn(world, world.bot.id);
  const isAllowed = Object.keys(fields).every(
    (name) => (held & (NEEDED[name] ?? 0n)) === (NEEDED[name] ?? 0n),
  );
  if (!isAllowed) return failure("MissingPermissions");
  const needsVoice = ["mute", "deaf", "channel_id"].some((name) => fields[name] !== undefined);
  if (needsVoice && !world.voice.has(member.id)) return failure("NotInVoice");
  for (const command of commandsOf(member, fields)) {
    const outcome = context.keeper.apply(command, world.guild.id);
    if (!outcome.ok) {
      return invalidForm([{ field: outcome.field, code: "INVALID", message: outcome.problem }]);
    }
  }
  const after = context.keeper.worlds.worldOf(world.guild.id)?.members.get(member.id) ?? member;
  return success(wireMember(after));
}

const NEEDED: Readonly<Record<string, bigint>> = {
  nick: Permission.ManageNicknames,
  roles: Permission.ManageRoles,
  mute: Permission.MuteMembers,
  deaf: Permission.DeafenMembers,
  channel_id: Permission.MoveMembers,
};

function commandsOf({ id: userId }: Member, fields: Fields): readonly WorldCommand[] {
  const { nick, roles, mute, deaf, channel_id: channelId } = fields;
  const commands: WorldCommand[] = [];
  if (typeof nick === "string" || nick === null) commands.push({ type: "renameMember", userId, nick });
  if (Array.isArray(roles)) {
    commands.push({ type: "setMemberRoles", userId, roleIds: roles.filter(isSnowflake) });
  }
  const flags = {
    ...(typeof mute === "boolean" ? { mute } : {}),
    ...(typeof deaf === "boolean" ? { deaf } : {}),
  };
  if (Object.keys(flags).length > 0) commands.push({ type: "setVoiceFlags", userId, ...flags });
  if (channelId === null) commands.push({ type: "leave", userId });
  if (isSnowflake(channelId)) commands.push({ type: "move", userId, channelId });
  return commands;
}
