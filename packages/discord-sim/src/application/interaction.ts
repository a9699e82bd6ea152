import type { Snowflake } from "@guildwire/discord-wire";
import type { Message } from "../world/chat/message.ts";
import type { Application } from "./applications.ts";

/** One use of a command, component or form by somebody. Source: https://discord.com/developers/docs/interactions */
export interface Interaction {
  readonly id: Snowflake;
  readonly token: string;
  readonly application: Application;
  readonly type: InteractionType;
  /** `null` in private. */
  readonly guildId: Snowflake | null;
  readonly channelId: Snowflake;
  readonly userId: Snowflake;
  readonly createdAtMs: number;
  /** As the bot was told of it. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The message whose component was used, also by the form that it opened. */
  readonly message: Message | undefined;
  /** Whether that message is seen by the person alone; then it is kept here and in no channel. */
  readonly isMessageEphemeral: boolean;
  answer: InteractionAnswer | undefined;
  /** Messages only the person sees, by id. */
  readonly ephemerals: Map<Snowflake, Message>;
  /** In order. */
  readonly followUps: Snowflake[];
}

export const InteractionType = { Command: 2, Component: 3, Autocomplete: 4, ModalSubmit: 5 } as const;
export type InteractionType = (typeof InteractionType)[keyof typeof InteractionType];

export interface InteractionAnswer {
  /** Callback type. */
  readonly type: number;
  readonly atMs: number;
  readonly isEphemeral: boolean;
  /** The message `@original` means; a deletion takes it away. */
  messageId: Snowflake | undefined;
  /** "Thinking": the message is still to be written. */
  isLoading: boolean;
  /** What a form or the choices of an autocompletion are made of. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

export const CallbackType = {
  Message: 4,
  DeferredMessage: 5,
  DeferredUpdate: 6,
  UpdateMessage: 7,
  Choices: 8,
  Modal: 9,
  LaunchActivity: 12,
} as const;

/** How long the first answer may take, and how long a token lives. */
export const ANSWER_MS_MAX = 3000;
export const TOKEN_LIFETIME_MS = 15 * 60_000;

const {
  Message: M,
  DeferredMessage,
  DeferredUpdate,
  UpdateMessage,
  Choices,
  Modal,
  LaunchActivity,
} = CallbackType;

/** Which callbacks answer what. A form that was opened from a message may change that message. */
export function allowedCallbacks(interaction: Interaction): readonly number[] {
  switch (interaction.type) {
    case InteractionType.Command:
      return [M, DeferredMessage, Modal, LaunchActivity];
    case InteractionType.Component:
      return [M, DeferredMessage, DeferredUpdate, UpdateMessage, Modal, LaunchActivity];
    case InteractionType.Autocomplete:
      return [Choices];
    case InteractionType.ModalSubmit:
      return interaction.message === undefined
        ? [M, DeferredMessage, LaunchActivity]
        : [M, DeferredMessage, DeferredUpdate, UpdateMessage, LaunchActivity];
  }
}

/** What `/control/interactions` tells. */
export interface InteractionReport {
  readonly id: Snowflake;
  readonly applicationId: Snowflake;
  readonly type: InteractionType;
  readonly guildId: Snowflake | null;
  readonly channelId: Snowflake;
  readonly userId: Snowflake;
  /** Command name or custom id. */
  readonly name: string;
  readonly state: "waiting" | "answered" | "expired";
  readonly callbackType: number | null;
  readonly answeredAfterMs: number | null;
  readonly isEphemeral: boolean;
  /** What the person sees now: the first answer and follow-ups, in Discord's own form. */
  readonly messages: readonly unknown[];
  /** Choices of an autocompletion, or the form that was opened. */
  readonly data: unknown;
}
