import type { Snowflake } from "@guildwire/discord-wire";
import { hexOf } from "@guildwire/runtime/random";
import { type Change, changed, refused } from "../change.ts";
import type { Dispatch } from "../dispatch.ts";
import { Permission, permissionsAt } from "../permission.ts";
import type { World } from "../world.ts";
import { join, leave, move, setVoiceFlags } from "./voice-change.ts";

/** What a bot asks for with op 4. `channelId: null` leaves voice. */
export interface VoiceRequest {
  readonly channelId: Snowflake | null;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  /** The voice session is named after the Gateway session. */
  readonly sessionId: string;
}

/**
 * A bot joins, moves or leaves voice: VOICE_STATE_UPDATE for everybody, and VOICE_SERVER_UPDATE for the bot itself,
 * whose endpoint leads nowhere, as there is no voice server. A room that is full or forbidden is refused, and Discord
 * answers nothing at all.
 */
export function connectBot(world: World, botId: Snowflake, request: VoiceRequest, atMs: number): Change {
  const { channelId, selfMute, selfDeaf, sessionId } = request;
  const before = world.voice.get(botId);
  if (channelId === null) return before === undefined ? changed(world) : leave(world, botId);
  const room = world.channels.get(channelId);
  if (room === undefined) return refused("channelId", "does not exist");
  const asBot = { ...world, bot: { ...world.bot, id: botId } };
  if (!(permissionsAt(asBot, botId, room) & Permission.Connect)) {
    return refused("channelId", "may not be joined");
  }
  const flags = { selfMute, selfDeaf };
  const entered =
    before === undefined
      ? join(world, { type: "join", userId: botId, channelId, ...flags, sessionId }, atMs)
      : move(world, botId, channelId, atMs);
  if (!entered.ok) return entered;
  const set = setVoiceFlags(entered.world, { type: "setVoiceFlags", userId: botId, ...flags }, atMs);
  if (!set.ok) return set;
  const isNew = before?.channelId !== channelId;
  const server = isNew && world.bot.id === botId ? [voiceServer(world, sessionId)] : [];
  return changed(set.world, ...entered.dispatches, ...set.dispatches, ...server);
}

function voiceServer(world: World, sessionId: string): Dispatch {
  return {
    t: "VOICE_SERVER_UPDATE",
    d: {
      guild_id: world.guild.id,
      token: hexOf(`voice server/${sessionId}/${world.guild.id}`).slice(0, 16),
      endpoint: "voice.invalid:443",
    },
  };
}
