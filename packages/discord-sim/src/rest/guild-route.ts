import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { wireGuild, wireVisibleChannel, wireVoiceState } from "../world/wire.ts";
import { wireMember, wireRole } from "../world/wire-people.ts";
import { displayName, type Member, type World } from "../world/world.ts";
import { createChannel } from "./channel-route.ts";
import { limitOf } from "./form.ts";
import { patchMember } from "./member-patch.ts";
import { type RestAnswer, success } from "./rest-answer.ts";
import { failure } from "./rest-error.ts";
import type { Call, Route } from "./route.ts";

/** Servers, their channels, roles, members and voice states. */
export const GUILD_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/guilds/:guild",
    answer: inGuild((world, { request }) =>
      success({
        ...wireGuild(world),
        ...(request.query.get("with_counts") === "true"
          ? { approximate_member_count: world.members.size, approximate_presence_count: world.presences.size }
          : {}),
      }),
    ),
  },
  {
    method: "GET",
    path: "/guilds/:guild/channels",
    // Channels the bot may not view are left out here, while the Gateway sends them obfuscated.
    answer: inGuild((world) =>
      success(
        [...world.channels.values()]
          .filter((channel) => !channel.hidden)
          .map((channel) => wireVisibleChannel(world, channel)),
      ),
    ),
  },
  { method: "POST", path: "/guilds/:guild/channels", answer: inGuild(createChannel) },
  {
    method: "GET",
    path: "/guilds/:guild/threads/active",
    answer: inGuild(() => success({ threads: [], members: [] })),
  },
  {
    method: "GET",
    path: "/guilds/:guild/roles",
    answer: inGuild((world) => success([...world.roles.values()].map(wireRole))),
  },
  { method: "GET", path: "/guilds/:guild/members", answer: inGuild(listMembers) },
  { method: "GET", path: "/guilds/:guild/members/search", answer: inGuild(searchMembers) },
  {
    method: "GET",
    path: "/guilds/:guild/members/:user",
    answer: inGuild((world, { parameters }) =>
      withMember(world, parameters["user"], (member) => success(wireMember(member))),
    ),
  },
  {
    method: "PATCH",
    path: "/guilds/:guild/members/:user",
    answer: inGuild((world, call) =>
      withMember(world, call.parameters["user"], (member) => patchMember(world, member, call)),
    ),
  },
  {
    method: "GET",
    path: "/guilds/:guild/voice-states/:user",
    answer: inGuild((world, { parameters }) =>
      withMember(world, parameters["user"], (member) => {
        const presence = world.voice.get(member.id);
        if (presence === undefined) return failure("UnknownVoiceState");
        return success(wireVoiceState(world, presence, member, member));
      }),
    ),
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

function inGuild(answer: (world: World, call: Call) => RestAnswer): Route["answer"] {
  return (call) => {
    const world = call.context.keeper.worlds.worldOf(call.parameters["guild"] as Snowflake);
    return world === undefined || world.guild.standing === "removed"
      ? failure("UnknownGuild")
      : answer(world, call);
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
