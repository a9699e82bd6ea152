/**
 * The mapping from Discord's dispatches to events: a pure function of the state, the dispatch and the time. One row
 * per dispatch; the files beside it hold the rules. The same dispatches always give the same events.
 */
import type { Dispatch } from "@guildwire/discord-wire";
import { reduceChannel, reduceChannelDeletion, reduceChannelInfo, reduceRoomStatus } from "./channels.ts";
import { reduceGuildCreate } from "./guild-create.ts";
import { NOTHING, type Reduction } from "./reduction.ts";
import { same } from "./shapes.ts";
import type { Change, GuildState, GuildStatus } from "./state.ts";
import { reduceProfile, reduceRemoval, reduceVoiceState } from "./voice.ts";

export function reduce(state: GuildState, guildId: string, dispatch: Dispatch, nowIso: string): Reduction {
  if (guildOf(dispatch) !== guildId) {
    return dispatch.type === "READY" && !dispatch.data.guildIds.some((id) => id === guildId)
      ? reduceGone(state)
      : NOTHING;
  }
  switch (dispatch.type) {
    case "READY":
      return NOTHING;
    case "GUILD_CREATE":
      return dispatch.data.available ? reduceGuildCreate(state, dispatch.data, nowIso) : reduceOutage(state);
    case "GUILD_UPDATE": {
      const { id, name, iconUrl } = dispatch.data;
      const guild = { id, name, iconUrl };
      if (state.guild === null || same(state.guild, guild)) return NOTHING;
      return {
        changes: [{ kind: "guild", status: state.status, guild }],
        happenings: [{ type: "guild.updated", data: { guild, categories: [...state.categories.values()] } }],
      };
    }
    case "GUILD_DELETE":
      return dispatch.data.unavailable ? reduceOutage(state) : reduceGone(state);
    case "CHANNEL_CREATE":
    case "CHANNEL_UPDATE":
      return reduceChannel(state, dispatch.data);
    case "CHANNEL_DELETE":
      return reduceChannelDeletion(state, dispatch.data.id);
    case "CHANNEL_INFO":
      return reduceChannelInfo(state, dispatch.data);
    case "VOICE_CHANNEL_STATUS_UPDATE":
      return reduceRoomStatus(state, dispatch.data.id, { status: dispatch.data.status });
    case "VOICE_CHANNEL_START_TIME_UPDATE":
      return reduceRoomStatus(state, dispatch.data.id, { voiceStartTime: dispatch.data.voiceStartTime });
    case "STAGE_INSTANCE_CREATE":
    case "STAGE_INSTANCE_UPDATE":
      return reduceRoomStatus(state, dispatch.data.channelId, { status: dispatch.data.topic });
    case "STAGE_INSTANCE_DELETE":
      return reduceRoomStatus(state, dispatch.data.channelId, { status: null });
    case "VOICE_STATE_UPDATE":
      return reduceVoiceState(state, dispatch.data, nowIso);
    case "GUILD_MEMBER_UPDATE":
      return reduceProfile(state, dispatch.data.profile);
    case "GUILD_MEMBER_REMOVE":
    case "GUILD_BAN_ADD":
      return reduceRemoval(state, dispatch.data.userId);
  }
}

/** The guild a dispatch is about; `undefined` when it is about none, or about several. */
function guildOf(dispatch: Dispatch): string | undefined {
  switch (dispatch.type) {
    case "READY":
      return undefined;
    case "GUILD_CREATE":
      return dispatch.data.available ? dispatch.data.guild.id : dispatch.data.id;
    case "GUILD_UPDATE":
    case "GUILD_DELETE":
      return dispatch.data.id;
    default:
      return dispatch.data.guildId;
  }
}

/** Discord has lost the guild for a while: everything stays as it was, and nobody has left. */
export function reduceOutage(state: GuildState): Reduction {
  if (state.guild === null || state.status === "outage") return NOTHING;
  return {
    changes: [statusChange(state, "outage")],
    happenings: [{ type: "guild.unavailable", data: { guild: state.guild } }],
  };
}

/** The bot is not in the guild any more: there is nothing left to know. */
function reduceGone(state: GuildState): Reduction {
  if (state.guild === null || state.status === "gone") return NOTHING;
  const cleared: Change[] = [
    ...[...state.occupants.keys()].map((userId): Change => ({ kind: "deleteOccupant", userId })),
    ...[...state.rooms.keys()].map((id): Change => ({ kind: "deleteRoom", id })),
    ...[...state.categories.keys()].map((id): Change => ({ kind: "deleteCategory", id })),
  ];
  return {
    changes: [...cleared, statusChange(state, "gone")],
    happenings: [{ type: "guild.removed", data: { guild: state.guild } }],
  };
}

function statusChange(state: GuildState, status: GuildStatus): Change {
  return { kind: "guild", status, guild: state.guild };
}
