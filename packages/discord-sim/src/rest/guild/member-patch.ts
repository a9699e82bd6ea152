import { isSnowflake } from "@guildwire/discord-wire";
import type { WorldCommand } from "../../world/command.ts";
import { Permission, permissionsIn } from "../../world/permission.ts";
import { wireMember } from "../../world/wire-people.ts";
import type { Member, World } from "../../world/world.ts";
import { standsAbove, worldNow } from "../access.ts";
import {
  type Fields,
  flagRule,
  idRule,
  listRule,
  problemsOf,
  readBody,
  textRule,
  timeRule,
} from "../form.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call } from "../route.ts";

/**
 * What the bot does to a member: nickname, roles, mute, deafen, move or throw out of voice, time out. Every field needs
 * its own permission; nothing happens when one of them is missing.
 */
export function patchMember(world: World, member: Member, { request, context }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = [...problemsOf(fields, RULES), ...timeoutProblems(fields, context.atMs)];
  if (problems.length > 0) return invalidForm(problems);
  const held = permissionsIn(world, world.bot.id);
  const isAllowed = Object.keys(fields).every(
    (name) => (held & (NEEDED[name] ?? 0n)) === (NEEDED[name] ?? 0n),
  );
  if (!isAllowed || !mayGive(world, member, fields)) return failure("MissingPermissions");
  const needsVoice = ["mute", "deaf", "channel_id"].some((name) => fields[name] !== undefined);
  if (needsVoice && !world.voice.has(member.id)) return failure("NotInVoice");
  for (const command of commandsOf(member, fields)) {
    const outcome = context.seat.apply(command, world.guild.id);
    if (!outcome.ok) {
      return invalidForm([{ field: outcome.field, code: "INVALID", message: outcome.problem }]);
    }
  }
  const after = worldNow(world, { request, context, parameters: {} }).members.get(member.id) ?? member;
  return success(wireMember(after));
}

const RULES = {
  nick: textRule(32),
  roles: listRule(250),
  mute: flagRule,
  deaf: flagRule,
  channel_id: idRule,
  communication_disabled_until: timeRule,
};

const TIMEOUT_MS_MAX = 28 * 24 * 3_600_000;

function timeoutProblems(fields: Fields, atMs: number): Parameters<typeof invalidForm>[0] {
  const until = fields["communication_disabled_until"];
  if (typeof until !== "string" || Date.parse(until) <= atMs + TIMEOUT_MS_MAX) return [];
  const message = "Must be within the next 28 days.";
  return [
    { field: "communication_disabled_until", code: "INVALID_COMMUNICATION_DISABLED_TIMESTAMP", message },
  ];
}

const NEEDED: Readonly<Record<string, bigint>> = {
  nick: Permission.ManageNicknames,
  roles: Permission.ManageRoles,
  mute: Permission.MuteMembers,
  deaf: Permission.DeafenMembers,
  channel_id: Permission.MoveMembers,
  communication_disabled_until: Permission.ModerateMembers,
};

/** Only roles below the bot's own can be given or taken. */
function mayGive(world: World, member: Member, fields: Fields): boolean {
  const { roles } = fields;
  if (!Array.isArray(roles)) return true;
  const turned = [
    ...roles.filter((id: unknown) => !member.roles.some((own) => own === id)),
    ...member.roles.filter((id) => !roles.includes(id)),
  ];
  return turned.every((id) => {
    const role = [...world.roles.values()].find((candidate) => candidate.id === id);
    return role === undefined || standsAbove(world, role);
  });
}

function commandsOf({ id: userId }: Member, fields: Fields): readonly WorldCommand[] {
  const { nick, roles, mute, deaf, channel_id: channelId, communication_disabled_until: until } = fields;
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
  if (typeof until === "string" || until === null) commands.push({ type: "timeOutMember", userId, until });
  return commands;
}
