import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";
import { type Interaction, InteractionType } from "../../application/interaction.ts";
import type { AllowedMentions } from "../../world/chat/mention.ts";
import type { Message, MessageMore } from "../../world/chat/message.ts";
import { wireMessage } from "../../world/chat/wire-message.ts";
import { isoTime } from "../../world/iso-time.ts";
import { wireUser } from "../../world/wire-people.ts";
import { placeOf } from "../../world/world.ts";
import {
  type Conversation,
  directConversation,
  guildConversation,
  type NewMessage,
} from "../message/conversation.ts";
import { MessageFlag } from "../message/message-form.ts";
import type { Call } from "../route.ts";

/** Messages that answer interactions: in the channel, or seen by the person alone. */

const COMMAND_USED = 20;
const CONTEXT_COMMAND_USED = 23;

/** The channel of the interaction, whether the bot may view it or not. `undefined` when it is gone. */
export function placeOfInteraction(interaction: Interaction, call: Call): Conversation | undefined {
  const { application, guildId, channelId } = interaction;
  const seat = call.context.keeper.seatOf(application.bot.id);
  if (guildId === null) {
    const channel = seat.directs.channels.get(channelId);
    return channel && directConversation(seat, channel);
  }
  const world = seat.worlds.worldOf(guildId);
  const place = world && placeOf(world, channelId);
  return world && place && guildConversation(seat, world, place);
}

export function postAs(
  interaction: Interaction,
  draft: NewMessage,
  isEphemeral: boolean,
  call: Call,
  isFollowUp = false,
): Message | undefined {
  const conversation = placeOfInteraction(interaction, call);
  if (conversation === undefined) return undefined;
  const more: MessageMore = { ...draft.more, ...marksOf(interaction, isFollowUp, call) };
  const replyTo =
    interaction.type === InteractionType.Component && !interaction.isMessageEphemeral
      ? interaction.message
      : undefined;
  if (!isEphemeral) {
    const posted = conversation.post({ ...draft, more, replyTo });
    return posted.ok ? posted.message : undefined;
  }
  const { context } = call;
  const { allowed: _nobodyElse, ...given } = draft;
  const id = snowflakeAt(Math.floor(context.atMs), (11 << 12) + interaction.ephemerals.size);
  const message: Message = {
    embeds: [],
    ...given,
    id,
    nonce: undefined,
    channelId: interaction.channelId,
    author: context.keeper.seatOf(interaction.application.bot.id).botMember(),
    sentAt: isoTime(context.atMs),
    sentAtMs: context.atMs,
    editedAt: null,
    flags: (draft.flags ?? 0) | MessageFlag.Ephemeral,
    replyTo,
    mentions: [],
    reactions: [],
    more,
  };
  interaction.ephemerals.set(id, message);
  return message;
}

/** What tells a message from others: whose it is, and what it answers. */
function marksOf(interaction: Interaction, isFollowUp: boolean, call: Call): MessageMore {
  const { application, type, payload, userId, message } = interaction;
  const data = (payload["data"] ?? {}) as Readonly<Record<string, unknown>>;
  const person = call.context.keeper.worlds.memberAnywhere(userId);
  const isCommand = type === InteractionType.Command;
  return {
    ...(isCommand && !isFollowUp ? { type: data["type"] === 1 ? COMMAND_USED : CONTEXT_COMMAND_USED } : {}),
    webhookId: application.bot.id,
    applicationId: application.bot.id,
    interaction: {
      id: interaction.id,
      type,
      ...(isCommand ? { name: data["name"], command_type: data["type"] } : {}),
      ...(person === undefined ? {} : { user: wireUser(person) }),
      authorizing_integration_owners: payload["authorizing_integration_owners"],
      ...(message === undefined ? {} : { interacted_message_id: message.id }),
    },
  };
}

/** Puts an edited message in the place of the one before; false when that is gone. */
export function exchangeIn(
  interaction: Interaction,
  edited: Message,
  allowed: AllowedMentions | undefined,
  call: Call,
): boolean {
  const holder = holderOf(interaction, edited.id, call);
  if (holder !== undefined) {
    holder.ephemerals.set(edited.id, edited);
    return true;
  }
  const conversation = placeOfInteraction(interaction, call);
  if (conversation === undefined || !conversation.messages().some(({ id }) => id === edited.id)) return false;
  return conversation.exchange(edited, allowed).ok;
}

/** The interaction that holds a message only the person sees: this one, or the one whose button was pressed. */
export function holderOf(interaction: Interaction, id: Snowflake, call: Call): Interaction | undefined {
  if (interaction.ephemerals.has(id)) return interaction;
  return call.context.desk.ephemeral(interaction.userId, id)?.interaction;
}

export function messageIn(
  interaction: Interaction,
  id: Snowflake | undefined,
  call: Call,
): Message | undefined {
  if (id === undefined) return undefined;
  const own = holderOf(interaction, id, call)?.ephemerals.get(id);
  return (
    own ??
    placeOfInteraction(interaction, call)
      ?.messages()
      .find((message) => message.id === id)
  );
}

export function shownIn(interaction: Interaction, id: Snowflake | undefined, call: Call): unknown {
  const message = messageIn(interaction, id, call);
  return message && wireMessage(message, interaction.application.bot.id);
}
