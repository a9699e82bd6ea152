import { isSnowflake } from "@guildwire/discord-wire";
import { sessionStartLimit } from "../gateway/gateway-state.ts";
import { applicationFlags } from "../gateway/identify.ts";
import { openDirect } from "../world/direct.ts";
import { permissionsIn } from "../world/permission.ts";
import { wireApplication } from "../world/wire.ts";
import { wireDirectChannel } from "../world/wire-message.ts";
import { wireUser } from "../world/wire-people.ts";
import type { World } from "../world/world.ts";
import { limitOf, readBody } from "./form.ts";
import { type RestAnswer, success } from "./rest-answer.ts";
import type { RestContext } from "./rest-context.ts";
import { failure, invalidForm } from "./rest-error.ts";
import type { Call, Route } from "./route.ts";

/** Where to connect, who the bot is, which servers it is in, and its private channels. */
export const BOT_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/gateway",
    isOpen: true,
    answer: ({ context }) => success({ url: context.gatewayUrl }),
  },
  {
    method: "GET",
    path: "/gateway/bot",
    answer: ({ context: { gateway, gatewayUrl, shards, atMs } }) =>
      success({ url: gatewayUrl, shards, session_start_limit: sessionStartLimit(gateway, atMs) }),
  },
  {
    method: "GET",
    path: "/users/@me",
    answer: ({ context }) =>
      success({ ...wireUser(context.keeper.botMember()), verified: true, mfa_enabled: false }),
  },
  { method: "GET", path: "/users/@me/guilds", answer: listGuilds },
  { method: "POST", path: "/users/@me/channels", answer: openChannel },
  { method: "GET", path: "/users/:user", answer: showUser },
  { method: "GET", path: "/applications/@me", answer: ({ context }) => success(application(context)) },
  { method: "GET", path: "/oauth2/applications/@me", answer: ({ context }) => success(application(context)) },
  { method: "GET", path: "/voice/regions", answer: () => success([]) },
];

const GUILDS_PER_PAGE = 200;

function listGuilds({ request, context }: Call): RestAnswer {
  const page = limitOf(request.query, { most: GUILDS_PER_PAGE, usual: GUILDS_PER_PAGE });
  if (!page.ok) return page.answer;
  const { worlds } = context.keeper;
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
function openChannel({ request, context: { keeper } }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { recipient_id: userId } = body.fields;
  if (!isSnowflake(userId)) {
    const message = "This field is required";
    return invalidForm([{ field: "recipient_id", code: "BASE_TYPE_REQUIRED", message }]);
  }
  const person = keeper.worlds.memberAnywhere(userId);
  if (person === undefined) return failure("UnknownUser");
  if (person.id === keeper.worlds.bot.id) return failure("CannotDirect");
  const opened = openDirect(keeper.directs, person);
  keeper.changeDirects(() => ({ ok: true, directs: opened.directs, dispatches: [] }));
  const lastMessageId = opened.directs.messages.get(opened.channel.id)?.at(-1)?.id ?? null;
  return success(wireDirectChannel(opened.channel.id, person, lastMessageId));
}

function showUser({ parameters, context: { keeper } }: Call): RestAnswer {
  const { user } = parameters;
  const person = isSnowflake(user) ? keeper.worlds.memberAnywhere(user) : undefined;
  return person === undefined ? failure("UnknownUser") : success(wireUser(person));
}

function application({ keeper, gateway }: RestContext): Readonly<Record<string, unknown>> {
  const flags = applicationFlags(gateway.settings.intentsAllowed);
  return { ...wireApplication(keeper.worlds.bot, flags), bot: wireUser(keeper.botMember()) };
}
