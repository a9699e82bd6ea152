import { GatewayIntent, type Snowflake, shardOfGuild } from "@guildwire/discord-wire";
import type { GatewayGuildCreateDispatchData } from "discord-api-types/v10";
import type { Dispatch, DispatchName } from "../world/dispatch.ts";
import type { World } from "../world/world.ts";
import type { Session } from "./gateway-state.ts";

/**
 * What a session gets to see of an event.
 *
 * Intents decide which events come; an event without a row comes always. A guild's events go to the shard the guild
 * falls on. GUILD_CREATE is trimmed: without GUILD_PRESENCES its member list holds only the bot and people in voice.
 */
const INTENT_OF: Readonly<Partial<Record<DispatchName, number>>> = {
  GUILD_CREATE: GatewayIntent.Guilds,
  GUILD_UPDATE: GatewayIntent.Guilds,
  GUILD_DELETE: GatewayIntent.Guilds,
  CHANNEL_CREATE: GatewayIntent.Guilds,
  CHANNEL_UPDATE: GatewayIntent.Guilds,
  CHANNEL_DELETE: GatewayIntent.Guilds,
  VOICE_CHANNEL_STATUS_UPDATE: GatewayIntent.Guilds,
  VOICE_CHANNEL_START_TIME_UPDATE: GatewayIntent.Guilds,
  VOICE_STATE_UPDATE: GatewayIntent.GuildVoiceStates,
  GUILD_MEMBER_ADD: GatewayIntent.GuildMembers,
  GUILD_MEMBER_UPDATE: GatewayIntent.GuildMembers,
  GUILD_MEMBER_REMOVE: GatewayIntent.GuildMembers,
};

/** The dispatch as `session` gets it, `undefined` when it does not. */
export function visibleTo(session: Session, dispatch: Dispatch, world: World): Dispatch | undefined {
  if (!hasGuild(session, world.guild.id)) return undefined;
  const intent = INTENT_OF[dispatch.t] ?? 0;
  if (intent !== 0 && (session.intents & intent) === 0 && !isAboutTheBot(dispatch, world)) return undefined;
  if (dispatch.t !== "GUILD_CREATE") return dispatch;
  return { t: "GUILD_CREATE", d: trimmed(dispatch.d, session, world.bot.id) };
}

/** Whether the guild falls on the session's shard. */
export function hasGuild(session: Session, guildId: Snowflake): boolean {
  return session.shard === undefined || shardOfGuild(guildId, session.shard[1]) === session.shard[0];
}

/** A change of the bot's own member comes without GUILD_MEMBERS. */
function isAboutTheBot(dispatch: Dispatch, world: World): boolean {
  return dispatch.t === "GUILD_MEMBER_UPDATE" && dispatch.d.user.id === world.bot.id;
}

function trimmed(
  guild: GatewayGuildCreateDispatchData,
  session: Session,
  botId: Snowflake,
): GatewayGuildCreateDispatchData {
  const inVoice = new Set(guild.voice_states.map((state) => state.user_id));
  const seesAll = (session.intents & GatewayIntent.GuildPresences) !== 0;
  return {
    ...guild,
    large: guild.member_count > session.largeThreshold,
    voice_states: (session.intents & GatewayIntent.GuildVoiceStates) === 0 ? [] : guild.voice_states,
    members: seesAll
      ? guild.members
      : guild.members.filter(({ user }) => user.id === botId || inVoice.has(user.id)),
  };
}
