/** From Discord's shapes to the contract's. */
import { type Channel, ChannelType, type MemberProfile, type VoiceState } from "@guildwire/discord-wire";
import type { Category, Room, User, VoiceFlags } from "@guildwire/events";

/**
 * The room a channel is, `null` when it is none: of another type, or hidden from the bot. Status and start time are
 * not on the channel; what is known of them stays. A voice channel's status line and a stage's topic are two things:
 * when the type changes, what is known of one says nothing of the other.
 */
export function roomOf(channel: Channel, known: Room | undefined): Room | null {
  if (channel.obfuscated) return null;
  if (channel.type !== ChannelType.GuildVoice && channel.type !== ChannelType.GuildStageVoice) return null;
  const kind = channel.type === ChannelType.GuildStageVoice ? "stage" : "voice";
  return {
    id: channel.id,
    name: channel.name,
    kind,
    position: channel.position,
    parentId: channel.parentId,
    userLimit: Math.max(0, channel.userLimit),
    status: known?.kind === kind ? known.status : null,
    startedAt: known?.startedAt ?? null,
  };
}

export function categoryOf(channel: Channel): Category | null {
  if (channel.obfuscated || channel.type !== ChannelType.GuildCategory) return null;
  return { id: channel.id, name: channel.name, position: channel.position };
}

export function userOf(profile: MemberProfile): User {
  return {
    id: profile.userId,
    name: profile.displayName,
    avatarUrl: profile.avatarUrl,
    bot: profile.bot,
  };
}

/** Someone whose voice state came without a member, and whom nothing is known of. */
export function strangerOf(userId: string): User {
  return { id: userId, name: userId, avatarUrl: null, bot: false };
}

export function flagsOf(state: VoiceState): VoiceFlags {
  return {
    selfMute: state.selfMute,
    selfDeaf: state.selfDeaf,
    mute: state.mute,
    deaf: state.deaf,
    suppress: state.suppress,
    stream: state.stream,
    video: state.video,
    handRaised: state.handRaised,
  };
}

/** Discord's Unix seconds as the contract's ISO time; `0` and `null` both mean that nobody is talking. */
export function isoOfSeconds(seconds: number | null): string | null {
  return seconds === null || seconds <= 0 ? null : new Date(seconds * 1000).toISOString();
}

/** Equality of plain data: what JSON can hold. Every voice state is compared, so nothing is made of it meanwhile. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  for (const key in left) if (!Object.hasOwn(right, key) || !same(left[key], right[key])) return false;
  for (const key in right) if (!Object.hasOwn(left, key)) return false;
  return true;
}
