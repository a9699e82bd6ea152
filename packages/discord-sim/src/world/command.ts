import type { Snowflake } from "@guildwire/discord-wire";
import type { ChannelKind, PresenceStatus } from "./world.ts";

/**
 * Everything that can happen to the simulated server, as data: the script of life, tests and the control port all
 * speak in these. What each makes Discord say is in apply.ts.
 */
export type WorldCommand =
  | VoiceCommand
  | ChannelCommand
  | MemberCommand
  | RoleCommand
  | MessageCommand
  | StageCommand
  | { readonly type: "renameGuild"; readonly name: string }
  /** An outage begins: the bot hears GUILD_DELETE `unavailable`, then nothing until the outage ends. */
  | { readonly type: "guildUnavailable" }
  /** The outage ends, or the bot is added again: GUILD_CREATE with everything as it is by now. */
  | { readonly type: "guildAvailable" }
  /** The bot is thrown out of the server. */
  | { readonly type: "removeBot" };

export type VoiceCommand =
  | ({ readonly type: "join"; readonly userId: Snowflake; readonly channelId: Snowflake } & SelfFlags)
  | { readonly type: "leave"; readonly userId: Snowflake }
  | { readonly type: "move"; readonly userId: Snowflake; readonly channelId: Snowflake }
  /** Only the flags named are changed. `suppress` and `handRaised` need a stage. */
  | ({ readonly type: "setVoiceFlags"; readonly userId: Snowflake } & VoiceFlags)
  /** The status line of a voice channel; `null` clears it. */
  | { readonly type: "setVoiceStatus"; readonly channelId: Snowflake; readonly status: string | null };

interface SelfFlags {
  readonly selfMute?: boolean;
  readonly selfDeaf?: boolean;
}

export interface VoiceFlags extends SelfFlags {
  readonly stream?: boolean;
  readonly video?: boolean;
  readonly mute?: boolean;
  readonly deaf?: boolean;
  readonly suppress?: boolean;
  readonly handRaised?: boolean;
}

export type ChannelCommand =
  | ({
      readonly type: "createChannel";
      readonly kind: ChannelKind;
      readonly name: string;
      /** Without it, the next free id of the seed. */
      readonly id?: Snowflake;
    } & ChannelPlace)
  | ({ readonly type: "updateChannel"; readonly channelId: Snowflake; readonly name?: string } & ChannelPlace)
  | { readonly type: "deleteChannel"; readonly channelId: Snowflake };

interface ChannelPlace {
  readonly position?: number;
  readonly parentId?: Snowflake | null;
  readonly userLimit?: number;
  /** The bot may not view the channel: Discord sends it obfuscated. */
  readonly hidden?: boolean;
}

export type MemberCommand =
  | {
      readonly type: "addMember";
      readonly name: string;
      readonly id?: Snowflake;
      readonly bot?: boolean;
    }
  /** `nick: null` takes the nickname away, so that the account's own name shows. */
  | { readonly type: "renameMember"; readonly userId: Snowflake; readonly nick: string | null }
  | { readonly type: "removeMember"; readonly userId: Snowflake };

export type RoleCommand =
  | {
      readonly type: "createRole";
      readonly name: string;
      /** Bit field in a decimal string, as on the wire; without it, "0". */
      readonly permissions?: string;
      readonly id?: Snowflake;
    }
  | {
      readonly type: "updateRole";
      readonly roleId: Snowflake;
      readonly name?: string;
      readonly permissions?: string;
    }
  | { readonly type: "deleteRole"; readonly roleId: Snowflake }
  | { readonly type: "setMemberRoles"; readonly userId: Snowflake; readonly roleIds: readonly Snowflake[] }
  /** Two empty bit fields take the overwrite away. Viewing is the channel's `hidden` and is refused here. */
  | {
      readonly type: "setOverwrite";
      readonly channelId: Snowflake;
      readonly targetId: Snowflake;
      readonly allow: string;
      readonly deny: string;
    };

/** Messages of the server. In all of them `userId` is who does it. */
export type MessageCommand =
  | {
      readonly type: "sendMessage";
      readonly userId: Snowflake;
      readonly channelId: Snowflake;
      readonly content: string;
      /** A message of the same channel that this one answers (and pings the author of). */
      readonly replyTo?: Snowflake;
      readonly id?: Snowflake;
    }
  | {
      readonly type: "editMessage";
      readonly channelId: Snowflake;
      readonly messageId: Snowflake;
      readonly content: string;
    }
  | {
      readonly type: "deleteMessages";
      readonly channelId: Snowflake;
      /** Two or more go in one MESSAGE_DELETE_BULK. */
      readonly messageIds: readonly Snowflake[];
    }
  /** `emoji` is a Unicode one, or `name:id`. */
  | ({ readonly type: "react" } & ReactionPlace)
  | ({ readonly type: "unreact" } & ReactionPlace)
  /** Takes away all reactions, or all of one emoji. */
  | {
      readonly type: "clearReactions";
      readonly channelId: Snowflake;
      readonly messageId: Snowflake;
      readonly emoji?: string;
    }
  | { readonly type: "startTyping"; readonly userId: Snowflake; readonly channelId: Snowflake }
  | {
      readonly type: "setPresence";
      readonly userId: Snowflake;
      readonly status: PresenceStatus;
      readonly playing?: string | null;
    };

interface ReactionPlace {
  readonly userId: Snowflake;
  readonly channelId: Snowflake;
  readonly messageId: Snowflake;
  readonly emoji: string;
}

export type StageCommand =
  /** Opens a stage, or changes its topic. */
  | { readonly type: "setStageTopic"; readonly channelId: Snowflake; readonly topic: string }
  | { readonly type: "endStage"; readonly channelId: Snowflake };

/** What goes on between a person and the bot in private, outside of every server. */
export type DirectCommand =
  | { readonly type: "sendDirectMessage"; readonly userId: Snowflake; readonly content: string }
  | { readonly type: "startDirectTyping"; readonly userId: Snowflake };

/** All that `sim.command` and the control port take. */
export type SimCommand = WorldCommand | DirectCommand;
