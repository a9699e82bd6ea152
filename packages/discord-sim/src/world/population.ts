import type { Snowflake } from "@guildwire/discord-wire";
import { snowflakeTimeMs } from "@guildwire/discord-wire";
import {
  fractionOf,
  hexOf,
  pick,
  pickWeighted,
  type Random,
  seededRandom,
  shuffled,
} from "@guildwire/runtime/random";
import { PERSON_NAMES, ROOM_PLANS, type RoomPlan, STATUS_LINES } from "./catalogue.ts";
import { isoTime } from "./iso-time.ts";
import { BOT_PERMISSIONS, EVERYONE_PERMISSIONS } from "./permission.ts";
import {
  type Bot,
  type Channel,
  type ChannelKind,
  idFromSeed,
  type Member,
  type Presence,
  type Role,
  type VoicePresence,
  type World,
} from "./world.ts";

/**
 * The first world of a seed: a server with its channels, its people and about half of them in voice. The same seed,
 * people and rooms give the same ids, names and places, so a restarted stand-in is the same server again.
 */
export interface Population {
  readonly seed: number;
  readonly guildId: Snowflake;
  /** Members besides the watching bot. */
  readonly people: number;
  /** Voice and stage channels the bot may view. */
  readonly rooms: number;
  /** Name of the server. */
  readonly name?: string;
  /** What the bot's own role may do; without it, `BOT_PERMISSIONS`. */
  readonly botPermissions?: bigint;
  /** The bot, when it is known from another server already. */
  readonly bot?: World["bot"];
  /** When it all begins, Unix milliseconds: the start time of conversations under way. */
  readonly atMs: number;
}

export function populate(population: Population): World {
  const { seed, guildId, atMs } = population;
  const ids = idMaker(seed);
  const bot = population.bot ?? { id: ids(), username: "watcher" };
  const channels = makeChannels(population.rooms, ids);
  const members = makeMembers(population.people, ids);
  const botRole = ids();
  const watcher: Member = { ...botMember(bot), roles: [botRole] };
  const owner = members.find((person) => !person.bot) ?? watcher;
  const afk = channels.find((channel) => channel.name === "AFK");
  const voice = settle(seededRandom(seed, "settle"), seed, members, channels, afk?.id ?? null);
  return {
    seed,
    firstBotId: bot.id,
    guild: {
      id: guildId,
      name: population.name ?? "The Lantern",
      ownerId: owner.id,
      afkChannelId: afk?.id ?? null,
      standing: "available",
    },
    bot,
    channels: new Map(withConversations(seededRandom(seed, "status"), channels, voice, atMs)),
    members: new Map([watcher, ...members].map((person) => [person.id, person])),
    voice: new Map(voice.map((presence) => [presence.userId, presence])),
    roles: new Map(
      makeRoles(guildId, botRole, population.botPermissions ?? BOT_PERMISSIONS).map((role) => [
        role.id,
        role,
      ]),
    ),
    presences: new Map(
      makePresences(seed, [watcher, ...members], voice, atMs).map((presence) => [presence.userId, presence]),
    ),
    stages: new Map(),
    messages: NOTHING,
    threads: NOTHING,
    webhooks: NOTHING,
    bans: NOTHING,
    invites: NOTHING,
    scheduledEvents: NOTHING,
    emojis: NOTHING,
    idsMade: ids.made(),
  };
}

/** One for all servers: most of them have none of these. */
// biome-ignore lint/suspicious/noExplicitAny: an empty map is one of anything.
const NOTHING: ReadonlyMap<any, any> = new Map();

function makeRoles(guildId: Snowflake, botRole: Snowflake, botPermissions: bigint): readonly Role[] {
  const plain = { color: 0, managed: false };
  return [
    { ...plain, id: guildId, name: "@everyone", permissions: EVERYONE_PERMISSIONS, position: 0 },
    { ...plain, id: botRole, name: "watcher", permissions: botPermissions, position: 1, managed: true },
  ];
}

/** The bot and everybody in voice are online; of the others, about half. */
function makePresences(
  seed: number,
  members: readonly Member[],
  voice: readonly VoicePresence[],
  atMs: number,
): readonly Presence[] {
  const inVoice = new Set(voice.map(({ userId }) => userId));
  return members.flatMap(({ id, bot }): Presence[] => {
    const draw = fractionOf(`presence/${seed}/${id}`);
    if (!bot && !inVoice.has(id) && draw < 0.5) return [];
    const status = bot || draw > 0.4 ? "online" : "idle";
    return [{ userId: id, status, playing: null, sinceMs: atMs }];
  });
}

interface IdMaker {
  (): Snowflake;
  made(): number;
}

function idMaker(seed: number): IdMaker {
  let made = 0;
  const next = (): Snowflake => {
    made += 1;
    return idFromSeed(seed, made - 1);
  };
  return Object.assign(next, { made: () => made });
}

