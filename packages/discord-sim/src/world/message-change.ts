import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused } from "./change.ts";
import type { MessageCommand } from "./command.ts";
import type { Dispatch } from "./dispatch.ts";
import { isoTime } from "./iso-time.ts";
import {
  CONTENT_CHARACTERS_MAX,
  type Draft,
  emojiOf,
  type Message,
  mentionedIds,
  messageIn,
  REACTIONS_MAX,
  reactionOf,
  withEdited,
  withMessage,
  withoutMessages,
  withReaction,
} from "./message.ts";
import { wireEmoji, wireMessageEvent } from "./wire-message.ts";
import { wireMember } from "./wire-people.ts";
import type { Channel, ChannelKind, Member, World } from "./world.ts";

/**
 * Messages in the channels of a server. Nothing is said of channels the bot may not view, and no permission is asked
 * for here: the script and the tests may have anybody write anywhere, while REST (rest/) holds the bot to its rights.
 */

const KINDS_WITH_CHAT: ReadonlySet<ChannelKind> = new Set(["text", "announcement", "voice", "stage"]);

type Command<Type> = Extract<MessageCommand, { type: Type }>;

export function sendMessage(world: World, command: Command<"sendMessage">, atMs: number): Change {
  const author = world.members.get(command.userId);
  if (author === undefined) return refused("userId", "is not a member");
  const { channelId, content, replyTo } = command;
  const answered = replyTo === undefined ? undefined : messageIn(world.messages, channelId, replyTo);
  if (replyTo !== undefined && answered === undefined) return refused("replyTo", "is not in the channel");
  if (content.length === 0) return refused("content", "is empty");
  return postMessage(
    world,
    { author, channelId, content, replyTo: answered, id: command.id, mentions: [] },
    atMs,
  );
}

/** What REST and `sendMessage` share; who is mentioned follows from the content and from what is answered. */
export function postMessage(world: World, draft: Draft, atMs: number): Change {
  const channel = world.channels.get(draft.channelId);
  if (channel === undefined) return refused("channelId", "does not exist");
  if (!hasChat(channel)) return refused("channelId", "has no chat");
  if (draft.content.length > CONTENT_CHARACTERS_MAX) {
    return refused("content", `is longer than ${CONTENT_CHARACTERS_MAX} characters`);
  }
  const mentions = mentionsOf(world, draft.content, draft.replyTo);
  const { logs, message } = withMessage(world.messages, { ...draft, mentions }, atMs);
  const next = { ...world, messages: logs };
  return changed(next, ...visibly(channel, { t: "MESSAGE_CREATE", d: event(next, channel, message) }));
}

export function hasChat(channel: Channel): boolean {
  return KINDS_WITH_CHAT.has(channel.kind);
}

export function editMessage(world: World, command: Command<"editMessage">, atMs: number): Change {
  const found = find(world, command);
  if (!found.ok) return found.refusal;
  const { channel, message } = found;
  const edited: Message = {
    ...message,
    content: command.content,
    mentions: mentionsOf(world, command.content, message.replyTo),
    editedAt: isoTime(atMs),
  };
  return exchangeMessage(world, channel, edited);
}

/** MESSAGE_UPDATE with the whole message. */
export function exchangeMessage(world: World, channel: Channel, edited: Message): Change {
  const next = { ...world, messages: withEdited(world.messages, edited) };
  return changed(next, ...visibly(channel, { t: "MESSAGE_UPDATE", d: event(next, channel, edited) }));
}

/** MESSAGE_DELETE for one, MESSAGE_DELETE_BULK for several; ids that are not there are passed over. */
export function deleteMessages(world: World, command: Command<"deleteMessages">): Change {
  const { channelId } = command;
  const channel = world.channels.get(channelId);
  if (channel === undefined) return refused("channelId", "does not exist");
  const ids = command.messageIds.filter((id) => messageIn(world.messages, channelId, id) !== undefined);
  const [first] = ids;
  if (first === undefined) return refused("messageIds", "are not in the channel");
  const next = { ...world, messages: withoutMessages(world.messages, channelId, new Set(ids)) };
  const where = { channel_id: channelId, guild_id: world.guild.id };
  const dispatch: Dispatch =
    ids.length === 1
      ? { t: "MESSAGE_DELETE", d: { id: first, ...where } }
      : { t: "MESSAGE_DELETE_BULK", d: { ids: [...ids], ...where } };
  return changed(next, ...visibly(channel, dispatch));
}

