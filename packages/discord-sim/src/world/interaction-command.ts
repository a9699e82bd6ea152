import type { Snowflake } from "@guildwire/discord-wire";

/**
 * What people do to applications. Without `channelId` they do it in private, with the bot. Without `applicationId` the
 * first application that has such a command is meant.
 */
export type InteractionCommand =
  | ({
      readonly type: "useCommand";
      /** Values by option name. Files, people, channels and roles are ids. */
      readonly options?: OptionValues;
      /** Subcommand, or group and subcommand with a blank between. */
      readonly subcommand?: string;
    } & CommandUse)
  /** Somebody types in an option: `focused` is its name, and its value is what they have typed so far. */
  | ({
      readonly type: "autocomplete";
      readonly focused: string;
      readonly options?: OptionValues;
      readonly subcommand?: string;
    } & CommandUse)
  | ({ readonly type: "useUserCommand"; readonly targetId: Snowflake } & CommandUse)
  | ({ readonly type: "useMessageCommand"; readonly messageId: Snowflake } & CommandUse)
  | ({ readonly type: "pressButton" } & ComponentUse)
  /** Values of a select: texts of its options, or ids. */
  | ({ readonly type: "select"; readonly values: readonly string[] } & ComponentUse)
  /** Sends off the form that answered an interaction. Values by custom id; a list for selects and checkboxes. */
  | {
      readonly type: "submitModal";
      readonly userId: Snowflake;
      readonly interactionId: Snowflake;
      readonly values?: Readonly<Record<string, string | readonly string[] | boolean>>;
    };

export type OptionValues = Readonly<Record<string, string | number | boolean>>;

interface CommandUse {
  readonly userId: Snowflake;
  readonly channelId?: Snowflake;
  readonly name: string;
  readonly applicationId?: Snowflake;
}

interface ComponentUse {
  readonly userId: Snowflake;
  readonly channelId?: Snowflake;
  readonly messageId: Snowflake;
  readonly customId: string;
}

export const INTERACTION_COMMANDS = [
  "useCommand",
  "autocomplete",
  "useUserCommand",
  "useMessageCommand",
  "pressButton",
  "select",
  "submitModal",
] as const;
