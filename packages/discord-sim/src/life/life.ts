import { pickWeighted, type Random } from "@guildwire/runtime/random";
import type { WorldCommand } from "../world/command.ts";
import type { World } from "../world/world.ts";
import { ACTIVITIES, type Activity } from "./activity.ts";

/**
 * The seeded script of life: what happens next in the server, and how long after the last thing.
 *
 * Rules: it only proposes commands that are possible in the world it is given; everything it decides follows from the
 * world and the random numbers, so a seed tells the same story again; it stays out of rooms the bot may not view.
 */
export interface LifeAction {
  readonly command: WorldCommand;
  readonly afterMs: number;
}

/** `activities` is what may happen at all; `eventsPerSecond` is the average pace, above 0. `undefined` when nothing at all can happen (nobody is there). */
export function nextAction(
  world: World,
  random: Random,
  eventsPerSecond: number,
  activities: readonly Activity[] = ACTIVITIES,
): LifeAction | undefined {
  const afterMs = waitMs(random, eventsPerSecond);
  // An activity may find nobody fit for it just now; another one then has its turn.
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const activity = pickWeighted(random, activities, (candidate) => candidate.weight);
    const command = activity?.propose(world, random);
    if (command !== undefined) return { command, afterMs };
  }
  return undefined;
}

const ATTEMPTS_MAX = 50;

/** Exponential gaps, as between independent people, but never so long that the server seems dead. */
export function waitMs(random: Random, eventsPerSecond: number): number {
  const meanMs = 1000 / eventsPerSecond;
  return Math.min(-Math.log(1 - random()) * meanMs, meanMs * GAP_MAX_IN_MEANS);
}

const GAP_MAX_IN_MEANS = 6;
