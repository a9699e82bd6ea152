import type { Snowflake } from "@guildwire/discord-wire";
import { pick, seededRandom } from "@guildwire/runtime/random";
import type { Offices } from "./application/invoke.ts";
import { CHAT_ACTIVITIES, MIXED_ACTIVITIES } from "./life/chat.ts";
import { nextInteraction } from "./life/interaction-life.ts";
import { type LifeAction, nextAction } from "./life/life.ts";
import { LifeLoop } from "./life/life-loop.ts";
import type { SimSettings } from "./sim-options.ts";
import type { SimCommand } from "./world/command.ts";

interface Planned {
  readonly command: SimCommand;
  readonly afterMs: number;
  readonly guildId: Snowflake;
}

/**
 * What happens by itself, as up to four stories side by side: the rooms of the watched server, its chat, what people
 * use of applications, and all the other servers, of which one is drawn for each event. Each has its own pace and its own random numbers, so that
 * turning one on leaves the others as they are.
 */
export class Lives {
  readonly #loops: readonly LifeLoop<Planned>[];
  #isRunning = false;

  constructor(
    settings: SimSettings,
    offices: Offices,
    carryOut: (command: SimCommand, guildId: Snowflake) => unknown,
  ) {
    const { seed, clock, rate, chatRate, otherRate, interactionRate, guildId } = settings;
    const { worlds } = offices.keeper;
    const voice = seededRandom(seed, "life");
    const chat = seededRandom(seed, "chat");
    const others = seededRandom(seed, "other guilds");
    const uses = seededRandom(seed, "interactions");
    const submitted = new Set<string>();
    const otherIds = worlds.guildIds.slice(1);
    const stories: readonly (readonly [rate: number, propose: () => Planned | undefined])[] = [
      [rate, () => inGuild(nextAction(worlds.watched, voice, rate), guildId)],
      [chatRate, () => inGuild(nextAction(worlds.watched, chat, chatRate, CHAT_ACTIVITIES), guildId)],
      [
        interactionRate,
        () => {
          const use = nextInteraction(worlds.watched, uses, interactionRate, offices, submitted);
          return use && { ...use, guildId };
        },
      ],
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
          new LifeLoop<Planned>(
            clock,
            propose,
            ({ command, guildId: where }) => void carryOut(command, where),
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

function inGuild(action: LifeAction | undefined, guildId: Snowflake): Planned | undefined {
  return action && { ...action, guildId };
}
