import { isVisible, Permission, permissionsIn } from "../../world/permission.ts";
import { wireGuild, wireVisibleChannel, wireVoiceState } from "../../world/wire.ts";
import type { Details, World } from "../../world/world.ts";
import { inGuild, inGuildWith, refusalOf, withMember, worldNow } from "../access.ts";
import { orderChannels, postChannel } from "../channel/channel-route.ts";
import {
  flagRule,
  idRule,
  integerRule,
  keptRule,
  listRule,
  problemsOf,
  type Rules,
  readBody,
  textRule,
} from "../form.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Servers, their channels and their voice states. */
export const GUILD_ROUTES: readonly Route[] = [
  {
    operation: "get_guild",
    method: "GET",
    path: "/guilds/:guild",
    answer: inGuild((world, { request }) =>
      success({
        ...wireGuild(world),
        ...(request.query.get("with_counts") === "true" ? countsOf(world) : {}),
      }),
    ),
  },
  {
    operation: "update_guild",
    method: "PATCH",
    path: "/guilds/:guild",
    answer: inGuildWith(Permission.ManageGuild, patchGuild),
  },
  {
    operation: "get_guild_preview",
    method: "GET",
    path: "/guilds/:guild/preview",
    answer: inGuild((world) => {
      const { id, name, icon, splash, discovery_splash, emojis, features, description } = wireGuild(world);
      const shown = { id, name, icon, splash, discovery_splash, emojis, features, description };
      return success({ ...shown, stickers: [], ...countsOf(world) });
    }),
  },
  {
    operation: "list_guild_channels",
    method: "GET",
    path: "/guilds/:guild/channels",
    // Channels the bot may not view are left out here, while the Gateway sends them obfuscated.
    answer: inGuild((world) => {
      const base = permissionsIn(world, world.bot.id);
      return success(
        [...world.channels.values()]
          .filter((channel) => isVisible(world, channel, base))
          .map((channel) => wireVisibleChannel(world, channel)),
      );
    }),
  },
  {
    operation: "create_guild_channel",
    method: "POST",
    path: "/guilds/:guild/channels",
    answer: inGuild(postChannel),
  },
  {
    operation: "bulk_update_guild_channels",
    method: "PATCH",
    path: "/guilds/:guild/channels",
    answer: inGuild(orderChannels),
  },
  {
    operation: "get_self_voice_state",
    method: "GET",
    path: "/guilds/:guild/voice-states/@me",
    answer: inGuild((world) => voiceState(world, "@me")),
  },
  {
    operation: "get_voice_state",
    method: "GET",
    path: "/guilds/:guild/voice-states/:user",
    answer: inGuild((world, { parameters }) => voiceState(world, parameters["user"])),
  },
  {
    operation: "list_guild_voice_regions",
    method: "GET",
    path: "/guilds/:guild/regions",
    answer: inGuild(() => success([])),
  },
];

function countsOf(world: World): Readonly<Record<string, number>> {
  return {
    approximate_member_count: world.members.size,
    approximate_presence_count: world.presences.size,
  };
}

function voiceState(world: World, user: string | undefined): RestAnswer {
  return withMember(world, user, (member) => {
    const presence = world.voice.get(member.id);
    if (presence === undefined) return failure("UnknownVoiceState");
    return success(wireVoiceState(world, presence, member, member));
  });
}

const GUILD_RULES: Rules = {
  name: textRule(100, 2),
  description: textRule(300),
  verification_level: integerRule(0, 4),
  default_message_notifications: integerRule(0, 1),
  explicit_content_filter: integerRule(0, 2),
  preferred_locale: textRule(10),
  afk_timeout: integerRule(60, 3600),
  system_channel_id: idRule,
  system_channel_flags: integerRule(0, 2 ** 31),
  features: listRule(100),
  rules_channel_id: idRule,
  safety_alerts_channel_id: idRule,
  public_updates_channel_id: idRule,
  premium_progress_bar_enabled: flagRule,
  icon: keptRule,
};

function patchGuild(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const problems = problemsOf(body.fields, GUILD_RULES);
  if (problems.length > 0) return invalidForm(problems);
  const { name, icon, ...others } = body.fields;
  const details: Details = {
    ...others,
    ...(icon === undefined ? {} : { icon: icon === null ? null : "0".repeat(32) }),
  };
  const outcome = call.context.seat.change(world.guild.id, (now) => {
    const guild = {
      ...now.guild,
      name: typeof name === "string" ? name : now.guild.name,
      details: { ...now.guild.details, ...details },
    };
    const next = { ...now, guild };
    return { ok: true, world: next, dispatches: [{ t: "GUILD_UPDATE", d: wireGuild(next) }] };
  });
  return refusalOf(outcome) ?? success(wireGuild(worldNow(world, call)));
}
