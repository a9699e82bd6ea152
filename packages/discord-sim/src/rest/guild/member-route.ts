import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { renameMember } from "../../world/guild/member-change.ts";
import { Permission } from "../../world/permission.ts";
import { wireMember } from "../../world/wire-people.ts";
import { displayName, type World } from "../../world/world.ts";
import { inGuild, inGuildWith, mayIn, refusalOf, standsAbove, withMember, worldNow } from "../access.ts";
import { limitOf, problemsOf, readBody, textRule } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { patchMember } from "./member-patch.ts";

/** Members, their roles, and how they are thrown out. */
export const MEMBER_ROUTES: readonly Route[] = [
  {
    operation: "list_guild_members",
    method: "GET",
    path: "/guilds/:guild/members",
    answer: inGuild(listMembers),
  },
  {
    operation: "search_guild_members",
    method: "GET",
    path: "/guilds/:guild/members/search",
    answer: inGuild(searchMembers),
  },
  {
    operation: "update_my_guild_member",
    method: "PATCH",
    path: "/guilds/:guild/members/@me",
    answer: inGuild(patchOwnMember),
  },
  {
    operation: "get_guild_member",
    method: "GET",
    path: "/guilds/:guild/members/:user",
    answer: inGuild((world, { parameters }) =>
      withMember(world, parameters["user"], (member) => success(wireMember(member))),
    ),
  },
  {
    operation: "update_guild_member",
    method: "PATCH",
    path: "/guilds/:guild/members/:user",
    answer: inGuild((world, call) =>
      withMember(world, call.parameters["user"], (member) => patchMember(world, member, call)),
    ),
  },
  {
    operation: "delete_guild_member",
    method: "DELETE",
    path: "/guilds/:guild/members/:user",
    answer: inGuildWith(Permission.KickMembers, kick),
  },
  {
    operation: "add_guild_member_role",
    method: "PUT",
    path: "/guilds/:guild/members/:user/roles/:role",
    answer: inGuildWith(Permission.ManageRoles, (world, call) => setRole(world, call, true)),
  },
  {
    operation: "delete_guild_member_role",
    method: "DELETE",
    path: "/guilds/:guild/members/:user/roles/:role",
    answer: inGuildWith(Permission.ManageRoles, (world, call) => setRole(world, call, false)),
  },
  {
    operation: "get_my_guild_member",
    method: "GET",
    path: "/users/@me/guilds/:guild/member",
    answer: inGuild((world) => withMember(world, "@me", (member) => success(wireMember(member)))),
  },
];

const MEMBERS_PER_PAGE = 1000;

function listMembers(world: World, { request }: Call): RestAnswer {
  // One, unless asked for more: Discord's default, and a trap.
  const page = limitOf(request.query, { most: MEMBERS_PER_PAGE, usual: 1 });
  if (!page.ok) return page.answer;
  const after = request.query.get("after") ?? "0";
  const members = [...world.members.values()]
    .filter(({ id }) => isSnowflake(after) && BigInt(id) > BigInt(after))
    .toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
    .slice(0, page.limit);
  return success(members.map(wireMember));
}

function searchMembers(world: World, { request }: Call): RestAnswer {
  const page = limitOf(request.query, { most: MEMBERS_PER_PAGE, usual: 1 });
  if (!page.ok) return page.answer;
  const query = (request.query.get("query") ?? "").toLowerCase();
  const found = [...world.members.values()].filter((member) =>
    [member.username, displayName(member)].some((name) => name.toLowerCase().startsWith(query)),
  );
  return success(found.slice(0, page.limit).map(wireMember));
}

function patchOwnMember(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const problems = problemsOf(body.fields, { nick: textRule(32) });
  if (problems.length > 0) return invalidForm(problems);
  if (!mayIn(world, Permission.ChangeNickname)) return failure("MissingPermissions");
  const { nick } = body.fields;
  const outcome = call.context.seat.change(world.guild.id, (now) =>
    renameMember(now, world.bot.id, typeof nick === "string" ? nick : null),
  );
  return refusalOf(outcome) ?? withMember(worldNow(world, call), "@me", (own) => success(wireMember(own)));
}

function kick(world: World, call: Call): RestAnswer {
  return withMember(world, call.parameters["user"], (member) => {
    const roles = member.roles.flatMap((id) => world.roles.get(id) ?? []);
    const isAbove = roles.every((role) => standsAbove(world, role));
    if (!isAbove || member.id === world.guild.ownerId) {
      return failure("MissingPermissions");
    }
    const outcome = call.context.seat.apply({ type: "removeMember", userId: member.id }, world.guild.id);
    return refusalOf(outcome) ?? NO_CONTENT;
  });
}

function setRole(world: World, call: Call, isOn: boolean): RestAnswer {
  const role = world.roles.get(call.parameters["role"] as Snowflake);
  if (role === undefined) return failure("UnknownRole");
  if (role.id === world.guild.id || role.managed) return failure("InvalidRole");
  if (!standsAbove(world, role)) return failure("MissingPermissions");
  return withMember(world, call.parameters["user"], (member) => {
    const others = member.roles.filter((id) => id !== role.id);
    const outcome = call.context.seat.apply(
      { type: "setMemberRoles", userId: member.id, roleIds: isOn ? [...others, role.id] : others },
      world.guild.id,
    );
    return refusalOf(outcome) ?? NO_CONTENT;
  });
}