function makeChannels(rooms: number, ids: IdMaker): readonly Channel[] {
  const channels: Channel[] = [];
  const add = (
    kind: ChannelKind,
    name: string,
    parentId: Snowflake | null,
    more: Partial<Channel> = {},
  ): Snowflake => {
    const base = { userLimit: 0, hidden: false, status: null, voiceStartedAt: null, overwrites: [] };
    const channel: Channel = { ...base, id: ids(), kind, name, position: channels.length, parentId, ...more };
    channels.push(channel);
    return channel.id;
  };

  add("text", "rules", null);
  add("announcement", "news", null);
  const townSquare = add("category", "Town Square", null);
  add("text", "general", townSquare);
  add("forum", "ideas", townSquare);
  const plans = roomPlans(rooms);
  for (const category of new Set(plans.map((plan) => plan.category))) {
    const parentId = category === null ? null : add("category", category, null);
    for (const plan of plans.filter((candidate) => candidate.category === category)) {
      add(plan.kind, plan.name, parentId, { userLimit: plan.userLimit });
    }
  }
  const backstage = add("category", "Backstage", null, { hidden: true });
  add("text", "moderators", backstage, { hidden: true });
  add("voice", "Staff Room", backstage, { hidden: true });
  return channels;
}

function roomPlans(rooms: number): readonly RoomPlan[] {
  return Array.from(
    { length: rooms },
    (_, index): RoomPlan =>
      ROOM_PLANS[index] ?? { category: "More Rooms", name: `Room ${index + 1}`, kind: "voice", userLimit: 0 },
  );
}

function makeMembers(people: number, ids: IdMaker): readonly Member[] {
  return Array.from({ length: people }, (_, index) => {
    const round = Math.floor(index / PERSON_NAMES.length);
    const name = PERSON_NAMES[index % PERSON_NAMES.length] ?? "Someone";
    // One music bot sits among the people, because pages must cope with bots in voice.
    const bot = index === MUSIC_BOT_INDEX;
    return member(ids(), bot ? "Jukebox" : `${name}${round === 0 ? "" : ` ${round + 1}`}`, bot);
  });
}

const MUSIC_BOT_INDEX = 7;

/** A bot as a member without roles. */
export function botMember(bot: Bot): Member {
  return { ...member(bot.id, bot.username, true), globalName: null };
}

function member(id: Snowflake, name: string, bot: boolean): Member {
  return {
    id,
    username: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_"),
    globalName: name,
    nick: null,
    bot,
    joinedAt: isoTime(snowflakeTimeMs(id) + 3_600_000),
    mute: false,
    deaf: false,
    roles: [],
  };
}

/** Puts about half of the people into rooms that have space. */
function settle(
  random: Random,
  seed: number,
  members: readonly Member[],
  channels: readonly Channel[],
  afkChannelId: Snowflake | null,
): readonly VoicePresence[] {
  const rooms = channels.filter((channel) => isOpenRoom(channel));
  const taken = new Map<Snowflake, number>();
  const settled = shuffled(random, members).slice(0, Math.ceil(members.length / 2));
  return settled.flatMap((person): VoicePresence[] => {
    const room = pickWeighted(random, rooms, (candidate) => {
      const full = candidate.userLimit > 0 && (taken.get(candidate.id) ?? 0) >= candidate.userLimit;
      if (full) return 0;
      return candidate.id === afkChannelId ? AFK_WEIGHT : 1;
    });
    if (room === undefined) return [];
    taken.set(room.id, (taken.get(room.id) ?? 0) + 1);
    const away = room.id === afkChannelId;
    const selfDeaf = away || random() < 0.1;
    return [
      {
        userId: person.id,
        channelId: room.id,
        sessionId: hexOf(`voice/${seed}/${person.id}`),
        selfMute: selfDeaf || random() < 0.3,
        selfDeaf,
        suppress: away || (room.kind === "stage" && random() < 0.8),
        stream: !away && room.kind === "voice" && random() < 0.06,
        video: !away && room.kind === "voice" && random() < 0.08,
        handRaisedAt: null,
      },
    ];
  });
}

const AFK_WEIGHT = 0.3;

function isOpenRoom(channel: Channel): boolean {
  return !channel.hidden && (channel.kind === "voice" || channel.kind === "stage");
}

/** Gives the rooms somebody is in a start time within the last two hours and, now and then, a status line. */
function withConversations(
  random: Random,
  channels: readonly Channel[],
  voice: readonly VoicePresence[],
  atMs: number,
): readonly (readonly [Snowflake, Channel])[] {
  const inUse = new Set(voice.map((presence) => presence.channelId));
  return channels.map((channel) => {
    if (!inUse.has(channel.id)) return [channel.id, channel];
    const voiceStartedAt = Math.floor(atMs / 1000) - Math.floor(random() * 7200);
    const status = channel.kind === "voice" && random() < 0.4 ? (pick(random, STATUS_LINES) ?? null) : null;
    return [channel.id, { ...channel, voiceStartedAt, status }];
  });
}
