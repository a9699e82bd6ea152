import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";
import { fractionOf } from "@guildwire/runtime/random";
import { botMember, type Population, populate } from "./population.ts";
import { type Bot, hasPlace, type Member, type World } from "./world.ts";

/** All servers as one bot sees them, by id: what the Gateway and REST read. */
export interface Worlds {
  readonly bot: Bot;
  /** The bot as a member of one of its servers: what its user object is made of. */
  botMember(): Member;
  /** The watched server first. */
  readonly guildIds: readonly Snowflake[];
  /** Seen by the bot; `undefined` for a server it has never been in. */
  worldOf(guildId: Snowflake): World | undefined;
  /** Whether the bot was thrown out of a server. Cheap: a server nothing has happened in is not made for it. */
  isRemoved(guildId: Snowflake): boolean;
  /** The server a channel or thread is in. Looking into the others makes all of them once, for an index of ids. */
  guildOfChannel(channelId: Snowflake): World | undefined;
  /** Somebody who shares a server with the bot. */
  memberAnywhere(userId: Snowflake): Member | undefined;
  /** The same servers as another bot sees them. */
  seenBy(botId: Snowflake): Worlds;
}

export interface OtherGuilds {
  readonly count: number;
  readonly people: number;
  readonly rooms: number;
}

/**
 * The watched server and any number of others beside it. The others follow from the seed and are made again whenever
 * they are asked for, until something happens in them: only then are they kept, so thousands cost next to nothing.
 *
 * The first bot is in all of them. Other bots are in the servers that `addBot` named, or in all. A collection is seen
 * by the first bot; `seenBy` gives the view of another.
 */
export class GuildCollection implements Worlds {
  readonly bot: Bot;
  readonly #first: Population;
  readonly #others: OtherGuilds;
  readonly #ids: Snowflake[];
  readonly #indexOf: Map<Snowflake, number>;
  readonly #touched = new Map<Snowflake, World>();
  readonly #views = new Map<Snowflake, BotsWorlds>();
  #watched: World;
  /** Where the channels and people of the other servers are, as those were in the beginning. */
  #guildOf: ReadonlyMap<Snowflake, Snowflake> | undefined;

  constructor(first: Population, others: OtherGuilds) {
    this.#first = first;
    this.#others = others;
    this.#watched = populate(first);
    this.bot = this.#watched.bot;
    const ids = Array.from({ length: others.count }, (_, index) => otherGuildId(first.seed, index));
    this.#ids = [first.guildId, ...ids];
    this.#indexOf = new Map(ids.map((id, index) => [id, index]));
  }

  get guildIds(): readonly Snowflake[] {
    return this.#ids;
  }

  /** The watched server. */
  get watched(): World {
    return this.#watched;
  }

