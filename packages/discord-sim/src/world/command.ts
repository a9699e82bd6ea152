import type { Snowflake } from "@guildwire/discord-wire";
import type { PollDraft } from "./chat/sent-message.ts";
import type { CommandPermission } from "./command-book.ts";
import type { InteractionCommand } from "./interaction-command.ts";
import type { ChannelKind, Details, PresenceStatus } from "./world.ts";

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
  | ThreadCommand
  | GuildCommand
  | { readonly type: "renameGuild"; readonly name: string }
  /** An outage begins: the bot hears GUILD_DELETE `unavailable`, then nothing until the outage ends. */
  | { readonly type: "guildUnavailable" }
  /** The outage ends, or the bot is added again: GUILD_CREATE with everything as it is by now. */
  | { readonly type: "guildAvailable" }
  /** The first bot is thrown out of the server, or another one. */
  | { readonly type: "removeBot"; readonly applicationId?: Snowflake };

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
  /** No bot may view the channel: Discord sends it obfuscated. */
  readonly hidden?: boolean;
  /** Topic, slow mode, age limit, tags and the like, in Discord's own names. */
  readonly details?: Details;
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
  /** `until` is ISO 8601; `null` ends the timeout. */
  | { readonly type: "timeOutMember"; readonly userId: Snowflake; readonly until: string | null }
  | { readonly type: "removeMember"; readonly userId: Snowflake };

export type RoleCommand =
  | {
      readonly type: "createRole";
      readonly name: string;
      /** Bit field in a decimal string, as on the wire; without it, "0". */
      readonly permissions?: string;
      readonly id?: Snowflake;
      /** Colour, `hoist`, `mentionable` and the like, in Discord's own names. */
      readonly details?: Details;
    }
  | {
      readonly type: "updateRole";
      readonly roleId: Snowflake;
      readonly name?: string;
      readonly permissions?: string;
      readonly position?: number;
      readonly details?: Details;
    }
  | { readonly type: "deleteRole"; readonly roleId: Snowflake }
  | { readonly type: "setMemberRoles"; readonly userId: Snowflake; readonly roleIds: readonly Snowflake[] }
  /** Two empty bit fields take the overwrite away. */
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
      /** A channel or a thread. */
      readonly channelId: Snowflake;
      /** May be left out beside one of the others. */
      readonly content?: string;
      /** A message of the same channel that this one answers (and pings the author of). */
      readonly replyTo?: Snowflake;
      readonly id?: Snowflake;
      /** In Discord's own form. */
      readonly embeds?: readonly Details[];
      readonly attachments?: readonly SentFile[];
      readonly stickerIds?: readonly Snowflake[];
      readonly poll?: PollDraft;
      /** A message of any channel of the server. */
      readonly forwards?: { readonly channelId: Snowflake; readonly messageId: Snowflake };
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
  /** Answers are numbered from 1. */
  | ({ readonly type: "vote"; readonly userId: Snowflake; readonly answer: number } & MessagePlace)
  | ({ readonly type: "unvote"; readonly userId: Snowflake; readonly answer: number } & MessagePlace)
  | ({ readonly type: "endPoll" } & MessagePlace)
  | ({ readonly type: "pin"; readonly userId: Snowflake } & MessagePlace)
  | ({ readonly type: "unpin" } & MessagePlace)
  | { readonly type: "startTyping"; readonly userId: Snowflake; readonly channelId: Snowflake }
  | {
      readonly type: "setPresence";
      readonly userId: Snowflake;
      readonly status: PresenceStatus;
      readonly playing?: string | null;
    };

interface MessagePlace {
  readonly channelId: Snowflake;
  readonly messageId: Snowflake;
}

export interface SentFile {
  readonly filename: string;
  readonly contentType?: string;
  readonly sizeBytes?: number;
  readonly description?: string;
}

interface ReactionPlace {
  readonly userId: Snowflake;
  readonly channelId: Snowflake;
  readonly messageId: Snowflake;
  readonly emoji: string;
}

