import { GatewayIntent, type Snowflake, shardOfGuild } from "@guildwire/discord-wire";
import type { GatewayGuildCreateDispatchData } from "discord-api-types/v10";
import { withoutContent } from "../world/chat/content.ts";
import type { Dispatch, DispatchName } from "../world/dispatch.ts";
import type { Session } from "./gateway-state.ts";

/**
 * What a session gets to see of an event.
 *
 * Intents decide which events come; an event without a row comes always. A guild's events go to the shard the guild
 * falls on, and what belongs to no guild goes to shard 0. GUILD_CREATE is trimmed: without GUILD_PRESENCES its member
 * list holds only the bot and people in voice. Without MESSAGE_CONTENT messages are emptied (world/content.ts).
 */
const INTENT_OF: Readonly<Partial<Record<DispatchName, number>>> = {
  GUILD_CREATE: GatewayIntent.Guilds,
  GUILD_UPDATE: GatewayIntent.Guilds,
  GUILD_DELETE: GatewayIntent.Guilds,
  GUILD_ROLE_CREATE: GatewayIntent.Guilds,
  GUILD_ROLE_UPDATE: GatewayIntent.Guilds,
  GUILD_ROLE_DELETE: GatewayIntent.Guilds,
  CHANNEL_CREATE: GatewayIntent.Guilds,
  CHANNEL_UPDATE: GatewayIntent.Guilds,
  CHANNEL_DELETE: GatewayIntent.Guilds,
  STAGE_INSTANCE_CREATE: GatewayIntent.Guilds,
  STAGE_INSTANCE_UPDATE: GatewayIntent.Guilds,
  STAGE_INSTANCE_DELETE: GatewayIntent.Guilds,
  VOICE_CHANNEL_STATUS_UPDATE: GatewayIntent.Guilds,
  VOICE_CHANNEL_START_TIME_UPDATE: GatewayIntent.Guilds,
  VOICE_STATE_UPDATE: GatewayIntent.GuildVoiceStates,
  GUILD_MEMBER_ADD: GatewayIntent.GuildMembers,
  GUILD_MEMBER_UPDATE: GatewayIntent.GuildMembers,
  GUILD_MEMBER_REMOVE: GatewayIntent.GuildMembers,
  PRESENCE_UPDATE: GatewayIntent.GuildPresences,
  MESSAGE_CREATE: GatewayIntent.GuildMessages,
  MESSAGE_UPDATE: GatewayIntent.GuildMessages,
  MESSAGE_DELETE: GatewayIntent.GuildMessages,
  MESSAGE_DELETE_BULK: GatewayIntent.GuildMessages,
  MESSAGE_REACTION_ADD: GatewayIntent.GuildMessageReactions,
  MESSAGE_REACTION_REMOVE: GatewayIntent.GuildMessageReactions,
  MESSAGE_REACTION_REMOVE_ALL: GatewayIntent.GuildMessageReactions,
  MESSAGE_REACTION_REMOVE_EMOJI: GatewayIntent.GuildMessageReactions,
  TYPING_START: GatewayIntent.GuildMessageTyping,
  MESSAGE_POLL_VOTE_ADD: GatewayIntent.GuildMessagePolls,
  MESSAGE_POLL_VOTE_REMOVE: GatewayIntent.GuildMessagePolls,
  CHANNEL_PINS_UPDATE: GatewayIntent.Guilds,
  THREAD_CREATE: GatewayIntent.Guilds,
  THREAD_UPDATE: GatewayIntent.Guilds,
  THREAD_DELETE: GatewayIntent.Guilds,
  THREAD_LIST_SYNC: GatewayIntent.Guilds,
  THREAD_MEMBER_UPDATE: GatewayIntent.Guilds,
  THREAD_MEMBERS_UPDATE: GatewayIntent.Guilds | GatewayIntent.GuildMembers,
  WEBHOOKS_UPDATE: GatewayIntent.GuildWebhooks,
  INVITE_CREATE: GatewayIntent.GuildInvites,
  INVITE_DELETE: GatewayIntent.GuildInvites,
  GUILD_BAN_ADD: GatewayIntent.GuildModeration,
  GUILD_BAN_REMOVE: GatewayIntent.GuildModeration,
  GUILD_EMOJIS_UPDATE: GatewayIntent.GuildExpressions,
  GUILD_SCHEDULED_EVENT_CREATE: GatewayIntent.GuildScheduledEvents,
  GUILD_SCHEDULED_EVENT_UPDATE: GatewayIntent.GuildScheduledEvents,
  GUILD_SCHEDULED_EVENT_DELETE: GatewayIntent.GuildScheduledEvents,
  GUILD_SCHEDULED_EVENT_USER_ADD: GatewayIntent.GuildScheduledEvents,
  GUILD_SCHEDULED_EVENT_USER_REMOVE: GatewayIntent.GuildScheduledEvents,
};

