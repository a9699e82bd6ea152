import { type Snowflake, shardOfGuild } from "@guildwire/discord-wire";
import { wireGuildCreate } from "../world/wire.ts";
import type { Worlds } from "../world/worlds.ts";
import { deliver } from "./delivery.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { GatewayState, Session } from "./gateway-state.ts";
import { visibleTo } from "./visibility.ts";

/**
 * Lazy loading: READY names the servers as unavailable, and each then comes as GUILD_CREATE (or as GUILD_DELETE
 * `unavailable` during an outage). The first come with READY, the others batch by batch, so that a bot in thousands of
 * servers is not served in one breath. Until a server has come, nothing else is said about it.
 */

const GUILDS_PER_BATCH = 50;

/** Servers on a shard that the bot has not been removed from. */
export function guildsOf(
  shard: readonly [id: number, count: number] | undefined,
  worlds: Worlds,
): readonly Snowflake[] {
  return worlds.guildIds.filter((guildId) => {
    if (shard !== undefined && shardOfGuild(guildId, shard[1]) !== shard[0]) return false;
    return !worlds.isRemoved(guildId);
  });
}

export function loadGuilds(
  state: GatewayState,
  session: Session,
  worlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  const batch = [...session.guildsPending].slice(0, GUILDS_PER_BATCH);
  for (const guildId of batch) session.guildsPending.delete(guildId);
  session.guildsDueAtMs = session.guildsPending.size > 0 ? atMs + state.settings.guildBatchMs : undefined;
  return batch.flatMap((guildId) => load(state, session, guildId, worlds));
}

function load(
  state: GatewayState,
  session: Session,
  guildId: Snowflake,
  worlds: Worlds,
): readonly GatewayEffect[] {
  const world = worlds.worldOf(guildId);
  if (world === undefined) return [];
  const { standing } = world.guild;
  const dispatch = visibleTo(
    session,
    standing === "available"
      ? { t: "GUILD_CREATE", d: wireGuildCreate(world) }
      : {
          t: "GUILD_DELETE",
          d: standing === "removed" ? { id: guildId } : { id: guildId, unavailable: true },
        },
    { guildId, botId: worlds.bot.id },
  );
  return dispatch === undefined ? [] : deliver(state, session, dispatch);
}
