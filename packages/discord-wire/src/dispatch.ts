import {
  decodeChannel,
  decodeChannelInfo,
  decodeVoiceChannelStartTime,
  decodeVoiceChannelStatus,
} from "./channel.ts";
import type { Decoded } from "./decoded.ts";
import { decodeGuildCreate, decodeGuildDelete, decodeGuildUpdate } from "./guild.ts";
import { decodeMemberRemoval, decodeMemberUpdate } from "./member.ts";
import { decodeReady } from "./ready.ts";
import { decodeStageInstance } from "./stage-instance.ts";
import { decodeVoiceState } from "./voice-state.ts";

/**
 * The dispatches Guildwire understands, each with its decoder. An event that is not listed is passed over: Discord
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
} as const satisfies Record<string, (d: unknown) => Decoded<unknown>>;

export type DispatchName = keyof typeof DISPATCH_DECODERS;

/** Names of the events above, for whoever wants to be sent no others. */
export const DISPATCH_NAMES: ReadonlySet<string> = new Set(Object.keys(DISPATCH_DECODERS));

/** A decoded dispatch: `{ type: "VOICE_STATE_UPDATE", data: VoiceState }` and so on, one member per event. */
export type Dispatch = {
  [Name in DispatchName]: {
    readonly type: Name;
    readonly data: (typeof DISPATCH_DECODERS)[Name] extends (d: unknown) => Decoded<infer T> ? T : never;
  };
}[DispatchName];

export function isDispatchName(name: string): name is DispatchName {
  return Object.hasOwn(DISPATCH_DECODERS, name);
}

/** `undefined` for an event Guildwire does not know; a typed problem for one it knows but cannot read. */
export function decodeDispatch(name: string, d: unknown): Decoded<Dispatch> | undefined {
  if (!isDispatchName(name)) return undefined;
  const outcome: Decoded<unknown> = DISPATCH_DECODERS[name](d);
  if (!outcome.ok) return { ok: false, problem: `${name}: ${outcome.problem}` };
  return { ok: true, value: { type: name, data: outcome.value } as Dispatch };
}
