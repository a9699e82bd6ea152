/** Dispatches as Discord sends them, typed by its own type definitions, for telling the reducer stories. */
import { decodeDispatch } from "@guildwire/discord-wire";
import type { EventData, Happening } from "@guildwire/events";
import { expect } from "vitest";
import { reduce } from "../../src/guild/reduce.ts";
import { GuildMemory } from "../../src/guild/state.ts";

export const GUILD = "100";
export const LOUNGE = "201";
export const GAMES = "202";
export const STAGE = "203";
export const TEXT = "204";
export const CATEGORY = "300";
export const HIDDEN_FLAG = 1 << 17;

interface VoiceStateFields {
  readonly self_mute?: boolean;
  readonly self_deaf?: boolean;
  readonly mute?: boolean;
  readonly self_stream?: boolean;
  readonly request_to_speak_timestamp?: string | null;
  readonly member?: object | undefined;
}

export function member(userId: string, fields: object = {}) {
  return {
    user: {
      id: userId,
      username: `user${userId}`,
      discriminator: "0",
      global_name: `User ${userId}`,
      avatar: null,
    },
    nick: null,
    avatar: null,
    roles: [],
    joined_at: "2025-01-01T00:00:00.000000+00:00",
    deaf: false,
    mute: false,
    flags: 0,
    ...fields,
  };
}

/** A voice state as it stands inside GUILD_CREATE: without `guild_id` and `member`. */
export function voiceState(userId: string, channelId: string | null, fields: VoiceStateFields = {}) {
  return {
    channel_id: channelId,
    user_id: userId,
    session_id: `v${userId}`,
    deaf: false,
    mute: false,
    self_deaf: false,
    self_mute: false,
    self_video: false,
    suppress: false,
    request_to_speak_timestamp: null,
    ...fields,
  };
}

export function channel(id: string, type: number, fields: object = {}) {
  return {
    id,
    type,
    guild_id: GUILD,
    name: `channel ${id}`,
    position: 0,
    parent_id: null,
    flags: 0,
    ...fields,
  };
}

export const CHANNELS = [
  channel(CATEGORY, 4, { name: "Voice" }),
  channel(LOUNGE, 2, { name: "Lounge", parent_id: CATEGORY, user_limit: 5 }),
  channel(GAMES, 2, { name: "Games", position: 1 }),
  channel(STAGE, 13, { name: "Town Hall", position: 2 }),
  channel(TEXT, 0, { name: "general" }),
];

export function guildCreate(voiceStates: readonly object[] = [], fields: object = {}) {
  return {
    id: GUILD,
    name: "The Guild",
    icon: null,
    channels: CHANNELS,
    members: [member("1"), member("2"), member("3")],
    voice_states: voiceStates,
    ...fields,
  };
}

/** A guild that lives through dispatches and remembers what was told. */
export class Story {
  readonly memory = new GuildMemory();
  told: Happening[] = [];
  /** Advances by a second with each dispatch. */
  nowMs = Date.parse("2026-11-21T09:00:00.000Z");

  dispatch(name: string, d: object): this {
    const outcome = decodeDispatch(name, d);
    if (outcome === undefined || !outcome.ok) return expect.unreachable(`${name} is not understood`);
    this.nowMs += 1_000;
    const reduction = reduce(this.memory, GUILD, outcome.value, new Date(this.nowMs).toISOString());
    this.memory.apply(reduction.changes);
    this.told.push(...reduction.happenings);
    return this;
  }

  create(voiceStates: readonly object[] = [], fields: object = {}): this {
    return this.dispatch("GUILD_CREATE", guildCreate(voiceStates, fields));
  }

  voice(userId: string, channelId: string | null, fields: VoiceStateFields = {}): this {
    return this.dispatch("VOICE_STATE_UPDATE", {
      guild_id: GUILD,
      ...voiceState(userId, channelId, fields),
      ...("member" in fields ? {} : { member: member(userId) }),
    });
  }

  /** Forgets what was told so far. */
  hush(): this {
    this.told = [];
    return this;
  }

  get types(): string[] {
    return this.told.map(({ type }) => type);
  }

  last<Type extends Happening["type"]>(type: Type): EventData<Type> {
    const found = this.told.findLast((happening) => happening.type === type);
    return (found ?? expect.unreachable(`${type} was not told; told: ${this.types}`)).data as EventData<Type>;
  }
}
