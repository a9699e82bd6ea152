import type { Snowflake } from "@guildwire/discord-wire";
import type { ChannelKind } from "./world.ts";

/**
 * Everything that can happen to the simulated server, as data: the script of life, tests and the control port all
 * speak in these. What each makes Discord say is in apply.ts.
 */
export type WorldCommand =
  | VoiceCommand
  | ChannelCommand
  | MemberCommand
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
