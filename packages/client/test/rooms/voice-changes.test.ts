import type { Entry } from "@guildwire/live";
import { expect, it } from "vitest";
import { type VoiceChange, voiceChanges } from "../../src/rooms/voice-changes.ts";
import { type VoiceRoomsView, voiceRoomsMemo } from "../../src/rooms/voice-rooms-view.ts";

function view(
  derive: ReturnType<typeof voiceRoomsMemo>,
  people: Readonly<Record<string, string>>,
  status = "live",
): VoiceRoomsView {
  const list: Entry[] = [
    ["m", { guild: { id: "1", name: "H", iconUrl: null }, source: { status, since: 0 } }, 1],
  ];
  const room = { kind: "voice", position: 0, parentId: null, userLimit: 0, status: null, startedAt: null };
  for (const name of ["hall", "loft"]) list.push([`r:${name}`, { ...room, name }, 1]);
  for (const [name, at] of Object.entries(people)) {
    const [where = "", flags = "0"] = at.split(":");
    const value = {
      room: where,
      name,
      avatarUrl: null,
      bot: false,
      flags: Number(flags),
      since: 0,
      roomSince: 0,
    };
    list.push([`u:${name}`, value, 1]);
  }
  return derive(new Map(list.map((entry) => [entry[0], entry])));
}

function told(change: VoiceChange): string {
  const { name } = change.person;
  if (change.type === "moved") return `${name} moved ${change.from.name} ${change.to.name}`;
  return `${name} ${change.type} ${change.room.name}`;
}

it("tells who left, came, moved and changed, from two views alone", () => {
  const derive = voiceRoomsMemo();
  const before = view(derive, { Ada: "hall", Bob: "hall", Cy: "loft", Dan: "loft" });
  const after = view(derive, { Ada: "loft", Bob: "hall:1", Dan: "loft", Eve: "hall" });
  expect(voiceChanges(before, after).map(told)).toEqual([
    "Cy left loft",
    "Bob updated hall",
    "Eve joined hall",
    "Ada moved hall loft",
  ]);
});

it("tells nothing of the same view, of the first one, and of another guild's", () => {
  const derive = voiceRoomsMemo();
  const empty = derive(new Map());
  const some = view(derive, { Ada: "hall" });
  expect(voiceChanges(some, some)).toEqual([]);
  expect(voiceChanges(empty, some)).toEqual([]);
  expect(voiceChanges({ ...some, guild: { id: "2", name: "X", iconUrl: null } }, some)).toEqual([]);
});

it("tells of nobody who left when the bot is removed, nor of arrivals when it is back", () => {
  const derive = voiceRoomsMemo();
  const there = view(derive, { ann: "hall" });
  const gone = view(derive, {}, "gone");
  expect(voiceChanges(there, gone)).toEqual([]);
  expect(voiceChanges(gone, view(derive, { ann: "hall" }))).toEqual([]);
});