  /** Bots besides the first. */
  get otherBots(): readonly Bot[] {
    return [...this.#views.values()].map(({ bot }) => bot);
  }

  botMember(): Member {
    return memberOf(this.#watched, this.bot.id);
  }

  worldOf(guildId: Snowflake): World | undefined {
    if (guildId === this.#watched.guild.id) return this.#watched;
    const touched = this.#touched.get(guildId);
    if (touched !== undefined) return touched;
    const index = this.#indexOf.get(guildId);
    return index === undefined ? undefined : this.#make(guildId, index);
  }

  isRemoved(guildId: Snowflake): boolean {
    const isWatched = guildId === this.#watched.guild.id;
    const world = isWatched ? this.#watched : this.#touched.get(guildId);
    return world?.guild.standing === "removed";
  }

  guildOfChannel(channelId: Snowflake): World | undefined {
    const near = this.kept.find((world) => hasPlace(world, channelId));
    if (near !== undefined) return near;
    const guildId = this.#index().get(channelId);
    const world = guildId === undefined ? undefined : this.worldOf(guildId);
    return world !== undefined && hasPlace(world, channelId) ? world : undefined;
  }

  memberAnywhere(userId: Snowflake): Member | undefined {
    const near = this.kept.find((world) => world.members.has(userId));
    if (near !== undefined) return near.members.get(userId);
    const guildId = this.#index().get(userId);
    return guildId === undefined ? undefined : this.worldOf(guildId)?.members.get(userId);
  }

  seenBy(botId: Snowflake): Worlds {
    if (botId === this.bot.id) return this;
    const view = this.#views.get(botId);
    if (view === undefined) throw new Error(`no bot ${botId}`);
    return view;
  }

  /** A bot that is in no server yet. */
  addBot(bot: Bot): void {
    this.#views.set(bot.id, new BotsWorlds(this, bot));
  }

  /** Puts the next state of a server in the place of the last one. It is kept as the first bot sees it. */
  replace(world: World): void {
    const kept = world.bot === this.bot ? world : { ...world, bot: this.bot };
    if (kept.guild.id === this.#watched.guild.id) this.#watched = kept;
    else this.#touched.set(kept.guild.id, kept);
  }

  /** A server that is there from now on; its content follows from the seed and from how many there are. */
  addGuild(id: Snowflake | undefined, name: string | undefined): World {
    const index = this.#ids.length - 1;
    const guildId = id ?? otherGuildId(this.#first.seed, index);
    const world = this.#make(guildId, index);
    const named = name === undefined ? world : { ...world, guild: { ...world.guild, name } };
    this.#ids.push(guildId);
    this.replace(named);
    return named;
  }

  /** The watched server and those in which something has happened. */
  get kept(): readonly World[] {
    return [this.#watched, ...this.#touched.values()];
  }

  #index(): ReadonlyMap<Snowflake, Snowflake> {
    if (this.#guildOf !== undefined) return this.#guildOf;
    const guildOf = new Map<Snowflake, Snowflake>();
    for (const [guildId, index] of this.#indexOf) {
      const world = this.#make(guildId, index);
      for (const id of [...world.channels.keys(), ...world.members.keys()]) guildOf.set(id, guildId);
    }
    this.#guildOf = guildOf;
    return guildOf;
  }

  #make(guildId: Snowflake, index: number): World {
    const { people, rooms } = this.#others;
    const seed = this.#first.seed + (index + 1) * SEED_STRIDE;
    const name = `Side Street ${index + 1}`;
    return populate({ ...this.#first, seed, guildId, people, rooms, name, bot: this.bot });
  }
}

/** The servers as a bot besides the first sees them: those it is a member of. */
class BotsWorlds implements Worlds {
  readonly bot: Bot;
  readonly #all: GuildCollection;

  constructor(all: GuildCollection, bot: Bot) {
    this.#all = all;
    this.bot = bot;
  }

  get guildIds(): readonly Snowflake[] {
    return this.#all.kept.filter((world) => world.members.has(this.bot.id)).map(({ guild }) => guild.id);
  }

  botMember(): Member {
    const world = this.#all.kept.find(({ members }) => members.has(this.bot.id));
    return world === undefined ? botMember(this.bot) : memberOf(world, this.bot.id);
  }

  worldOf(guildId: Snowflake): World | undefined {
    const world = this.#all.worldOf(guildId);
    return world?.members.has(this.bot.id) === true ? seenByBot(world, this.bot) : undefined;
  }

  /** A server the bot has left is none of its own any more. */
  isRemoved(): boolean {
    return false;
  }

  guildOfChannel(channelId: Snowflake): World | undefined {
    const world = this.#all.guildOfChannel(channelId);
    return world && this.worldOf(world.guild.id);
  }

  memberAnywhere(userId: Snowflake): Member | undefined {
    return this.#all.memberAnywhere(userId);
  }

  seenBy(botId: Snowflake): Worlds {
    return this.#all.seenBy(botId);
  }
}

/** The same server through another bot's eyes. That the first one was removed is nothing to the others. */
export function seenByBot(world: World, bot: Bot): World {
  if (bot.id === world.bot.id) return world;
  const { guild } = world;
  return { ...world, bot, guild: guild.standing === "removed" ? { ...guild, standing: "available" } : guild };
}

function memberOf(world: World, userId: Snowflake): Member {
  const member = world.members.get(userId);
  if (member === undefined) throw new Error("a world without its bot");
  return member;
}

/** One server alone, as tests of the core have it. */
export function soleWorld(world: World): Worlds {
  const { id } = world.guild;
  const worlds: Worlds = {
    bot: world.bot,
    botMember: () => memberOf(world, world.bot.id),
    guildIds: [id],
    worldOf: (guildId) => (guildId === id ? world : undefined),
    isRemoved: () => world.guild.standing === "removed",
    guildOfChannel: (channelId) => (hasPlace(world, channelId) ? world : undefined),
    memberAnywhere: (userId) => world.members.get(userId),
    seenBy: () => worlds,
  };
  return worlds;
}

/** Far apart, so that neighbouring seeds of the watched server share none of their others. */
const SEED_STRIDE = 1_000_003;
const OTHERS_START_MS = 1_500_000_000_000;
const OTHERS_APART_MS = 100_000;

/** Ids whose upper bits, which choose the shard, are well mixed. */
function otherGuildId(seed: number, index: number): Snowflake {
  const offsetMs = Math.floor(fractionOf(`guild/${seed}/${index}`) * OTHERS_APART_MS);
  return snowflakeAt(OTHERS_START_MS + index * OTHERS_APART_MS + offsetMs, index % 4096);
}
