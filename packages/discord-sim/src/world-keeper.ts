import type { Snowflake } from "@guildwire/discord-wire";
import type { Clock } from "./clock.ts";
import { apply, withheldWhileUnseen } from "./world/apply.ts";
import { type Change, refused } from "./world/change.ts";
import type { DirectCommand, SimCommand } from "./world/command.ts";
import {
  type DirectChange,
  type Directs,
  NO_DIRECTS,
  openDirect,
  postDirect,
  typeInDirect,
} from "./world/direct.ts";
import type { Dispatch } from "./world/dispatch.ts";
import type { Member, World } from "./world/world.ts";
import type { GuildCollection } from "./world/worlds.ts";

/** What became of something that was to happen. */
export type Outcome =
  | { readonly ok: true; readonly dispatches: readonly Dispatch[] }
  | { readonly ok: false; readonly field: string; readonly problem: string };

/**
 * The one place where what is true changes: it takes the next world from the pure functions, keeps it, and has said
 * what there is to say. The script of life, tests, the control port and REST all go through here.
 */
export class WorldKeeper {
  readonly worlds: GuildCollection;
  readonly #clock: Clock;
  readonly #say: (dispatches: readonly Dispatch[], guildId: Snowflake | null) => void;
  #directs: Directs = NO_DIRECTS;
  #changes = 0;

  constructor(
    worlds: GuildCollection,
    clock: Clock,
    say: (dispatches: readonly Dispatch[], guildId: Snowflake | null) => void,
  ) {
    this.worlds = worlds;
    this.#clock = clock;
    this.#say = say;
  }

  get directs(): Directs {
    return this.#directs;
  }

  /** How many changes there have been. */
  get changes(): number {
    return this.#changes;
  }

  /** Without `guildId`, in the watched server. */
  apply(command: SimCommand, guildId: Snowflake = this.worlds.watched.guild.id): Outcome {
    if (command.type === "sendDirectMessage" || command.type === "startDirectTyping") {
      return this.#applyDirect(command);
    }
    return this.change(guildId, (world, atMs) => apply(world, command, atMs));
  }

  change(guildId: Snowflake, make: (world: World, atMs: number) => Change): Outcome {
    const world = this.worlds.worldOf(guildId);
    if (world === undefined) return refused("guildId", "is not a server of this bot");
    const change = withheldWhileUnseen(world, make(world, this.#clock.nowMs()));
    if (!change.ok) return change;
    this.#changes += 1;
    if (change.world !== world) this.worlds.replace(change.world);
    this.#say(change.dispatches, guildId);
    return change;
  }

  changeDirects(make: (directs: Directs, atMs: number) => DirectChange): Outcome {
    const change = make(this.#directs, this.#clock.nowMs());
    if (!change.ok) return change;
    this.#changes += 1;
    this.#directs = change.directs;
    this.#say(change.dispatches, null);
    return change;
  }

  botMember(): Member {
    const { watched, bot } = this.worlds;
    const member = watched.members.get(bot.id);
    if (member === undefined) throw new Error("a world without its bot");
    return member;
  }

  #applyDirect(command: DirectCommand): Outcome {
    const person = this.worlds.memberAnywhere(command.userId);
    if (person === undefined) return refused("userId", "shares no server with the bot");
    return this.changeDirects((before, atMs) => {
      const { directs, channel } = openDirect(before, person);
      if (command.type === "startDirectTyping") return typeInDirect(directs, channel, atMs);
      const draft = { channelId: channel.id, author: person, content: command.content, mentions: [] };
      return postDirect(directs, draft, this.botMember(), atMs);
    });
  }
}