export function react(world: World, command: Command<"react">): Change {
  const found = find(world, command);
  if (!found.ok) return found.refusal;
  const member = world.members.get(command.userId);
  if (member === undefined) return refused("userId", "is not a member");
  const emoji = emojiOf(command.emoji);
  if (emoji === undefined) return refused("emoji", "is not an emoji");
  const { channel, message } = found;
  const present = reactionOf(message, emoji);
  if (present?.userIds.includes(member.id)) return changed(world);
  if (present === undefined && message.reactions.length >= REACTIONS_MAX) {
    return refused("emoji", `is the ${REACTIONS_MAX + 1}st of the message`);
  }
  const edited = withReaction(message, emoji, (userIds) => [...userIds, member.id]);
  return changed(
    { ...world, messages: withEdited(world.messages, edited) },
    ...visibly(channel, {
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
  const found = find(world, command);
  if (!found.ok) return found.refusal;
  const emoji = emojiOf(command.emoji);
  if (emoji === undefined) return refused("emoji", "is not an emoji");
  const { channel, message } = found;
  if (!reactionOf(message, emoji)?.userIds.includes(command.userId)) return changed(world);
  const edited = withReaction(message, emoji, (userIds) => userIds.filter((id) => id !== command.userId));
  return changed(
    { ...world, messages: withEdited(world.messages, edited) },
    ...visibly(channel, {
      t: "MESSAGE_REACTION_REMOVE",
      d: { ...reactionEvent(world, message, command.userId), emoji: wireEmoji(emoji) },
    }),
  );
}

export function clearReactions(world: World, command: Command<"clearReactions">): Change {
  const found = find(world, command);
  if (!found.ok) return found.refusal;
  const { channel, message } = found;
  const where = { channel_id: channel.id, message_id: message.id, guild_id: world.guild.id };
  if (command.emoji === undefined) {
    const bare: Message = { ...message, reactions: [] };
    const next = { ...world, messages: withEdited(world.messages, bare) };
    return changed(next, ...visibly(channel, { t: "MESSAGE_REACTION_REMOVE_ALL", d: where }));
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
    ...visibly(channel, { t: "MESSAGE_REACTION_REMOVE_EMOJI", d: { ...where, emoji: wireEmoji(emoji) } }),
  );
}

export function startTyping(world: World, command: Command<"startTyping">, atMs: number): Change {
  const channel = world.channels.get(command.channelId);
  const member = world.members.get(command.userId);
  if (member === undefined) return refused("userId", "is not a member");
  if (channel === undefined || !hasChat(channel)) return refused("channelId", "has no chat");
  return changed(
    world,
    ...visibly(channel, {
      t: "TYPING_START",
      d: {
        channel_id: channel.id,
        guild_id: world.guild.id,
        user_id: member.id,
        timestamp: Math.floor(atMs / 1000),
        member: wireMember(member),
      },
    }),
  );
}

type Found =
  | { readonly ok: true; readonly channel: Channel; readonly message: Message }
  | { readonly ok: false; readonly refusal: Change };

function find(world: World, place: { readonly channelId: Snowflake; readonly messageId: Snowflake }): Found {
  const channel = world.channels.get(place.channelId);
  if (channel === undefined) return { ok: false, refusal: refused("channelId", "does not exist") };
  const message = messageIn(world.messages, channel.id, place.messageId);
  if (message === undefined) return { ok: false, refusal: refused("messageId", "is not in the channel") };
  return { ok: true, channel, message };
}

function mentionsOf(world: World, content: string, replyTo: Message | undefined): readonly Member[] {
  const ids = new Set([...mentionedIds(content), ...(replyTo === undefined ? [] : [replyTo.author.id])]);
  return [...ids].flatMap((id) => world.members.get(id) ?? []);
}

function event(world: World, channel: Channel, message: Message): ReturnType<typeof wireMessageEvent> {
  return wireMessageEvent(message, world.bot.id, { world, kind: channel.kind });
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

/** What is said about a channel only when the bot may view it. */
function visibly(channel: Channel, dispatch: Dispatch): readonly Dispatch[] {
  return channel.hidden ? [] : [dispatch];
}
