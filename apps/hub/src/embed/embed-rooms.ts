/** Which rooms an embed shows, and which it only counts. */
import type { RoomView, VoiceRoomsView } from "@guildwire/client";
import type { EmbedOptions } from "./embed-options.ts";

export interface EmbedRooms {
  readonly shown: readonly RoomView[];
  readonly emptyCount: number;
  readonly peopleCount: number;
}

export function embedRooms(view: VoiceRoomsView, { rooms, empty }: EmbedOptions): EmbedRooms {
  const wanted = view.categories
    .flatMap((category) => category.rooms)
    .filter((room) => rooms === undefined || rooms.has(room.id));
  const occupied = wanted.filter((room) => room.peopleCount > 0);
  return {
    shown: empty === "list" ? wanted : occupied,
    emptyCount: empty === "list" ? 0 : wanted.length - occupied.length,
    peopleCount: occupied.reduce((sum, room) => sum + room.peopleCount, 0),
  };
}
