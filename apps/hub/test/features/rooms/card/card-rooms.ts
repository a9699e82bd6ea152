/** Voice rooms for cards, from a few words: room name → names of the people in it. */
import { type VoiceRoomsView, voiceRooms } from "@guildwire/client";
import type { RoomValue, SourceStatus, VoiceEntry } from "@guildwire/client/rooms";

export const AT_MS = Date.UTC(2026, 10, 21, 14, 38, 20);
export const STATUS_SINCE_MS = Date.UTC(2026, 10, 21, 14, 5);

export interface RoomsSetting {
  readonly guildName?: string;
  readonly status?: SourceStatus;
  /** False: a view of rooms alone. */
  readonly showsPeople?: boolean;
  /** Of the room with this name. */
  readonly rooms?: Readonly<Record<string, Partial<RoomValue>>>;
  /** Bits of `PersonFlag`, by name. */
  readonly flags?: Readonly<Record<string, number>>;
}

export function roomsOf(
  people: Readonly<Record<string, readonly string[]>>,
  {
    guildName = "Test guild",
    status = "live",
    showsPeople = true,
    rooms = {},
    flags = {},
  }: RoomsSetting = {},
): VoiceRoomsView {
  const guild = { id: "100", name: guildName, iconUrl: null };
  const meta = { guild, source: { status, since: STATUS_SINCE_MS } };
  const entries: VoiceEntry[] = [["m", showsPeople ? meta : { ...meta, people: "none" }, 1]];
  for (const [index, [name, inside]] of Object.entries(people).entries()) {
    const room = {
      name,
      kind: "voice",
      position: index,
      parentId: null,
      userLimit: 0,
      status: null,
      startedAt: null,
    } as const;
    entries.push([`r:${index}`, { ...room, ...rooms[name] }, 1]);
    for (const [place, person] of inside.entries()) {
      const id = String(1_000 * (index + 1) + place);
      const value = {
        room: String(index),
        name: person,
        avatarUrl: null,
        bot: false,
        flags: flags[person] ?? 0,
      };
      entries.push([`u:${id}`, { ...value, since: AT_MS, roomSince: AT_MS }, 1]);
    }
  }
  return voiceRooms(new Map(entries.map((entry) => [entry[0], entry])));
}

export function crowd(count: number, name = "Person"): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${String(index + 1).padStart(3, "0")}`);
}
