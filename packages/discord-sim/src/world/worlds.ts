import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";
import { fractionOf } from "@guildwire/runtime/random";
import { type Population, populate } from "./population.ts";
import type { Bot, Member, World } from "./world.ts";

/** All servers the bot is in, by id: what the Gateway and REST read. */
export interface Worlds {
  readonly bot: Bot;
  /** The watched server first. */
  readonly guildIds: readonly Snowflake[];
  worldOf(guildId: Snowflake): World | undefined;
  /** Whether the bot was thrown out of a server. Cheap: a server nothing has happened in is not made for it. */
  isRemoved(guildId: Snowflake): boolean;
  /** The watched server. */
  readonly watched: World;
}

export interface OtherGuilds {
  readonly count: number;
  readonly people: number;
  readonly rooms: number;
}

/**
 * The watched server and any number of others beside it. The others follow from the seed and are made anew whenever
 * somebody asks, until something happens in them: only then are they kept, so thousands cost next to nothing.
 */
export class GuildCollection implements Worlds {
  readonly bot: Bot;
  readonly guildIds: readonly Snowflake[];
  readonly #first: Population;
  readonly #others: OtherGuilds;
  readonly #indexOf: ReadonlyMap<Snowflake, number>;
  readonly #touched = new Map<Snowflake, World>();
  #watched: World;
  /** Where the channels and people of the other servers are, as those were in the beginning. */
  #guildOf: ReadonlyMap<Snowflake, Snowflake> | undefined;

  constructor(first: Population, others: OtherGuilds) {
    this.#first = first;
    this.#others = others;
    this.#watched = populate(first);
    this.bot = this.#watched.bot;
    const ids = Array.from({ length: others.count }, (_, index) => otherGuildId(first.seed, index));
    this.guildIds = [first.guildId, ...ids];
    this.#indexOf = new Map(ids.map((id, index) => [id, index]));
  }

  get watched(): World {
    return this.#watched;
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

  /** The server a channel is in. Looking into the others makes all of them once, for an index of ids. */
  guildOfChannel(channelId: Snowflake): World | undefined {
    const near = this.#near().find((world) => world.channels.has(channelId));
    if (near !== undefined) return near;
    const guildId = this.#index().get(channelId);
    const world = guildId === undefined ? undefined : this.worldOf(guildId);
    return world?.channels.has(channelId) ? world : undefined;
  }

  /** Somebody who shares a server with the bot. */
  memberAnywhere(userId: Snowflake): Member | undefined {
    const near = this.#near().find((world) => world.members.has(userId));
    if (near !== undefined) return near.members.get(userId);
    const guildId = this.#index().get(userId);
    return guildId === undefined ? undefined : this.worldOf(guildId)?.members.get(userId);
  }

  #near(): readonly World[] {
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

  /** Puts the next state of a server in the place of the last one. */
  replace(world: World): void {
    if (world.guild.id === this.#watched.guild.id) this.#watched = world;
    else this.#touched.set(world.guild.id, world);
  }

  #make(guildId: Snowflake, index: number): World {
    const { people, rooms } = this.#others;
    const seed = this.#first.seed + (index + 1) * SEED_STRIDE;
    const name = `Side Street ${index + 1}`;
    return populate({ ...this.#first, seed, guildId, people, rooms, name, bot: this.bot });
  }
}

/** One server alone, as tests of the core have it. */
export function soleWorld(world: World): Worlds {
  const { id } = world.guild;
  return {
    bot: world.bot,
    guildIds: [id],
    worldOf: (guildId) => (guildId === id ? world : undefined),
    isRemoved: () => world.guild.standing === "removed",
    watched: world,
  };
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
