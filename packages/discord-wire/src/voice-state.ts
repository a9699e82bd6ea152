import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asFlag, asId, asObject, asString } from "./fields.ts";
import { decodeMember, type MemberProfile } from "./member.ts";
import type { Snowflake } from "./snowflake.ts";

/** Someone's place in voice. Source: https://discord.com/developers/docs/resources/voice#voice-state-object */
export interface VoiceState {
  readonly guildId: Snowflake;
  /** `null` = not in voice any more. */
  readonly channelId: Snowflake | null;
  readonly userId: Snowflake;
  /** The voice session; changes when someone switches device. */
  readonly sessionId: string;
  /** May be missing: keep what is known of the person then. */
  readonly member: MemberProfile | undefined;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  readonly mute: boolean;
  readonly deaf: boolean;
  readonly suppress: boolean;
  readonly stream: boolean;
  readonly video: boolean;
  /** A hand is raised in a stage (`request_to_speak_timestamp` is set). */
  readonly handRaised: boolean;
}

/** `enclosingGuildId` is for the entries inside GUILD_CREATE, which lack `guild_id`. */
export function decodeVoiceState(d: unknown, enclosingGuildId?: Snowflake): Decoded<VoiceState> {
  const state = asObject(d);
  const userId = asId(state?.["user_id"]);
  if (state === undefined || userId === undefined) return malformed("voice state without `user_id`");
  const guildId = asId(state["guild_id"]) ?? enclosingGuildId;
  if (guildId === undefined) return malformed("voice state without `guild_id`");
  const channelId = state["channel_id"] === null ? null : asId(state["channel_id"]);
  if (channelId === undefined) return malformed("voice state without `channel_id`");
  const member = decodeMember(state["member"], guildId);
  return decoded({
    guildId,
    channelId,
    userId,
    sessionId: asString(state["session_id"]) ?? "",
    member: member.ok ? member.value : undefined,
    selfMute: asFlag(state["self_mute"]),
    selfDeaf: asFlag(state["self_deaf"]),
    mute: asFlag(state["mute"]),
    deaf: asFlag(state["deaf"]),
    suppress: asFlag(state["suppress"]),
    stream: asFlag(state["self_stream"]),
    video: asFlag(state["self_video"]),
    handRaised: typeof state["request_to_speak_timestamp"] === "string",
  });
}
