import { type Channel, decodeChannel } from "./channel.ts";
import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asArray, asFlag, asId, asObject, asString, type JsonObject } from "./fields.ts";
import { decodeMember, type MemberProfile } from "./member.ts";
import type { Snowflake } from "./snowflake.ts";
import { decodeStageInstance, type StageInstance } from "./stage-instance.ts";
import { decodeVoiceState, type VoiceState } from "./voice-state.ts";

/** What Guildwire reads of a guild itself (GUILD_UPDATE has no more than this). */
export interface GuildProfile {
  readonly id: Snowflake;
  readonly name: string;
  readonly iconUrl: string | null;
}

/**
 * GUILD_CREATE: either the whole guild, or (while Discord has an outage) only its id.
 * Source: https://discord.com/developers/docs/events/gateway-events#guild-create
 */
export type GuildCreate =
  | { readonly available: false; readonly id: Snowflake }
  | {
      readonly available: true;
      readonly guild: GuildProfile;
      readonly channels: readonly Channel[];
      readonly voiceStates: readonly VoiceState[];
      /** Stages that are live. */
      readonly stageInstances: readonly StageInstance[];
      /** Everyone in voice is among them, even in guilds too large to list (more than 75,000 members). */
      readonly members: readonly MemberProfile[];
      /** Entries of the lists above that could not be read and were left out. */
      readonly malformedEntries: number;
    };

export function decodeGuildCreate(d: unknown): Decoded<GuildCreate> {
  const guild = asObject(d);
  const id = asId(guild?.["id"]);
  if (guild === undefined || id === undefined) return malformed("GUILD_CREATE without `id`");
  if (asFlag(guild["unavailable"])) return decoded({ available: false, id });

  const channels = decodeList(guild["channels"], decodeChannel);
  const voiceStates = decodeList(guild["voice_states"], (entry) => decodeVoiceState(entry, id));
  const members = decodeList(guild["members"], (entry) => decodeMember(entry, id));
  const stages = decodeList(guild["stage_instances"], (entry) => decodeStageInstance(entry, id));
  return decoded({
    available: true,
    guild: guildProfile(guild, id),
    channels: channels.values,
    voiceStates: voiceStates.values,
    members: members.values,
    stageInstances: stages.values,
    malformedEntries: channels.malformed + voiceStates.malformed + members.malformed + stages.malformed,
  });
}

function decodeList<T>(
  list: unknown,
  decode: (entry: unknown) => Decoded<T>,
): { readonly values: readonly T[]; readonly malformed: number } {
  const values: T[] = [];
  let bad = 0;
  for (const entry of asArray(list)) {
    const outcome = decode(entry);
    if (outcome.ok) values.push(outcome.value);
    else bad += 1;
  }
  return { values, malformed: bad };
}

export function decodeGuildUpdate(d: unknown): Decoded<GuildProfile> {
  const guild = asObject(d);
  const id = asId(guild?.["id"]);
  if (guild === undefined || id === undefined) return malformed("GUILD_UPDATE without `id`");
  return decoded(guildProfile(guild, id));
}

/** GUILD_DELETE: an outage when `unavailable` is set, else the bot was removed from the guild. */
export function decodeGuildDelete(
  d: unknown,
): Decoded<{ readonly id: Snowflake; readonly unavailable: boolean }> {
  const guild = asObject(d);
  const id = asId(guild?.["id"]);
  if (guild === undefined || id === undefined) return malformed("GUILD_DELETE without `id`");
  return decoded({ id, unavailable: asFlag(guild["unavailable"]) });
}

function guildProfile(guild: JsonObject, id: Snowflake): GuildProfile {
  const icon = asString(guild["icon"]);
  return {
    id,
    name: asString(guild["name"]) ?? "",
    iconUrl: icon ? `https://cdn.discordapp.com/icons/${id}/${icon}.png?size=128` : null,
  };
}
