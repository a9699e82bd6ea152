/**
 * GUILD_CREATE is the truth. What is held from before is compared with it, and the differences are told as ordinary
 * events marked `approx` (when exactly they happened, nobody saw); a snapshot of everything ends the list.
 */
import type { GuildCreate, MemberProfile, VoiceState } from "@guildwire/discord-wire";
import type { Category, EventData, Guild, Happening, Occupant, Room } from "@guildwire/events";
import { join, NOTHING, type Reduction } from "./reduction.ts";
import { categoryOf, flagsOf, roomOf, same, strangerOf, userOf } from "./shapes.ts";
import type { Change, GuildState } from "./state.ts";
import { tell } from "./voice.ts";

type AvailableGuild = Extract<GuildCreate, { available: true }>;

export function reduceGuildCreate(state: GuildState, created: AvailableGuild, nowIso: string): Reduction {
  const truth = readTruth(state, created, nowIso);
  const before: Change[] = [{ kind: "guild", status: "available", guild: truth.guild }];
  const returned: Happening[] =
    state.status === "outage" || state.status === "gone"
      ? [{ type: "guild.available", data: { guild: truth.guild } }]
      : [];
  // At the first sight of a guild, and when the bot is invited again, nothing was known: nobody joined, they were there.
  const differences = diff(state, truth, state.status !== "unknown" && state.status !== "gone");
  return join({ changes: before, happenings: returned }, differences, {
    changes: [],
    happenings: [{ type: "guild.snapshot", data: snapshotOf({ status: "available", ...truth }) }],
  });
}

/** Everything a receiver needs to begin anew. */
export function snapshotOf(state: GuildState): EventData<"guild.snapshot"> {
  const { guild } = state;
  if (guild === null) throw new Error("invariant broken: there is no snapshot of a guild never seen");
  return {
    guild,
    rooms: [...state.rooms.values()],
    categories: [...state.categories.values()],
    occupants: [...state.occupants.values()].filter((occupant) => state.rooms.has(occupant.roomId)),
    status: state.status === "available" ? "live" : state.status === "gone" ? "gone" : "outage",
  };
}

interface Truth {
  readonly guild: Guild;
  readonly categories: ReadonlyMap<string, Category>;
  readonly rooms: ReadonlyMap<string, Room>;
  readonly occupants: ReadonlyMap<string, Occupant>;
}

function readTruth(state: GuildState, created: AvailableGuild, nowIso: string): Truth {
  const profiles = new Map(created.members.map((member) => [member.userId as string, member]));
  const topics = new Map(created.stageInstances.map((stage) => [stage.channelId as string, stage.topic]));
  const rooms = created.channels
    .flatMap((channel) => roomOf(channel, state.rooms.get(channel.id)) ?? [])
    .map((room) => (room.kind === "stage" ? { ...room, status: topics.get(room.id) || null } : room));
  const categories = created.channels.flatMap((channel) => categoryOf(channel) ?? []);
  const occupants = created.voiceStates.flatMap(
    (voice) => occupantOf(state, voice, profiles.get(voice.userId), nowIso) ?? [],
  );
  return {
    guild: { id: created.guild.id, name: created.guild.name, iconUrl: created.guild.iconUrl },
    categories: new Map(categories.map((category) => [category.id, category])),
    rooms: new Map(rooms.map((room) => [room.id, room])),
    occupants: new Map(occupants.map((occupant) => [occupant.user.id, occupant])),
  };
}

/** Someone who is where they were keeps their times; anyone else's are guesses. */
function occupantOf(
  state: GuildState,
  voice: VoiceState,
  profile: MemberProfile | undefined,
  nowIso: string,
): Occupant | null {
  if (voice.channelId === null) return null;
  const before = state.occupants.get(voice.userId);
  const member = voice.member ?? profile;
  const stayed = before !== undefined && before.roomId === voice.channelId;
  return {
    roomId: voice.channelId,
    user: member ? userOf(member) : (before?.user ?? strangerOf(voice.userId)),
    state: flagsOf(voice),
    since: before?.since ?? nowIso,
    roomSince: stayed ? before.roomSince : nowIso,
    ...(stayed && !before.approx ? {} : { approx: true }),
  };
}

function diff(state: GuildState, truth: Truth, told: boolean): Reduction {
  const all = join(
    diffGuild(state, truth),
    diffRooms(state, truth),
    diffOccupants(state, truth),
    diffMissingRooms(state, truth),
  );
  return told ? all : { changes: all.changes, happenings: [] };
}

function diffGuild(state: GuildState, truth: Truth): Reduction {
  const gone = [...state.categories.keys()].filter((id) => !truth.categories.has(id));
  const fresh = [...truth.categories.values()].filter(
    (category) => !same(state.categories.get(category.id), category),
  );
  const changes: Change[] = [
    ...gone.map((id): Change => ({ kind: "deleteCategory", id })),
    ...fresh.map((category): Change => ({ kind: "setCategory", category })),
  ];
  if (changes.length === 0 && same(state.guild, truth.guild)) return NOTHING;
  const categories = [...truth.categories.values()];
  return { changes, happenings: [{ type: "guild.updated", data: { guild: truth.guild, categories } }] };
}

function diffRooms(state: GuildState, truth: Truth): Reduction {
  const changed = [...truth.rooms.values()].filter((room) => !same(state.rooms.get(room.id), room));
  return {
    changes: changed.map((room) => ({ kind: "setRoom", room })),
    happenings: changed.map((room) => ({
      type: state.rooms.has(room.id) ? "room.updated" : "room.created",
      data: { room, approx: true },
    })),
  };
}

function diffOccupants(state: GuildState, truth: Truth): Reduction {
  const parts: Reduction[] = [];
  for (const userId of new Set([...state.occupants.keys(), ...truth.occupants.keys()])) {
    const before = state.occupants.get(userId);
    const after = truth.occupants.get(userId);
    if (same(before, after)) continue;
    const visibleBefore = before !== undefined && state.rooms.has(before.roomId) ? before : undefined;
    const visibleAfter = after !== undefined && truth.rooms.has(after.roomId) ? after : undefined;
    parts.push({
      changes: [
        after === undefined ? { kind: "deleteOccupant", userId } : { kind: "setOccupant", occupant: after },
      ],
      happenings: tell(visibleBefore, visibleAfter).map(approximate),
    });
  }
  return join(...parts);
}

/** Last, so that a room is empty when its deletion is told. */
function diffMissingRooms(state: GuildState, truth: Truth): Reduction {
  const gone = [...state.rooms.values()].filter((room) => !truth.rooms.has(room.id));
  return {
    changes: gone.map(({ id }) => ({ kind: "deleteRoom", id })),
    happenings: gone.map((room) => ({ type: "room.deleted", data: { room, approx: true } })),
  };
}

function approximate(happening: Happening): Happening {
  return { ...happening, data: { ...happening.data, approx: true } } as Happening;
}
