/** Which rooms an embed shows, which it only counts, and what it says of them. */
import type { RoomView, VoiceRoomsView } from "@guildwire/client";
import { counted } from "../../../shell/counted.ts";
import { unknownWords } from "../freshness/unknown.ts";
import { roomsAlone } from "../page/rooms-alone.ts";
import type { EmbedOptions } from "./embed-options.ts";

export interface EmbedRooms {
  readonly shown: readonly RoomView[];
  /** Under the server's name. */
  readonly summary: string;
  /** Of the rooms that are not shown; empty when there is nothing to say. */
  readonly rest: string;
}

export function embedRooms(view: VoiceRoomsView, { rooms, empty }: EmbedOptions): EmbedRooms {
  const wanted = view.categories
    .flatMap((category) => category.rooms)
    .filter((room) => rooms === undefined || rooms.has(room.id));
  const unknown = unknownWords(view);
  if (unknown !== null) return { shown: wanted, summary: unknown, rest: "" };
  // A room of which nobody is shown is not an empty one.
  if (!view.showsPeople) {
    return { shown: wanted, summary: roomsAlone(wanted.length), rest: wanted.length === 0 ? NO_ROOM : "" };
  }
  const occupied = wanted.filter((room) => room.peopleCount > 0);
  const people = occupied.reduce((sum, room) => sum + room.peopleCount, 0);
  return {
    shown: empty === "list" ? wanted : occupied,
    summary: `${counted(people, "person", "people")} in voice`,
    rest: wanted.length === 0 ? NO_ROOM : restOf(wanted.length - occupied.length, occupied.length, empty),
  };
}

const NO_ROOM = "There is no room to show.";

function restOf(emptyCount: number, occupiedCount: number, empty: EmbedOptions["empty"]): string {
  if (emptyCount === 0 || empty === "list") return "";
  const text = `${counted(emptyCount, "room is", "rooms are")} empty.`;
  return occupiedCount === 0 ? `Nobody is in voice right now; ${text}` : text;
}
