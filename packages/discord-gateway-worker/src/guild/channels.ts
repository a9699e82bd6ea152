/** Channels into rooms and categories. A room that stops being visible is deleted for whoever listens. */
import type { Channel, ChannelInfo } from "@guildwire/discord-wire";
import type { Category, Happening, Room } from "@guildwire/events";
import { join, NOTHING, type Reduction } from "./reduction.ts";
import { categoryOf, isoOfSeconds, roomOf, same } from "./shapes.ts";
import type { Change, GuildState } from "./state.ts";

/** CHANNEL_CREATE and CHANNEL_UPDATE are the same to us: either may repeat what is known. */
export function reduceChannel(state: GuildState, channel: Channel): Reduction {
  return join(reduceCategory(state, channel.id, categoryOf(channel)), reduceRoom(state, channel));
}

export function reduceChannelDeletion(state: GuildState, channelId: string): Reduction {
  return join(reduceCategory(state, channelId, null), deleteRoom(state, channelId, "forget"));
}

function reduceRoom(state: GuildState, channel: Channel): Reduction {
  const known = state.rooms.get(channel.id);
  const room = roomOf(channel, known);
  if (room === null) return deleteRoom(state, channel.id, "remember");
  if (known === undefined) return createRoom(state, room);
  if (same(known, room)) return NOTHING;
  return { changes: [{ kind: "setRoom", room }], happenings: [{ type: "room.updated", data: { room } }] };
}

/** Whoever was known to be in a room before it became visible is told of now. */
function createRoom(state: GuildState, room: Room): Reduction {
  const waiting = [...state.occupants.values()].filter((occupant) => occupant.roomId === room.id);
  return {
    changes: [{ kind: "setRoom", room }],
    happenings: [
      { type: "room.created", data: { room } },
      ...waiting.map((occupant): Happening => ({ type: "voice.joined", data: occupant })),
    ],
  };
}

/**
 * `forget`: the channel is gone and so is everyone in it, whether or not their own updates follow.
 * `remember`: it was only hidden, and people may still be in it.
 */
function deleteRoom(state: GuildState, roomId: string, people: "forget" | "remember"): Reduction {
  const inside = [...state.occupants.values()].filter((occupant) => occupant.roomId === roomId);
  const forgotten: Change[] =
    people === "forget"
      ? inside.map((occupant) => ({ kind: "deleteOccupant", userId: occupant.user.id }))
      : [];
  const room = state.rooms.get(roomId);
  if (room === undefined) return { changes: forgotten, happenings: [] };
  return {
    changes: [...forgotten, { kind: "deleteRoom", id: roomId }],
    happenings: [
      ...inside.map((occupant): Happening => ({ type: "voice.left", data: occupant })),
      { type: "room.deleted", data: { room } },
    ],
  };
}

/** Categories are headings: a change to one is a change to how the guild is shown. */
function reduceCategory(state: GuildState, id: string, category: Category | null): Reduction {
  const known = state.categories.get(id);
  if (category === null && known === undefined) return NOTHING;
  if (category !== null && known !== undefined && same(known, category)) return NOTHING;
  const change: Change =
    category === null ? { kind: "deleteCategory", id } : { kind: "setCategory", category };
  if (state.guild === null) return { changes: [change], happenings: [] };
  const others = [...state.categories.values()].filter((other) => other.id !== id);
  const categories = category === null ? others : [...others, category];
  return {
    changes: [change],
    happenings: [{ type: "guild.updated", data: { guild: state.guild, categories } }],
  };
}

/** Status line and start time of one room; `undefined` leaves a part as it is. */
export function reduceRoomStatus(
  state: GuildState,
  roomId: string,
  update: { readonly status?: string | null; readonly voiceStartTime?: number | null },
): Reduction {
  const known = state.rooms.get(roomId);
  if (known === undefined) return NOTHING;
  const status = update.status === undefined ? known.status : update.status || null;
  const startedAt =
    update.voiceStartTime === undefined ? known.startedAt : isoOfSeconds(update.voiceStartTime);
  if (status === known.status && startedAt === known.startedAt) return NOTHING;
  return {
    changes: [{ kind: "setRoom", room: { ...known, status, startedAt } }],
    happenings: [{ type: "room.status", data: { roomId, status, startedAt } }],
  };
}

/** A stage has a topic in the place of a status line, and CHANNEL_INFO knows nothing of it. */
export function reduceChannelInfo(state: GuildState, info: ChannelInfo): Reduction {
  return join(
    ...info.channels.map(({ id, status, voiceStartTime }) =>
      state.rooms.get(id)?.kind === "stage"
        ? reduceRoomStatus(state, id, { voiceStartTime })
        : reduceRoomStatus(state, id, { status, voiceStartTime }),
    ),
  );
}
