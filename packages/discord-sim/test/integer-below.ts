import type { Random } from "@guildwire/runtime/random";

/** A whole number from 0 up to and without `limit`. */
export function integerBelow(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}
