import type { Snowflake } from "@guildwire/discord-wire";
import { pick, seededRandom } from "@guildwire/runtime/random";
import { CHAT_ACTIVITIES, MIXED_ACTIVITIES } from "./life/chat.ts";
import { type LifeAction, nextAction } from "./life/life.ts";
import { LifeLoop } from "./life/life-loop.ts";
import type { SimSettings } from "./sim-options.ts";
import type { WorldKeeper } from "./world-keeper.ts";

interface InGuild {
  readonly guildId: Snowflake;
}

/**
 * What happens by itself, as up to three stories side by side: the rooms of the watched server, its chat, and all the
 * other servers, of which one is drawn for each event. Each has its own pace and its own random numbers, so that
 * turning one on leaves the others as they are.
 */
export class Lives {
  readonly #loops: readonly LifeLoop<InGuild>[];
  #isRunning = false;

  constructor(settings: SimSettings, keeper: WorldKeeper) {
    const { seed, clock, rate, chatRate, otherRate, guildId } = settings;
    const { worlds } = keeper;
    const voice = seededRandom(seed, "life");
    const chat = seededRandom(seed, "chat");
    const others = seededRandom(seed, "other guilds");
    const otherIds = worlds.guildIds.slice(1);
    const stories: readonly (readonly [rate: number, propose: () => (LifeAction & InGuild) | undefined])[] = [
      [rate, () => inGuild(nextAction(worlds.watched, voice, rate), guildId)],
      [chatRate, () => inGuild(nextAction(worlds.watched, chat, chatRate, CHAT_ACTIVITIES), guildId)],
      [
        otherIds.length === 0 ? 0 : otherRate,
        () => {
          const otherId = pick(others, otherIds);
          const world = otherId && worlds.worldOf(otherId);
          return world && inGuild(nextAction(world, others, otherRate, MIXED_ACTIVITIES), world.guild.id);
        },
      ],
    ];
    this.#loops = stories
      .filter(([eventsPerSecond]) => eventsPerSecond > 0)
      .map(
        ([, propose]) =>
          // A command from outside may have made impossible what life had in mind: then it does not happen.
          new LifeLoop<InGuild>(
            clock,
            propose,
            ({ command, guildId: where }) => void keeper.apply(command, where),
          ),
      );
  }

  /** False as well when nothing happens by itself at all. */
  get isRunning(): boolean {
    return this.#isRunning && this.#loops.length > 0;
  }

  start(): void {
    this.#isRunning = true;
    for (const loop of this.#loops) loop.start();
  }

  stop(): void {
    this.#isRunning = false;
    for (const loop of this.#loops) loop.stop();
  }
}

function inGuild(action: LifeAction | undefined, guildId: Snowflake): (LifeAction & InGuild) | undefined {
  return action && { ...action, guildId };
}
