import type { Snowflake } from "@guildwire/discord-wire";
import type { Clock } from "./clock.ts";
import { apply, withheldWhileUnseen } from "./world/apply.ts";
import { type Change, refused } from "./world/change.ts";
import {
  type DirectChange,
  type Directs,
  NO_DIRECTS,
  openDirect,
  postDirect,
  typeInDirect,
} from "./world/chat/direct.ts";
import type { DirectCommand, WorldCommand } from "./world/command.ts";
import type { Dispatch } from "./world/dispatch.ts";
import type { Bot, Member, World } from "./world/world.ts";
import { type GuildCollection, seenByBot, type Worlds } from "./world/worlds.ts";

/** What became of something that was to happen. */
export type Outcome =
  | {
      readonly ok: true;
      readonly dispatches: readonly Dispatch[];
      /** Of the interaction that was opened. */
      readonly interactionId?: Snowflake;
    }
  | { readonly ok: false; readonly field: string; readonly problem: string };

/** Sends what one bot is to be told. `guildId` is `null` for what belongs to no server. */
export type Tell = (dispatches: readonly Dispatch[], guildId: Snowflake | null, botId: Snowflake) => void;

/**
 * The one place where what is true changes: it takes the next world from the pure functions, keeps it, and has each bot
 * of the server told of it. The script of life, tests, the control port and REST all go through here.
 */
export class WorldKeeper {
  readonly worlds: GuildCollection;
  readonly #clock: Clock;
  readonly #tell: Tell;
  readonly #directs = new Map<Snowflake, Directs>();
  #changes = 0;

  constructor(worlds: GuildCollection, clock: Clock, tell: Tell) {
    this.worlds = worlds;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** How many changes there have been. */
  get changes(): number {
    return this.#changes;
  }

  /** What one bot can see and do. */
  seatOf(botId: Snowflake): BotSeat {
    return new BotSeat(this, this.worlds.seenBy(botId));
  }

  /** Without `guildId`, in the watched server. Dispatches are as the first bot sees them. */
  apply(command: WorldCommand, guildId: Snowflake = this.worlds.watched.guild.id): Outcome {
    return this.change(guildId, (world, atMs) => apply(world, command, atMs));
  }

  /**
   * `make` is asked once for every bot of the server, with the world as that bot sees it, so it must be pure and do the
   * same to the world whoever looks.
   */
  change(guildId: Snowflake, make: (world: World, atMs: number) => Change): Outcome {
    const world = this.worlds.worldOf(guildId);
    if (world === undefined) return refused("guildId", "is not a server of this bot");
    const atMs = this.#clock.nowMs();
    const change = withheldWhileUnseen(world, make(world, atMs));
    if (!change.ok) return change;
    this.#changes += 1;
    if (change.world !== world) this.worlds.replace(change.world);
    this.#tell(change.dispatches, guildId, world.bot.id);
    for (const bot of this.worlds.otherBots) {
      if (!world.members.has(bot.id)) continue;
      const seen = seenByBot(world, bot);
      const theirs = withheldWhileUnseen(seen, make(seen, atMs));
      if (theirs.ok) this.#tell(theirs.dispatches, guildId, bot.id);
    }
    return change;
  }

  /** Tells a bot something that changes no world. */
  tell(dispatches: readonly Dispatch[], guildId: Snowflake | null, botId: Snowflake): void {
    this.#tell(dispatches, guildId, botId);
  }

  directsOf(botId: Snowflake): Directs {
    return this.#directs.get(botId) ?? NO_DIRECTS;
  }

  changeDirects(botId: Snowflake, make: (directs: Directs, atMs: number) => DirectChange): Outcome {
    const change = make(this.directsOf(botId), this.#clock.nowMs());
    if (!change.ok) return change;
    this.#changes += 1;
    this.#directs.set(botId, change.directs);
    this.#tell(change.dispatches, null, botId);
    return change;
  }
}

/** One bot's place at the keeper: what it sees, and what it can do through REST and the Gateway. */
export class BotSeat {
  readonly worlds: Worlds;
  readonly #keeper: WorldKeeper;

  constructor(keeper: WorldKeeper, worlds: Worlds) {
    this.#keeper = keeper;
    this.worlds = worlds;
  }

  get bot(): Bot {
    return this.worlds.bot;
  }

  get directs(): Directs {
    return this.#keeper.directsOf(this.bot.id);
  }

  botMember(): Member {
    return this.worlds.botMember();
  }

  apply(command: WorldCommand, guildId: Snowflake): Outcome {
    return this.#keeper.apply(command, guildId);
  }

  change(guildId: Snowflake, make: (world: World, atMs: number) => Change): Outcome {
    return this.#keeper.change(guildId, make);
  }

  changeDirects(make: (directs: Directs, atMs: number) => DirectChange): Outcome {
    return this.#keeper.changeDirects(this.bot.id, make);
  }

  /** What a person does to the bot in private. */
  applyDirect(command: DirectCommand): Outcome {
    const person = this.worlds.memberAnywhere(command.userId);
    if (person === undefined) return refused("userId", "shares no server with the bot");
    return this.changeDirects((before, atMs) => {
      const { directs, channel } = openDirect(before, person, this.bot.id);
      if (command.type === "startDirectTyping") return typeInDirect(directs, channel, atMs);
      const draft = { channelId: channel.id, author: person, content: command.content, mentions: [] };
      return postDirect(directs, draft, this.botMember(), atMs);
    });
  }
}
