import { pick, type Random } from "@guildwire/runtime/random";
import { PASSING_ROOM_NAMES, ROOM_NAME_SUFFIXES } from "../world/catalogue.ts";
import type { WorldCommand } from "../world/command.ts";
import { type Channel, occupantsOf, type World } from "../world/world.ts";

/** Rooms that are opened for an evening, renamed, and shut again. It is rare, and the server never fills with them. */

const PASSING_ROOMS_MAX = 2;

export function openRoom(world: World, random: Random): WorldCommand | undefined {
  const open = passingRooms(world);
  if (open.length >= PASSING_ROOMS_MAX) return undefined;
  const taken = new Set(open.map((room) => room.name));
  const name = pick(
    random,
    PASSING_ROOM_NAMES.filter((candidate) => !taken.has(candidate)),
  );
  const category = [...world.channels.values()].find(
    (channel) => channel.kind === "category" && channel.name === "Hang Out",
  );
  return name === undefined
    ? undefined
    : { type: "createChannel", kind: "voice", name, parentId: category?.id ?? null };
}

/** Prefers a room that has emptied; people in it would be thrown out, which happens too. */
export function shutRoom(world: World): WorldCommand | undefined {
  const open = passingRooms(world);
  const room = open.find(({ id }) => occupantsOf(world, id).length === 0) ?? open[0];
  return room && { type: "deleteChannel", channelId: room.id };
}

export function renameRoom(world: World, random: Random): WorldCommand | undefined {
  const room = pick(
    random,
    [...world.channels.values()].filter(({ kind, hidden, id }) => {
      return kind === "voice" && !hidden && id !== world.guild.afkChannelId;
    }),
  );
  if (room === undefined) return undefined;
  return { type: "updateChannel", channelId: room.id, name: otherName(room, random) };
}

function otherName(room: Channel, random: Random): string {
  const worn = ROOM_NAME_SUFFIXES.find((suffix) => room.name.endsWith(suffix));
  if (worn !== undefined) return room.name.slice(0, -worn.length).trim();
  return `${room.name} ${pick(random, ROOM_NAME_SUFFIXES) ?? ""}`.trim();
}

function passingRooms(world: World): readonly Channel[] {
  return [...world.channels.values()].filter(({ kind, name }) => {
    return kind === "voice" && PASSING_ROOM_NAMES.some((passing) => name.startsWith(passing));
  });
}
