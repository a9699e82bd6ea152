import type { Snowflake } from "@guildwire/discord-wire";
import { isVisible, permissionsIn } from "./permission.ts";
import { type Channel, displayName, isRoom, type World } from "./world.ts";

/**
 * What is true of the rooms right now, in plain words: what a test compares a page against. Rooms the bot may not
 * view are left out, because nothing that watches through the bot can know them.
 */
export interface Truth {
  readonly guild: { readonly id: Snowflake; readonly name: string };
  /** False during an outage and after the bot was removed. */
  readonly available: boolean;
  /** In the order Discord shows them. */
  readonly rooms: readonly TruthRoom[];
}

export interface TruthRoom {
  readonly id: Snowflake;
  readonly name: string;
  readonly kind: "voice" | "stage";
  readonly position: number;
  readonly parentId: Snowflake | null;
  readonly userLimit: number;
  readonly status: string | null;
  /** By display name, then by id. */
  readonly people: readonly TruthPerson[];
}

export interface TruthPerson {
  readonly id: Snowflake;
  readonly name: string;
  readonly bot: boolean;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  readonly mute: boolean;
  readonly deaf: boolean;
  readonly suppress: boolean;
  readonly stream: boolean;
  readonly video: boolean;
  readonly handRaised: boolean;
}

export function truthOf(world: World): Truth {
  const people = peopleByRoom(world);
  const base = permissionsIn(world, world.bot.id);
  const rooms = [...world.channels.values()].flatMap((channel): TruthRoom[] => {
    if (!isRoom(channel) || !isVisible(world, channel, base)) return [];
    const { id, name, position, parentId, userLimit, status } = channel;
    const kind = channel.kind === "stage" ? "stage" : "voice";
    return [{ id, name, kind, position, parentId, userLimit, status, people: people.get(id) ?? [] }];
  });
  return {
    guild: { id: world.guild.id, name: world.guild.name },
    available: world.guild.standing === "available",
    rooms: rooms.sort((a, b) => compareRooms(world, a, b)),
  };
}

function peopleByRoom(world: World): ReadonlyMap<Snowflake, readonly TruthPerson[]> {
  const byRoom = new Map<Snowflake, TruthPerson[]>();
  for (const presence of world.voice.values()) {
    const member = world.members.get(presence.userId);
    if (member === undefined) continue;
    const people = byRoom.get(presence.channelId) ?? [];
    byRoom.set(presence.channelId, people);
    people.push({
      id: member.id,
      name: displayName(member),
      bot: member.bot,
      selfMute: presence.selfMute,
      selfDeaf: presence.selfDeaf,
      mute: member.mute,
      deaf: member.deaf,
      suppress: presence.suppress,
      stream: presence.stream,
      video: presence.video,
      handRaised: presence.handRaisedAt !== null,
    });
  }
  for (const people of byRoom.values()) {
    people.sort((a, b) => compareText(a.name.toLowerCase(), b.name.toLowerCase()) || compareIds(a.id, b.id));
  }
  return byRoom;
}

/** Rooms without a category first, then category by category; inside, by position, and by age where it ties. */
function compareRooms(world: World, a: TruthRoom, b: TruthRoom): number {
  const categoryA = categoryOf(world, a.parentId);
  const categoryB = categoryOf(world, b.parentId);
  if (categoryA?.id !== categoryB?.id) {
    if (categoryA === undefined) return -1;
    if (categoryB === undefined) return 1;
    return comparePlaces(categoryA, categoryB);
  }
  return comparePlaces(a, b);
}

function categoryOf(world: World, parentId: Snowflake | null): Channel | undefined {
  return parentId === null ? undefined : world.channels.get(parentId);
}

interface Place {
  readonly id: Snowflake;
  readonly position: number;
}

function comparePlaces(a: Place, b: Place): number {
  return a.position - b.position || compareIds(a.id, b.id);
}

/** Ids are 64-bit numbers in text: the shorter one is the smaller one. */
function compareIds(a: Snowflake, b: Snowflake): number {
  return a.length - b.length || compareText(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
