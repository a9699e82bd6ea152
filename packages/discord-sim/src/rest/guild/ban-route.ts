import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { ban, unban } from "../../world/guild/ban-change.ts";
import { Permission } from "../../world/permission.ts";
import { wireUser } from "../../world/wire-people.ts";
import type { Ban, World } from "../../world/world.ts";
import { inGuildWith, refusalOf } from "../access.ts";
import { integerRule, limitOf, listRule, problemsOf, readBody } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Bans, one by one and many at once. */
export const BAN_ROUTES: readonly Route[] = [
  {
    operation: "list_guild_bans",
    method: "GET",
    path: "/guilds/:guild/bans",
    answer: inGuildWith(Permission.BanMembers, listBans),
  },
  {
    operation: "get_guild_ban",
    method: "GET",
    path: "/guilds/:guild/bans/:user",
    answer: inGuildWith(Permission.BanMembers, (world, { parameters }) => {
      const entry = world.bans.get(parameters["user"] as Snowflake);
      return entry === undefined ? failure("UnknownBan") : success(wireBan(entry));
    }),
  },
  {
    operation: "ban_user_from_guild",
    method: "PUT",
    path: "/guilds/:guild/bans/:user",
    answer: inGuildWith(Permission.BanMembers, putBan),
  },
  {
    operation: "unban_user_from_guild",
    method: "DELETE",
    path: "/guilds/:guild/bans/:user",
    answer: inGuildWith(Permission.BanMembers, (world, call) => {
      const user = call.parameters["user"] as Snowflake;
      if (!world.bans.has(user)) return failure("UnknownBan");
      call.context.seat.change(world.guild.id, (now) => unban(now, user));
      return NO_CONTENT;
    }),
  },
  {
    operation: "bulk_ban_users_from_guild",
    method: "POST",
    path: "/guilds/:guild/bulk-ban",
    answer: inGuildWith(Permission.BanMembers | Permission.ManageGuild, bulkBan),
  },
];

function wireBan({ user, reason }: Ban): Readonly<Record<string, unknown>> {
  return { reason, user: wireUser(user) };
}

function listBans(world: World, { request }: Call): RestAnswer {
  const page = limitOf(request.query, { most: 1000, usual: 1000 });
  if (!page.ok) return page.answer;
  const after = request.query.get("after");
  const bans = [...world.bans.values()]
    .toSorted((a, b) => (BigInt(a.user.id) < BigInt(b.user.id) ? -1 : 1))
    .filter(({ user }) => !isSnowflake(after) || BigInt(user.id) > BigInt(after));
  return success(bans.slice(0, page.limit).map(wireBan));
}

const RULES = { delete_message_seconds: integerRule(0, 604_800), delete_message_days: integerRule(0, 7) };

function putBan(world: World, call: Call): RestAnswer {
  const { request, parameters } = call;
  const body = request.body.byteLength === 0 ? { ok: true as const, fields: {} } : readBody(request);
  if (!body.ok) return body.answer;
  const problems = problemsOf(body.fields, RULES);
  if (problems.length > 0) return invalidForm(problems);
  const user = parameters["user"];
  if (!isSnowflake(user)) return failure("UnknownUser");
  const { delete_message_seconds: seconds, delete_message_days: days } = body.fields as Readonly<
    Record<string, unknown>
  >;
  const pastMs = 1000 * Number(seconds ?? Number(days ?? 0) * 86_400);
  return banOne(world, call, user, pastMs) ? NO_CONTENT : failure("UnknownUser");
}

function bulkBan(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const problems = problemsOf(body.fields, {
    user_ids: listRule(200),
    delete_message_seconds: integerRule(0, 604_800),
  });
  if (problems.length > 0) return invalidForm(problems);
  const { user_ids: ids, delete_message_seconds: seconds } = body.fields;
  const users = Array.isArray(ids) ? ids.filter(isSnowflake) : [];
  const banned = users.filter((id) => banOne(world, call, id, 1000 * Number(seconds ?? 0)));
  const banned_users = banned;
  return success({ banned_users, failed_users: users.filter((id) => !banned.includes(id)) });
}

/** The person's messages of the last `pastMs` go with them. */
function banOne(world: World, call: Call, userId: Snowflake, pastMs: number): boolean {
  const { seat, atMs } = call.context;
  if (userId === world.guild.ownerId || userId === world.bot.id) return false;
  const user = seat.worlds.memberAnywhere(userId);
  const reason = decodeURIComponent(call.request.auditReason ?? "") || null;
  const outcome = seat.change(world.guild.id, (now) => ban(now, userId, reason, user));
  if (refusalOf(outcome) !== undefined) return false;
  if (pastMs === 0) return true;
  for (const [channelId, log] of world.messages) {
    const messageIds = log
      .filter(({ author, sentAtMs }) => author.id === userId && sentAtMs > atMs - pastMs)
      .map(({ id }) => id);
    if (messageIds.length > 0) {
      seat.apply({ type: "deleteMessages", channelId, messageIds }, world.guild.id);
    }
  }
  return true;
}
