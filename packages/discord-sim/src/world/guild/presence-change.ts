import { type Change, changed, refused, withEntry, withoutEntry } from "../change.ts";
import type { MessageCommand } from "../command.ts";
import { wireOffline, wirePresence } from "../wire-people.ts";
import type { Presence, World } from "../world.ts";

type SetPresence = Extract<MessageCommand, { type: "setPresence" }>;

/** PRESENCE_UPDATE; someone without an entry is offline. */
export function setPresence(world: World, command: SetPresence, atMs: number): Change {
  const { userId, status } = command;
  const member = world.members.get(userId);
  if (member === undefined) return refused("userId", "is not a member");
  const before = world.presences.get(userId);
  if (status === "offline") {
    if (before === undefined) return changed(world);
    const next = { ...world, presences: withoutEntry(world.presences, userId) };
    return changed(next, { t: "PRESENCE_UPDATE", d: wireOffline(next, member) });
  }
  const playing = command.playing === undefined ? (before?.playing ?? null) : command.playing;
  if (before?.status === status && before.playing === playing) return changed(world);
  const presence: Presence = { userId, status, playing, sinceMs: atMs };
  const next = { ...world, presences: withEntry(world.presences, userId, presence) };
  return changed(next, { t: "PRESENCE_UPDATE", d: wirePresence(next, presence) });
}