/** In private, other intents rule the same events. */
const DIRECT_INTENT: ReadonlyMap<number, number> = new Map([
  [GatewayIntent.GuildMessages, GatewayIntent.DirectMessages],
  [GatewayIntent.GuildMessageReactions, GatewayIntent.DirectMessageReactions],
  [GatewayIntent.GuildMessageTyping, GatewayIntent.DirectMessageTyping],
  [GatewayIntent.GuildMessagePolls, GatewayIntent.DirectMessagePolls],
]);

/** Where an event comes from, and through which bot's eyes it is told. `guildId` is `null` outside of servers. */
export interface Origin {
  readonly guildId: Snowflake | null;
  readonly botId: Snowflake;
}

/** The dispatch as `session` gets it, `undefined` when it does not. */
export function visibleTo(session: Session, dispatch: Dispatch, origin: Origin): Dispatch | undefined {
  const { guildId, botId } = origin;
  if (session.botId !== botId) return undefined;
  if (!hasGuild(session, guildId)) return undefined;
  if (guildId !== null && session.guildsPending.has(guildId)) return undefined;
  const intent = intentOf(dispatch.t, guildId);
  if (intent !== 0 && (session.intents & intent) === 0 && !isAboutTheBot(dispatch, botId)) return undefined;
  switch (dispatch.t) {
    case "GUILD_CREATE":
      return { t: "GUILD_CREATE", d: trimmed(dispatch.d, session, botId) };
    case "MESSAGE_CREATE":
    case "MESSAGE_UPDATE":
      if ((session.intents & GatewayIntent.MessageContent) !== 0 || guildId === null) return dispatch;
      return { t: dispatch.t, d: withoutContent(dispatch.d, botId) };
    default:
      return dispatch;
  }
}

/** Whether the guild falls on the session's shard; what belongs to no guild falls on shard 0. */
export function hasGuild(session: Session, guildId: Snowflake | null): boolean {
  if (session.shard === undefined) return true;
  const [shardId, shardCount] = session.shard;
  return (guildId === null ? 0 : shardOfGuild(guildId, shardCount)) === shardId;
}

function intentOf(name: DispatchName, guildId: Snowflake | null): number {
  const intent = INTENT_OF[name] ?? 0;
  return guildId === null ? (DIRECT_INTENT.get(intent) ?? intent) : intent;
}

/** A change of the bot's own member comes without GUILD_MEMBERS. */
function isAboutTheBot(dispatch: Dispatch, botId: Snowflake): boolean {
  return dispatch.t === "GUILD_MEMBER_UPDATE" && dispatch.d.user.id === botId;
}

function trimmed(
  guild: GatewayGuildCreateDispatchData,
  session: Session,
  botId: Snowflake,
): GatewayGuildCreateDispatchData {
  const inVoice = new Set(guild.voice_states.map((state) => state.user_id));
  const seesAll = (session.intents & GatewayIntent.GuildPresences) !== 0;
  const large = guild.member_count > session.largeThreshold;
  const online = new Set(guild.presences.map(({ user }) => user.id));
  const isListed = (userId: string): boolean => {
    if (userId === botId || inVoice.has(userId)) return true;
    // In a large server even a session that sees everybody is not told of those who are offline.
    return seesAll && (!large || online.has(userId));
  };
  return {
    ...guild,
    large,
    voice_states: (session.intents & GatewayIntent.GuildVoiceStates) === 0 ? [] : guild.voice_states,
    members: guild.members.filter(({ user }) => isListed(user.id)),
    presences: seesAll ? guild.presences : [],
  };
}
