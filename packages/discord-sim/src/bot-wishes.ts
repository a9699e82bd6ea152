import type { Snowflake } from "@guildwire/discord-wire";
import { shardOfGuild } from "@guildwire/discord-wire";
import type { BotWishes } from "./gateway/gateway-server.ts";
import type { OwnPresence } from "./gateway/own-state.ts";
import { connectBot } from "./world/voice/bot-voice.ts";
import type { WorldKeeper } from "./world-keeper.ts";

/** Has done what bots ask for over the Gateway: their own presence and their own place in voice. */
export function botWishes(keeper: WorldKeeper): BotWishes {
  const shown = new Map<Snowflake, OwnPresence>();
  return {
    showPresence({ botId, shard, status, playing }) {
      const before = shown.get(botId) ?? ONLINE;
      // Said by every bot at its start and changing nothing: thousands of servers need not be made for it.
      if (before.status === status && before.playing === playing) return;
      shown.set(botId, { status, playing });
      for (const guildId of keeper.worlds.seenBy(botId).guildIds) {
        if (shard !== undefined && shardOfGuild(guildId, shard[1]) !== shard[0]) continue;
        keeper.apply({ type: "setPresence", userId: botId, status, playing }, guildId);
      }
    },
    connectVoice({ botId, guildId, request }) {
      keeper.change(guildId, (world, atMs) => connectBot(world, botId, request, atMs));
    },
  };
}

const ONLINE: OwnPresence = { status: "online", playing: null };
