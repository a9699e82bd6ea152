import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, visiblyAt } from "../change.ts";
import type { MessageCommand } from "../command.ts";
import { wireMember } from "../wire-people.ts";
import type { World } from "../world.ts";
import { emojiOf, type Message, REACTIONS_MAX, reactionOf, withEdited, withReaction } from "./message.ts";
import { findMessage } from "./message-change.ts";
import { wireEmoji } from "./wire-message.ts";

/** Reactions that are put on messages and taken away. */

type Command<Type> = Extract<MessageCommand, { type: Type }>;

export function react(world: World, command: Command<"react">): Change {
  const found = findMessage(world, command);
  if (!found.ok) return found.refusal;
  const member = world.members.get(command.userId);
  if (member === undefined) return refused("userId", "is not a member");
  const emoji = emojiOf(command.emoji);
  if (emoji === undefined) return refused("emoji", "is not an emoji");
  const { place, message } = found;
  const present = reactionOf(message, emoji);
  if (present?.userIds.includes(member.id)) return changed(world);
  if (present === undefined && message.reactions.length >= REACTIONS_MAX) {
    return refused("emoji", `is the ${REACTIONS_MAX + 1}st of the message`);
  }
  const edited = withReaction(message, emoji, (userIds) => [...userIds, member.id]);
  return changed(
    { ...world, messages: withEdited(world.messages, edited) },
    ...visiblyAt(world, place, {
      t: "MESSAGE_REACTION_ADD",
      d: {
        ...reactionEvent(world, message, member.id),
        emoji: wireEmoji(emoji),
        member: wireMember(member),
        message_author_id: message.author.id,
      },
    }),
  );
}

export function unreact(world: World, command: Command<"unreact">): Change {
  const found = findMessage(world, command);
  if (!found.ok) return found.refusal;
  const emoji = emojiOf(command.emoji);
  if (emoji === undefined) return refused("emoji", "is not an emoji");
  const { place, message } = found;
  if (!reactionOf(message, emoji)?.userIds.includes(command.userId)) return changed(world);
  const edited = withReaction(message, emoji, (userIds) => userIds.filter((id) => id !== command.userId));
  return changed(
    { ...world, messages: withEdited(world.messages, edited) },
    ...visiblyAt(world, place, {
      t: "MESSAGE_REACTION_REMOVE",
      d: { ...reactionEvent(world, message, command.userId), emoji: wireEmoji(emoji) },
    }),
  );
}

export function clearReactions(world: World, command: Command<"clearReactions">): Change {
  const found = findMessage(world, command);
  if (!found.ok) return found.refusal;
  const { place, message } = found;
  const where = { channel_id: place.id, message_id: message.id, guild_id: world.guild.id };
  if (command.emoji === undefined) {
    const bare: Message = { ...message, reactions: [] };
    const next = { ...world, messages: withEdited(world.messages, bare) };
    return changed(next, ...visiblyAt(world, place, { t: "MESSAGE_REACTION_REMOVE_ALL", d: where }));
  }
  const emoji = emojiOf(command.emoji);
  if (emoji === undefined) return refused("emoji", "is not an emoji");
  const next = {
    ...world,
    messages: withEdited(
      world.messages,
      withReaction(message, emoji, () => []),
    ),
  };
  return changed(
    next,
    ...visiblyAt(world, place, {
      t: "MESSAGE_REACTION_REMOVE_EMOJI",
      d: { ...where, emoji: wireEmoji(emoji) },
    }),
  );
}

/** What all events about one reaction say. */
function reactionEvent(
  world: World,
  message: Message,
  userId: Snowflake,
): {
  user_id: Snowflake;
  channel_id: Snowflake;
  message_id: Snowflake;
  guild_id: Snowflake;
  burst: false;
  type: 0;
} {
  return {
    user_id: userId,
    channel_id: message.channelId,
    message_id: message.id,
    guild_id: world.guild.id,
    burst: false,
    type: 0,
  };
}