export type ThreadCommand =
  | {
      readonly type: "createThread";
      readonly userId: Snowflake;
      readonly channelId: Snowflake;
      readonly name: string;
      /** The message it begins at. */
      readonly messageId?: Snowflake;
      readonly isPrivate?: boolean;
      /** The first message of a forum post. */
      readonly content?: string;
      readonly appliedTags?: readonly Snowflake[];
    }
  | {
      readonly type: "updateThread";
      readonly threadId: Snowflake;
      readonly name?: string;
      readonly archived?: boolean;
      readonly locked?: boolean;
      readonly invitable?: boolean;
      readonly autoArchiveMinutes?: number;
      readonly slowmodeSeconds?: number;
      readonly appliedTags?: readonly Snowflake[];
      readonly flags?: number;
    }
  | { readonly type: "deleteThread"; readonly threadId: Snowflake }
  | { readonly type: "joinThread"; readonly threadId: Snowflake; readonly userId: Snowflake }
  | { readonly type: "leaveThread"; readonly threadId: Snowflake; readonly userId: Snowflake };

/** What belongs to the server as a whole. */
export type GuildCommand =
  | { readonly type: "ban"; readonly userId: Snowflake; readonly reason?: string | null }
  | { readonly type: "unban"; readonly userId: Snowflake }
  | {
      readonly type: "createInvite";
      readonly userId: Snowflake;
      readonly channelId: Snowflake;
      readonly code?: string;
      readonly maxAgeSeconds?: number;
      readonly maxUses?: number;
      readonly temporary?: boolean;
    }
  | { readonly type: "deleteInvite"; readonly code: string }
  | ({
      readonly type: "createEvent";
      readonly userId: Snowflake;
      readonly name: string;
      readonly entityType: 1 | 2 | 3;
      readonly startsAt: string;
    } & EventFields)
  | ({
      readonly type: "updateEvent";
      readonly eventId: Snowflake;
      readonly name?: string;
      readonly entityType?: 1 | 2 | 3;
      readonly startsAt?: string;
      readonly status?: 1 | 2 | 3 | 4;
    } & EventFields)
  | { readonly type: "deleteEvent"; readonly eventId: Snowflake }
  /** Somebody is interested in an event, or no longer. */
  | { readonly type: "followEvent"; readonly eventId: Snowflake; readonly userId: Snowflake }
  | { readonly type: "unfollowEvent"; readonly eventId: Snowflake; readonly userId: Snowflake };

interface EventFields {
  readonly description?: string | null;
  readonly channelId?: Snowflake | null;
  readonly location?: string | null;
  readonly endsAt?: string | null;
  readonly details?: Details;
}

export type StageCommand =
  /** Opens a stage, or changes its topic. */
  | { readonly type: "setStageTopic"; readonly channelId: Snowflake; readonly topic: string }
  | { readonly type: "endStage"; readonly channelId: Snowflake };

/** What goes on between a person and the bot in private, outside of every server. */
export type DirectCommand =
  | ({ readonly type: "sendDirectMessage"; readonly content: string } & DirectPlace)
  | ({ readonly type: "startDirectTyping" } & DirectPlace);

interface DirectPlace {
  readonly userId: Snowflake;
  /** Whose bot is meant; without it, the first one. */
  readonly applicationId?: Snowflake;
}

/** What concerns the stand-in as a whole. */
export type StaffCommand =
  /** The first bot is added to a server that was not there before. */
  | { readonly type: "addGuild"; readonly id?: Snowflake; readonly name?: string }
  /** Another bot is added to a server; `permissions` is a bit field in a decimal string. */
  | { readonly type: "addBot"; readonly applicationId: Snowflake; readonly permissions?: string }
  /** Admins decide who may use a command in the server. */
  | {
      readonly type: "setCommandPermissions";
      readonly commandId: Snowflake;
      readonly permissions: readonly CommandPermission[];
    };

/** All that `sim.command` and the control port take. */
export type SimCommand = WorldCommand | DirectCommand | InteractionCommand | StaffCommand;
