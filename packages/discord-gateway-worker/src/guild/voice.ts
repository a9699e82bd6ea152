/**
 * Voice states into joins, leaves, moves and flag changes. A voice state does not say where someone came from: that
 * is what the stored occupant is for.
 *
 *   before            after              told
 *   –                 a room             voice.joined
 *   a room            the same           voice.updated, when something visible changed
 *   a room            another room       voice.left {movedTo}, voice.joined {movedFrom}
 *   a room            null               voice.left
 *
 * A room that is not visible counts as no room for what is told, but the person is remembered in it.
 * The top-level flags are used, never those of `member`, which hold the previous values (discord-api-docs #4600).
 */
import type { MemberProfile, VoiceState } from "@guildwire/discord-wire";
import type { EventData, Happening, Occupant } from "@guildwire/events";
import { NOTHING, type Reduction } from "./reduction.ts";
import { flagsOf, same, strangerOf, userOf } from "./shapes.ts";
import type { GuildState } from "./state.ts";

type VoiceData = EventData<"voice.joined">;

export function reduceVoiceState(state: GuildState, voice: VoiceState, nowIso: string): Reduction {
  const before = state.occupants.get(voice.userId);
  if (voice.channelId === null) return before === undefined ? NOTHING : leave(state, before);

  const moved = before === undefined || before.roomId !== voice.channelId;
  const after: Occupant = {
    roomId: voice.channelId,
    user: voice.member ? userOf(voice.member) : (before?.user ?? strangerOf(voice.userId)),
    state: flagsOf(voice),
    since: before?.since ?? nowIso,
    roomSince: moved ? nowIso : before.roomSince,
    ...(before?.approx && !moved ? { approx: true } : {}),
  };
  return place(state, before, after);
}

/** Puts someone where `after` says, and tells what of it is visible. */
export function place(state: GuildState, before: Occupant | undefined, after: Occupant): Reduction {
  if (before !== undefined && sameOccupant(before, after)) return NOTHING;
  const wasVisible = before !== undefined && state.rooms.has(before.roomId);
  const isVisible = state.rooms.has(after.roomId);
  return {
    changes: [{ kind: "setOccupant", occupant: after }],
    happenings: tell(wasVisible ? before : undefined, isVisible ? after : undefined),
  };
}

/** As `same`, with what changes most looked at first: most voice states change something. */
function sameOccupant(a: Occupant, b: Occupant): boolean {
  const { roomId, state, user, ...others } = a;
  const { roomId: roomIdB, state: stateB, user: userB, ...othersB } = b;
  return roomId === roomIdB && same(state, stateB) && same(user, userB) && same(others, othersB);
}

export function leave(state: GuildState, before: Occupant): Reduction {
  return {
    changes: [{ kind: "deleteOccupant", userId: before.user.id }],
    happenings: tell(state.rooms.has(before.roomId) ? before : undefined, undefined),
  };
}

/** The happenings between two visible places that differ; either may be missing. */
export function tell(before: VoiceData | undefined, after: VoiceData | undefined): readonly Happening[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ type: "voice.joined", data: after as VoiceData }];
  if (after === undefined) return [{ type: "voice.left", data: before }];
  if (before.roomId === after.roomId) return [{ type: "voice.updated", data: after }];
  return [
    { type: "voice.left", data: { ...before, movedTo: after.roomId } },
    { type: "voice.joined", data: { ...after, movedFrom: before.roomId } },
  ];
}

/** Someone's name or picture changed; nothing is told unless they are in voice. */
export function reduceProfile(state: GuildState, profile: MemberProfile): Reduction {
  const before = state.occupants.get(profile.userId);
  if (before === undefined) return NOTHING;
  return place(state, before, { ...before, user: userOf(profile) });
}

/** Someone left the guild. A voice state with `null` normally comes too, before or after: both orders end equal. */
export function reduceRemoval(state: GuildState, userId: string): Reduction {
  const before = state.occupants.get(userId);
  return before === undefined ? NOTHING : leave(state, before);
}
