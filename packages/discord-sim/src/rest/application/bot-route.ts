import { isSnowflake } from "@guildwire/discord-wire";
import { FILE_SCHEME } from "../../files/file-address.ts";
import { sessionStartLimit } from "../../gateway/gateway-state.ts";
import { openDirect } from "../../world/chat/direct.ts";
import { wireDirectChannel } from "../../world/chat/wire-message.ts";
import { permissionsIn } from "../../world/permission.ts";
import { wireOwnUser, wireUser } from "../../world/wire-people.ts";
import type { World } from "../../world/world.ts";
import { inGuild, refusalOf } from "../access.ts";
import { idRule, limitOf, listRule, problemsOf, readBody, required } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Where to connect, who the bot is, which servers it is in, and its private channels. */
export const BOT_ROUTES: readonly Route[] = [
  {
    operation: "get_gateway",
    method: "GET",
    path: "/gateway",
    isOpen: true,
    answer: ({ context }) => success({ url: context.gatewayUrl }),
  },
  {
    operation: "get_bot_gateway",
    method: "GET",
    path: "/gateway/bot",
    answer: ({ context: { gateway, application, gatewayUrl, shards, atMs } }) => {
      const account = gateway.accounts.get(application.bot.id);
      if (account === undefined) return failure("Unauthorized");
      const limit = sessionStartLimit(gateway.settings, account, atMs);
      return success({ url: gatewayUrl, shards, session_start_limit: limit });
    },
  },
  {
    operation: "get_my_user",
    method: "GET",
    path: "/users/@me",
    answer: ({ context }) => success(wireOwnUser(context.seat.botMember())),
  },
  { operation: "list_my_guilds", method: "GET", path: "/users/@me/guilds", answer: listGuilds },
  {
    operation: "leave_guild",
    method: "DELETE",
    path: "/users/@me/guilds/:guild",
    answer: inGuild((world, { context }) => {
      const command = { type: "removeBot", applicationId: context.application.bot.id } as const;
      return refusalOf(context.seat.apply(command, world.guild.id)) ?? NO_CONTENT;
    }),
  },
  { operation: "create_dm", method: "POST", path: "/users/@me/channels", answer: openChannel },
  { operation: "get_user", method: "GET", path: "/users/:user", answer: showUser },
  {
    operation: "list_voice_regions",
    method: "GET",
    path: "/voice/regions",
    answer: () => success([]),
  },
  {
    operation: "refresh_attachment_urls*",
    method: "POST",
    path: "/attachments/refresh-urls",
    answer: refreshUrls,
  },
];

const GUILDS_PER_PAGE = 200;

function listGuilds({ request, context }: Call): RestAnswer {
  const page = limitOf(request.query, { most: GUILDS_PER_PAGE, usual: GUILDS_PER_PAGE });
  if (!page.ok) return page.answer;
  const { worlds } = context.seat;
  const after = request.query.get("after");
  const ids = worlds.guildIds
    .toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    .filter((id) => !isSnowflake(after) || BigInt(id) > BigInt(after))
    .slice(0, page.limit);
  return success(
    ids.flatMap((id) => {
      const world = worlds.worldOf(id);
      return world === undefined || world.guild.standing === "removed" ? [] : [partialGuild(world)];
    }),
  );
}

function partialGuild(world: World): Readonly<Record<string, unknown>> {
  const { id, name } = world.guild;
  const permissions = String(permissionsIn(world, world.bot.id));
  return { id, name, icon: null, banner: null, owner: false, permissions, features: [] };
}

/** The same private channel every time. */
function openChannel({ request, context: { seat } }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { recipient_id: userId } = body.fields;
  const problems = problemsOf(body.fields, { recipient_id: idRule });
  if (problems.length > 0) return invalidForm(problems);
  if (!isSnowflake(userId)) return invalidForm([required("recipient_id")]);
  const person = seat.worlds.memberAnywhere(userId);
  if (person === undefined) return failure("UnknownUser");
  if (person.id === seat.worlds.bot.id) return failure("CannotDirect");
  const opened = openDirect(seat.directs, person, seat.bot.id);
  seat.changeDirects(() => ({ ok: true, directs: opened.directs, dispatches: [] }));
  const lastMessageId = opened.directs.messages.get(opened.channel.id)?.at(-1)?.id ?? null;
  return success(wireDirectChannel(opened.channel.id, person, lastMessageId));
}

function showUser({ parameters, context: { seat } }: Call): RestAnswer {
  const { user } = parameters;
  const person = isSnowflake(user) ? seat.worlds.memberAnywhere(user) : undefined;
  return person === undefined ? failure("UnknownUser") : success(wireUser(person));
}

/** Fresh signatures for addresses of files; the path stays. */
function refreshUrls({ request }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const problems = problemsOf(body.fields, { attachment_urls: listRule(50) });
  const { attachment_urls: urls } = body.fields;
  if (problems.length > 0 || !Array.isArray(urls)) {
    return invalidForm(problems.length > 0 ? problems : [required("attachment_urls")]);
  }
  const refreshed_urls = urls.map((original: unknown) => {
    const path = /\/(attachments\/[^?]+)/.exec(String(original))?.[1];
    return { original, refreshed: path === undefined ? original : `${FILE_SCHEME}${path}` };
  });
  return success({ refreshed_urls });
}
