import { isSnowflake } from "@guildwire/discord-wire";
import { sessionStartLimit } from "../gateway/gateway-state.ts";
import { applicationFlags } from "../gateway/identify.ts";
import {
  wireApplication,
  wireGuild,
  wireMember,
  wireUser,
  wireVisibleChannel,
  wireVoiceState,
} from "../world/wire.ts";
import type { Member, World } from "../world/world.ts";
import { type RestAnswer, success } from "./rest-answer.ts";
import type { RestContext } from "./rest-api.ts";
import { failure } from "./rest-error.ts";

/** The routes there are, as a table: a new one is a new row. */
export interface Route {
  readonly method: string;
  /** `:name` stands for one part, which `answer` gets under that name. */
  readonly path: string;
  readonly needsToken: boolean;
  readonly answer: (parameters: Parameters, context: RestContext) => RestAnswer;
}

type Parameters = Readonly<Record<string, string>>;

const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/gateway",
    needsToken: false,
    answer: (_, { gatewayUrl }) => success({ url: gatewayUrl }),
  },
  {
    method: "GET",
    path: "/gateway/bot",
    needsToken: true,
    answer: (_, { gateway, gatewayUrl, atMs }) =>
      success({ url: gatewayUrl, shards: 1, session_start_limit: sessionStartLimit(gateway, atMs) }),
  },
  {
    method: "GET",
    path: "/users/@me",
    needsToken: true,
    answer: (_, { world }) =>
      withMember(world, "@me", (bot) => success({ ...wireUser(bot), verified: true, mfa_enabled: false })),
  },
  {
    method: "GET",
    path: "/applications/@me",
    needsToken: true,
    answer: (_, { world, gateway }) =>
      success(wireApplication(world, applicationFlags(gateway.settings.intentsAllowed))),
  },
  {
    method: "GET",
    path: "/guilds/:guild",
    needsToken: true,
    answer: inGuild(({ world }) => success(wireGuild(world))),
  },
  {
    method: "GET",
    path: "/guilds/:guild/channels",
    needsToken: true,
    // Channels the bot may not view are left out here, while the Gateway sends them obfuscated.
    answer: inGuild(({ world }) =>
      success(
        [...world.channels.values()]
          .filter((channel) => !channel.hidden)
          .map((channel) => wireVisibleChannel(world, channel)),
      ),
    ),
  },
  {
    method: "GET",
    path: "/guilds/:guild/members/:user",
    needsToken: true,
    answer: inGuild(({ world }, { user }) =>
      withMember(world, user, (member) => success(wireMember(member))),
    ),
  },
  {
    method: "GET",
    path: "/guilds/:guild/voice-states/:user",
    needsToken: true,
    answer: inGuild(({ world }, { user }) =>
      withMember(world, user, (member) => {
        const presence = world.voice.get(member.id);
        if (presence === undefined) return failure("UnknownVoiceState");
        return success(wireVoiceState(world, presence, member, member));
      }),
    ),
  },
];

export function findRoute(
  method: string,
  path: string,
): { readonly route: Route; readonly parameters: Parameters } | "unknown path" | "other method" {
  const candidates = ROUTES.flatMap((route) => {
    const parameters = match(route.path, path);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
  if (candidates.length === 0) return "unknown path";
  return candidates.find(({ route }) => route.method === method) ?? "other method";
}

function match(pattern: string, path: string): Parameters | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) parameters[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return parameters;
}

function inGuild(answer: (context: RestContext, parameters: Parameters) => RestAnswer): Route["answer"] {
  return (parameters, context) => {
    const { guild } = context.world;
    const isThere = parameters["guild"] === guild.id && guild.standing !== "removed";
    return isThere ? answer(context, parameters) : failure("UnknownGuild");
  };
}

function withMember(
  world: World,
  user: string | undefined,
  answer: (member: Member) => RestAnswer,
): RestAnswer {
  const id = user === "@me" ? world.bot.id : user;
  const member = isSnowflake(id) ? world.members.get(id) : undefined;
  return member === undefined ? failure("UnknownMember") : answer(member);
}
