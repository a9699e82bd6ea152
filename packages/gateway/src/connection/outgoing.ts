import { GatewayOpcode } from "@guildwire/discord-wire";
import type { OutgoingPayload } from "../session/effect.ts";

/** What Identify says of this client. The token stays here and in the socket. */
export interface Identity {
  readonly token: string;
  readonly intents: number;
  /** `[shard id, number of shards]`; absent for a bot without shards. */
  readonly shard: readonly [number, number] | undefined;
}

/** The frame's text. Source: https://discord.com/developers/docs/events/gateway-events#send-events */
export function encodeOutgoing(payload: OutgoingPayload, identity: Identity): string {
  switch (payload.kind) {
    case "identify":
      return frame(GatewayOpcode.Identify, {
        token: identity.token,
        intents: identity.intents,
        properties: { os: process.platform, browser: "guildwire", device: "guildwire" },
        ...(identity.shard ? { shard: identity.shard } : {}),
      });
    case "resume":
      return frame(GatewayOpcode.Resume, {
        token: identity.token,
        session_id: payload.sessionId,
        seq: payload.seq,
      });
    case "heartbeat":
      return frame(GatewayOpcode.Heartbeat, payload.seq);
    case "requestChannelInfo":
      return frame(GatewayOpcode.RequestChannelInfo, { guild_id: payload.guildId, fields: payload.fields });
    case "requestGuildMembers":
      return frame(GatewayOpcode.RequestGuildMembers, {
        guild_id: payload.guildId,
        ...("userIds" in payload.who
          ? { user_ids: payload.who.userIds, limit: 0 }
          : { query: payload.who.query, limit: payload.who.limit }),
        ...(payload.presences === undefined ? {} : { presences: payload.presences }),
        ...(payload.nonce === undefined ? {} : { nonce: payload.nonce }),
      });
    case "presenceUpdate":
      return frame(GatewayOpcode.PresenceUpdate, {
        since: payload.sinceMs ?? null,
        activities: payload.activities,
        status: payload.status,
        afk: payload.afk ?? false,
      });
  }
}

/** A larger frame closes the connection with 4002. Source: https://discord.com/developers/docs/events/gateway#sending-events */
export const FRAME_BYTES_MAX = 4_096;

function frame(op: number, d: unknown): string {
  return JSON.stringify({ op, d });
}
