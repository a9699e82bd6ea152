import {
  decodeChannel,
  decodeChannelInfo,
  decodeVoiceChannelStartTime,
  decodeVoiceChannelStatus,
} from "./channel.ts";
import type { Decoded } from "./decoded.ts";
import { decodeGuildCreate, decodeGuildDelete, decodeGuildUpdate } from "./guild.ts";
import {
  decodeGuildChannel,
  decodeGuildChannels,
  decodeMemberRoles,
  decodeThread,
  decodeThreadList,
  decodeThreadRemoval,
} from "./guild-channel.ts";
import { decodeInteraction } from "./interaction.ts";
import { decodeMemberRemoval, decodeMemberUpdate, decodeNewMember } from "./member.ts";
import { decodeMessage, decodeMessageRemoval, decodeMessageUpdate } from "./message/message.ts";
import { decodePollVote, decodeReaction, decodeReactionClearing } from "./message/reaction.ts";
import { decodePresence } from "./presence.ts";
import { decodeReady } from "./ready.ts";
import { decodeRoleChange, decodeRoleRemoval } from "./role.ts";
import { decodeScheduledEvent, decodeScheduledEventUser } from "./scheduled-event.ts";
import { decodeStageInstance } from "./stage-instance.ts";
import { decodeVoiceState } from "./voice-state.ts";

type Decoders = Readonly<Record<string, (d: unknown) => Decoded<unknown>>>;

/**
 * The dispatches that rooms are made of, each with its decoder. An event that is not listed is passed over: Discord
 * adds events without notice.
 */
export const DISPATCH_DECODERS = {
  READY: decodeReady,
  GUILD_CREATE: decodeGuildCreate,
  GUILD_UPDATE: decodeGuildUpdate,
  GUILD_DELETE: decodeGuildDelete,
  CHANNEL_CREATE: decodeChannel,
  CHANNEL_UPDATE: decodeChannel,
  CHANNEL_DELETE: decodeChannel,
  CHANNEL_INFO: decodeChannelInfo,
  VOICE_STATE_UPDATE: decodeVoiceState,
  VOICE_CHANNEL_STATUS_UPDATE: decodeVoiceChannelStatus,
  VOICE_CHANNEL_START_TIME_UPDATE: decodeVoiceChannelStartTime,
  STAGE_INSTANCE_CREATE: decodeStageInstance,
  STAGE_INSTANCE_UPDATE: decodeStageInstance,
  STAGE_INSTANCE_DELETE: decodeStageInstance,
  GUILD_MEMBER_UPDATE: decodeMemberUpdate,
  GUILD_MEMBER_REMOVE: decodeMemberRemoval,
  GUILD_BAN_ADD: decodeMemberRemoval,
} as const satisfies Decoders;

/** Channels, threads and permissions: what message streams need besides the messages. */
const CHANNEL_DECODERS = {
  GUILD_CREATE: decodeGuildChannels,
  CHANNEL_CREATE: decodeGuildChannel,
  CHANNEL_UPDATE: decodeGuildChannel,
  CHANNEL_DELETE: decodeGuildChannel,
  THREAD_CREATE: decodeThread,
  THREAD_UPDATE: decodeThread,
  THREAD_DELETE: decodeThreadRemoval,
  THREAD_LIST_SYNC: decodeThreadList,
  GUILD_ROLE_CREATE: decodeRoleChange,
  GUILD_ROLE_UPDATE: decodeRoleChange,
  GUILD_ROLE_DELETE: decodeRoleRemoval,
  GUILD_MEMBER_UPDATE: decodeMemberRoles,
} as const satisfies Decoders;

/**
 * What else Discord sends, by the family that someone asks for. Only dispatches of families that were asked for are
 * parsed. One dispatch may belong to two families, which read different fields of it.
 */
