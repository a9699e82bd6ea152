import {
  type Channel,
  ChannelType,
  type Dispatch as DecodedDispatch,
  decodeDispatch,
  type Snowflake,
  type VoiceState,
} from "@guildwire/discord-wire";
import type { Dispatch } from "../../src/world/dispatch.ts";

/**
 * Somebody who knows the server only from what Discord says. It reads with the same decoders as the worker, so a
 * shape they cannot read fails here.
 */
export class Watcher {
  readonly channels = new Map<Snowflake, Channel>();
  readonly voice = new Map<Snowflake, VoiceState>();
  readonly names = new Map<Snowflake, string>();
  readonly statuses = new Map<Snowflake, string | null>();

  hear(dispatch: Dispatch): void {
    const outcome = decodeDispatch(dispatch.t, dispatch.d);
    if (outcome === undefined) return;
    if (!outcome.ok) throw new Error(outcome.problem);
    this.#take(outcome.value);
  }

  /** Visible rooms with who is in them, comparable with the truth. */
  rooms(): readonly unknown[] {
    return [...this.channels.values()]
      .filter(({ type, obfuscated }) => {
        return !obfuscated && (type === ChannelType.GuildVoice || type === ChannelType.GuildStageVoice);
      })
      .map(({ id, name, position, parentId, userLimit }) => ({
        id,
        name,
        position,
        parentId,
        userLimit,
        status: this.statuses.get(id) ?? null,
        people: this.#peopleIn(id),
      }));
  }

  #peopleIn(channelId: Snowflake): readonly unknown[] {
    return [...this.voice.values()]
      .filter((state) => state.channelId === channelId)
      .map(({ userId, selfMute, selfDeaf, mute, deaf, suppress, stream, video, handRaised }) => ({
        id: userId,
        name: this.names.get(userId),
        selfMute,
        selfDeaf,
        mute,
        deaf,
        suppress,
        stream,
        video,
        handRaised,
      }));
  }

  #take(dispatch: DecodedDispatch): void {
    switch (dispatch.type) {
      case "GUILD_CREATE":
        if (!dispatch.data.available) return;
        this.channels.clear();
        this.voice.clear();
        for (const channel of dispatch.data.channels) this.channels.set(channel.id, channel);
        for (const state of dispatch.data.voiceStates) this.voice.set(state.userId, state);
        for (const member of dispatch.data.members) this.names.set(member.userId, member.displayName);
        if (dispatch.data.malformedEntries > 0) throw new Error("malformed entries");
        return;
      case "CHANNEL_CREATE":
      case "CHANNEL_UPDATE":
        this.channels.set(dispatch.data.id, dispatch.data);
        return;
      case "CHANNEL_DELETE":
        this.channels.delete(dispatch.data.id);
        return;
      case "CHANNEL_INFO":
        for (const { id, status } of dispatch.data.channels) this.statuses.set(id, status);
        return;
      case "VOICE_CHANNEL_STATUS_UPDATE":
        this.statuses.set(dispatch.data.id, dispatch.data.status);
        return;
      case "VOICE_STATE_UPDATE":
        if (dispatch.data.channelId === null) this.voice.delete(dispatch.data.userId);
        else this.voice.set(dispatch.data.userId, dispatch.data);
        if (dispatch.data.member) {
          this.names.set(dispatch.data.member.userId, dispatch.data.member.displayName);
        }
        return;
      case "GUILD_MEMBER_UPDATE":
        this.names.set(dispatch.data.profile.userId, dispatch.data.profile.displayName);
        return;
    }
  }
}
