import type { Snowflake } from "@guildwire/discord-wire";
import { fractionOf } from "@guildwire/runtime/random";

/** What people are like. It follows from who they are, so it needs no storing and survives a restart. */

/** How often someone does anything at all, from 0.1 (quiet) to 4 (never sits still); most are quiet. */
export function liveliness(userId: Snowflake): number {
  return 0.1 + 3.9 * fractionOf(`lively/${userId}`) ** 3;
}

/** How much someone likes a room, from 0.2 to 5: everybody has favourites. */
export function fondness(userId: Snowflake, channelId: Snowflake): number {
  return 0.2 + 4.8 * fractionOf(`fond/${userId}/${channelId}`) ** 2;
}

/** The share of time someone is in voice, from 0.25 to 0.75: together about half of the people. */
export function sociability(userId: Snowflake): number {
  return 0.25 + 0.5 * fractionOf(`social/${userId}`);
}

/** People who may speak in the stage without asking, and who let others speak. */
export function isHost(userId: Snowflake): boolean {
  return fractionOf(`host/${userId}`) < 0.15;
}