export const FAMILY_DECODERS = {
  channels: CHANNEL_DECODERS,
  messages: {
    MESSAGE_CREATE: decodeMessage,
    MESSAGE_UPDATE: decodeMessageUpdate,
    MESSAGE_DELETE: decodeMessageRemoval,
    MESSAGE_DELETE_BULK: decodeMessageRemoval,
  },
  reactions: {
    MESSAGE_REACTION_ADD: decodeReaction,
    MESSAGE_REACTION_REMOVE: decodeReaction,
    MESSAGE_REACTION_REMOVE_ALL: decodeReactionClearing,
    MESSAGE_REACTION_REMOVE_EMOJI: decodeReactionClearing,
  },
  polls: { MESSAGE_POLL_VOTE_ADD: decodePollVote, MESSAGE_POLL_VOTE_REMOVE: decodePollVote },
  members: { GUILD_MEMBER_ADD: decodeNewMember, GUILD_MEMBER_REMOVE: decodeMemberRemoval },
  scheduledEvents: {
    GUILD_SCHEDULED_EVENT_CREATE: decodeScheduledEvent,
    GUILD_SCHEDULED_EVENT_UPDATE: decodeScheduledEvent,
    GUILD_SCHEDULED_EVENT_DELETE: decodeScheduledEvent,
    GUILD_SCHEDULED_EVENT_USER_ADD: decodeScheduledEventUser,
    GUILD_SCHEDULED_EVENT_USER_REMOVE: decodeScheduledEventUser,
  },
  interactions: { INTERACTION_CREATE: decodeInteraction },
  presences: { PRESENCE_UPDATE: decodePresence },
} as const satisfies Readonly<Record<string, Decoders>>;

/** A family of dispatches beside those of rooms. */
export type DispatchFamily = keyof typeof FAMILY_DECODERS;

type DecodedValue<Decoder> = Decoder extends (d: unknown) => Decoded<infer T> ? T : never;

type DispatchOf<Table extends Decoders> = {
  [Name in keyof Table & string]: { readonly type: Name; readonly data: DecodedValue<Table[Name]> };
}[keyof Table & string];

/** A decoded dispatch of one family: `{ type: "MESSAGE_CREATE", data: Message }` and so on. */
export type FamilyDispatch<Family extends DispatchFamily> = DispatchOf<(typeof FAMILY_DECODERS)[Family]>;

/** Names of the dispatches of a family. */
export function dispatchNamesOf(family: DispatchFamily): readonly string[] {
  return Object.keys(FAMILY_DECODERS[family]);
}

/**
 * Reads a dispatch as one family does.
 *
 * @returns `undefined` for a dispatch that is not of the family; a typed problem for one that cannot be read.
 */
export function decodeOfFamily<Family extends DispatchFamily>(
  family: Family,
  name: string,
  d: unknown,
): Decoded<FamilyDispatch<Family>> | undefined {
  return decodeBy(FAMILY_DECODERS[family], name, d) as Decoded<FamilyDispatch<Family>> | undefined;
}

/** A dispatch that rooms are made of. */
export type DispatchName = keyof typeof DISPATCH_DECODERS;

/** Names of the dispatches above: the filter of an installation that shows rooms alone. */
export const DISPATCH_NAMES: ReadonlySet<string> = new Set(Object.keys(DISPATCH_DECODERS));

/** A decoded dispatch: `{ type: "VOICE_STATE_UPDATE", data: VoiceState }` and so on, one member per event. */
export type Dispatch = DispatchOf<typeof DISPATCH_DECODERS>;

export function isDispatchName(name: string): name is DispatchName {
  return Object.hasOwn(DISPATCH_DECODERS, name);
}

/** `undefined` for an event that rooms do not need; a typed problem for one that cannot be read. */
export function decodeDispatch(name: string, d: unknown): Decoded<Dispatch> | undefined {
  return decodeBy(DISPATCH_DECODERS, name, d) as Decoded<Dispatch> | undefined;
}

function decodeBy(decoders: Decoders, name: string, d: unknown): Decoded<unknown> | undefined {
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decode === undefined) return undefined;
  const outcome = decode(d);
  if (!outcome.ok) return { ok: false, problem: `${name}: ${outcome.problem}` };
  return { ok: true, value: { type: name, data: outcome.value } };
}
