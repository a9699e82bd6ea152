/**
 * What is told to everybody: somebody mutes or unmutes. Ours comes out of an event that is delivered; the others are
 * handed the very same object, so that a delivery has the same bytes.
 */
import type { GuildwireEvent, Occupant } from "../../../packages/events/src/event.ts";

export const OUR_GUILD = { id: "900000000000000001", name: "The measured server", iconUrl: null };
export const OUR_TOPIC = `voice/${OUR_GUILD.id}/public`;

const PEOPLE = 200;
const ROOMS = 20;
const BEGAN_AT_MS = Date.UTC(2026, 0, 1);

const roomIdOf = (room: number): string => String(910_000_000_000_000_000n + BigInt(room));
const userIdOf = (person: number): string => String(920_000_000_000_000_000n + BigInt(person));
const avatarOf = (person: number): string =>
  `https://cdn.discordapp.com/avatars/${userIdOf(person)}/${person.toString(16).padStart(32, "a")}.webp?size=64`;

/** The n-th change is the n-th person's, and everybody's turn comes again with the other state. */
function turnOf(change: number): { readonly person: number; readonly selfMute: boolean } {
  return { person: change % PEOPLE, selfMute: Math.floor(change / PEOPLE) % 2 === 0 };
}

/** As our hub's frame has it. */
export function changeMessage(change: number, atMs: number) {
  const { person, selfMute } = turnOf(change);
  const value = {
    room: roomIdOf(person % ROOMS),
    name: `Person ${person}`,
    avatarUrl: avatarOf(person),
    bot: false,
    flags: selfMute ? 1 : 0,
    since: BEGAN_AT_MS,
    roomSince: BEGAN_AT_MS,
  };
  return {
    t: "d",
    topic: OUR_TOPIC,
    f: change,
    o: change + 1,
    at: atMs,
    ops: [["s", `u:${userIdOf(person)}`, value]],
  };
}

export function changeEvent(change: number, seq: number, atMs: number): GuildwireEvent {
  const { person, selfMute } = turnOf(change);
  return {
    type: "voice.updated",
    seq,
    id: `e-${seq}`,
    timestamp: isoOf(atMs),
    data: occupant(person, selfMute),
  };
}

export function snapshotEvent(seq: number, atMs: number): GuildwireEvent {
  return {
    type: "guild.snapshot",
    seq,
    id: `e-${seq}`,
    timestamp: isoOf(atMs),
    data: {
      guild: OUR_GUILD,
      rooms: Array.from({ length: ROOMS }, (_, room) => ({
        id: roomIdOf(room),
        name: `Room ${room}`,
        kind: "voice",
        position: room,
        parentId: null,
        userLimit: 0,
        status: null,
        startedAt: null,
      })),
      categories: [],
      occupants: Array.from({ length: PEOPLE }, (_, person) => occupant(person, false)),
      status: "live",
    },
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

function occupant(person: number, selfMute: boolean): Occupant {
  return {
    roomId: roomIdOf(person % ROOMS),
    user: { id: userIdOf(person), name: `Person ${person}`, avatarUrl: avatarOf(person), bot: false },
    state: {
      selfMute,
      selfDeaf: false,
      mute: false,
      deaf: false,
      suppress: false,
      stream: false,
      video: false,
      handRaised: false,
    },
    since: isoOf(BEGAN_AT_MS),
    roomSince: isoOf(BEGAN_AT_MS),
  };
}
