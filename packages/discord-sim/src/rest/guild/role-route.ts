import type { Snowflake } from "@guildwire/discord-wire";
import { Permission } from "../../world/permission.ts";
import { wireRole } from "../../world/wire-people.ts";
import type { Details, Role, World } from "../../world/world.ts";
import { inGuild, inGuildWith, refusalOf, standsAbove, worldNow } from "../access.ts";
import {
  bitsRule,
  type Fields,
  flagRule,
  integerRule,
  keptRule,
  objectRule,
  problemsOf,
  readBody,
  readListBody,
  textRule,
} from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Roles. The bot can make and change only those below its own. */
export const ROLE_ROUTES: readonly Route[] = [
  {
    operation: "list_guild_roles",
    method: "GET",
    path: "/guilds/:guild/roles",
    answer: inGuild((world) => success([...world.roles.values()].map(wireRole))),
  },
  {
    operation: "create_guild_role",
    method: "POST",
    path: "/guilds/:guild/roles",
    answer: inGuildWith(Permission.ManageRoles, createRole),
  },
  {
    operation: "bulk_update_guild_roles",
    method: "PATCH",
    path: "/guilds/:guild/roles",
    answer: inGuildWith(Permission.ManageRoles, orderRoles),
  },
  {
    operation: "guild_role_member_counts",
    method: "GET",
    path: "/guilds/:guild/roles/member-counts",
    answer: inGuild((world) => {
      const counts = Object.fromEntries([...world.roles.keys()].map((id) => [id, 0]));
      for (const { roles } of world.members.values()) {
        for (const id of roles) counts[id] = (counts[id] ?? 0) + 1;
      }
      return success(counts);
    }),
  },
  {
    operation: "get_guild_role",
    method: "GET",
    path: "/guilds/:guild/roles/:role",
    answer: inGuild((world, call) => withRole(world, call, (role) => success(wireRole(role)))),
  },
  {
    operation: "update_guild_role",
    method: "PATCH",
    path: "/guilds/:guild/roles/:role",
    answer: inGuildWith(Permission.ManageRoles, updateRole),
  },
  {
    operation: "delete_guild_role",
    method: "DELETE",
    path: "/guilds/:guild/roles/:role",
    answer: inGuildWith(Permission.ManageRoles, deleteRole),
  },
];

const RULES = {
  name: textRule(100),
  permissions: bitsRule,
  color: integerRule(0, 0xff_ff_ff),
  colors: objectRule,
  hoist: flagRule,
  mentionable: flagRule,
  icon: keptRule,
  unicode_emoji: textRule(20),
};

function createRole(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = problemsOf(fields, RULES);
  if (problems.length > 0) return invalidForm(problems);
  const { name, permissions } = fields;
  const outcome = call.context.seat.apply(
    {
      type: "createRole",
      name: typeof name === "string" ? name : "new role",
      permissions: String(permissions ?? world.roles.get(world.guild.id)?.permissions ?? 0),
      ...detailsOf(fields),
    },
    world.guild.id,
  );
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const made = [...worldNow(world, call).roles.values()].find(({ id }) => !world.roles.has(id));
  return made === undefined ? failure("General") : success(wireRole(made));
}

function updateRole(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = problemsOf(fields, RULES);
  if (problems.length > 0) return invalidForm(problems);
  return withRole(world, call, (role) => {
    if (!standsAbove(world, role)) return failure("MissingPermissions");
    const { name, permissions } = fields;
    const outcome = call.context.seat.apply(
      {
        type: "updateRole",
        roleId: role.id,
        ...(typeof name === "string" ? { name } : {}),
        ...(permissions === undefined || permissions === null ? {} : { permissions: String(permissions) }),
        ...detailsOf(fields),
      },
      world.guild.id,
    );
    return refusalOf(outcome) ?? success(wireRole(worldNow(world, call).roles.get(role.id) ?? role));
  });
}

function deleteRole(world: World, call: Call): RestAnswer {
  return withRole(world, call, (role) => {
    if (!standsAbove(world, role)) return failure("MissingPermissions");
    if (role.managed || role.id === world.guild.id) return failure("InvalidRole");
    const outcome = call.context.seat.apply({ type: "deleteRole", roleId: role.id }, world.guild.id);
    return refusalOf(outcome) ?? NO_CONTENT;
  });
}

function orderRoles(world: World, call: Call): RestAnswer {
  const body = readListBody(call.request);
  if (!body.ok) return body.answer;
  for (const { id, position } of body.entries) {
    const role = world.roles.get(id as Snowflake);
    if (role === undefined) return failure("UnknownRole");
    if (!standsAbove(world, role)) return failure("MissingPermissions");
    if (typeof position !== "number") continue;
    const outcome = call.context.seat.apply(
      { type: "updateRole", roleId: role.id, position },
      world.guild.id,
    );
    const refusal = refusalOf(outcome);
    if (refusal !== undefined) return refusal;
  }
  return success([...worldNow(world, call).roles.values()].map(wireRole));
}

function withRole(world: World, call: Call, answer: (role: Role) => RestAnswer): RestAnswer {
  const role = world.roles.get(call.parameters["role"] as Snowflake);
  return role === undefined ? failure("UnknownRole") : answer(role);
}

function detailsOf(fields: Fields): { readonly details?: Details } {
  const { name: _name, permissions: _permissions, icon, ...others } = fields;
  const details = {
    ...others,
    ...(icon === undefined ? {} : { icon: icon === null ? null : "0".repeat(32) }),
  };
  return Object.keys(details).length === 0 ? {} : { details };
}
