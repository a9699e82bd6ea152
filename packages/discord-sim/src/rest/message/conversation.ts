import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import {
  type DirectChannel,
  deleteDirect,
  exchangeDirect,
  postDirect,
  reactInDirect,
} from "../../world/chat/direct.ts";
import type { AllowedMentions } from "../../world/chat/mention.ts";
import type { Draft, Emoji, Message } from "../../world/chat/message.ts";
import {
  deleteMessages,
  exchangeMessage,
  hasChat,
  postMessage,
  withNewMentions,
} from "../../world/chat/message-change.ts";
import { clearReactions, react, unreact } from "../../world/chat/reaction-change.ts";
import { isPlaceVisible, Permission, permissionsAt } from "../../world/permission.ts";
import { type Member, type Place, placeOf, type World } from "../../world/world.ts";
import type { BotSeat, Outcome } from "../../world-keeper.ts";
import type { RestAnswer } from "../rest-answer.ts";
import { failure } from "../rest-error.ts";
import type { Call } from "../route.ts";

/** A place with messages, in a server or in private: what the message routes do, they do to one of these. */
export interface Conversation {
  readonly channelId: Snowflake;
  readonly isDirect: boolean;
  readonly hasChat: boolean;
  /** Of a server: the server and the place, as they were when the call came. */
  readonly guild: { readonly world: World; readonly place: Place } | undefined;
  messages(): readonly Message[];
  /** Whether the bot has all of these permissions here. In private it has those that mean anything. */
  may(permission: bigint): boolean;
  /** `author` is the bot unless given. */
  post(draft: NewMessage, author?: Member): Posted;
  /** `mentions` are read anew from the text, by these rules. */
  exchange(message: Message, allowed?: AllowedMentions): Outcome;
  remove(ids: readonly Snowflake[]): Outcome;
  /** The bot's own reaction, put on or taken away. */
  react(message: Message, emoji: Emoji, text: string, isOn: boolean): Outcome;
  /** Somebody's reaction, all of an emoji, or all. */
  unreact(message: Message, userId: Snowflake, text: string): Outcome;
  clear(message: Message, text: string | undefined): Outcome;
}

export type NewMessage = Omit<Draft, "channelId" | "author" | "mentions"> & {
  readonly allowed?: AllowedMentions;
};

export type Posted = { readonly ok: true; readonly message: Message } | Extract<Outcome, { ok: false }>;

/** Finds the conversation of the path: 10003 when there is none, 50001 when the bot may not view it. */
export function inConversation(answer: (conversation: Conversation, call: Call) => RestAnswer) {
  return (call: Call): RestAnswer => {
    const found = conversationOf(call.context.seat, call.parameters["channel"]);
    return found.ok ? answer(found.conversation, call) : found.answer;
  };
}

type Found =
  | { readonly ok: true; readonly conversation: Conversation }
  | { readonly ok: false; readonly answer: RestAnswer };

export function conversationOf(seat: BotSeat, id: string | undefined): Found {
  if (!isSnowflake(id)) return { ok: false, answer: failure("UnknownChannel") };
  const direct = seat.directs.channels.get(id);
  if (direct !== undefined) return { ok: true, conversation: directConversation(seat, direct) };
  const world = seat.worlds.guildOfChannel(id);
  const place = world && placeOf(world, id);
  if (world === undefined || place === undefined || world.guild.standing === "removed") {
    return { ok: false, answer: failure("UnknownChannel") };
  }
  if (!isPlaceVisible(world, place)) return { ok: false, answer: failure("MissingAccess") };
  return { ok: true, conversation: guildConversation(seat, world, place) };
}

/** The same without asking whether the bot may view it: answers to interactions and webhooks need no such right. */
export function guildConversation(seat: BotSeat, world: World, place: Place): Conversation {
  const guildId = world.guild.id;
  const channelId = place.id;
  const botId = world.bot.id;
  const permissions = permissionsAt(world, botId, place.channel);
  return {
    channelId,
    isDirect: false,
    hasChat: hasChat(place),
    guild: { world, place },
    messages: () => seat.worlds.worldOf(guildId)?.messages.get(channelId) ?? [],
    may: (permission) => {
      const needed = place.thread === undefined ? permission : inThreads(permission);
      return (permissions & needed) === needed;
    },
    post({ allowed, ...draft }, author) {
      const outcome = seat.change(guildId, (now, atMs) => {
        const by = author ?? now.members.get(botId) ?? seat.botMember();
        return postMessage(now, { ...draft, channelId, author: by, mentions: [] }, atMs, allowed);
      });
      return posted(outcome, seat.worlds.worldOf(guildId)?.messages.get(channelId));
    },
    exchange: (message, allowed) =>
      seat.change(guildId, (now) => {
        return exchangeMessage(now, place, withNewMentions(now, place, message, allowed));
      }),
    remove: (messageIds) =>
      seat.change(guildId, (now) => deleteMessages(now, { type: "deleteMessages", channelId, messageIds })),
    react: (message, _, emoji, isOn) =>
      seat.change(guildId, (now) => {
        const where = { userId: botId, channelId, messageId: message.id, emoji };
        return isOn ? react(now, { type: "react", ...where }) : unreact(now, { type: "unreact", ...where });
      }),
    unreact: (message, userId, emoji) =>
      seat.change(guildId, (now) =>
        unreact(now, { type: "unreact", userId, channelId, messageId: message.id, emoji }),
      ),
    clear: (message, emoji) =>
      seat.change(guildId, (now) =>
        clearReactions(now, {
          type: "clearReactions",
          channelId,
          messageId: message.id,
          ...(emoji === undefined ? {} : { emoji }),
        }),
      ),
  };
}

/** In threads, writing has a permission of its own. */
function inThreads(permission: bigint): bigint {
  const { SendMessages, SendMessagesInThreads } = Permission;
  return permission & SendMessages ? (permission & ~SendMessages) | SendMessagesInThreads : permission;
}

const MANAGING = Permission.ManageMessages | Permission.ManageChannels | Permission.PinMessages;

/** In private nobody manages anything: only what is one's own can be changed. */
export function directConversation(seat: BotSeat, channel: DirectChannel): Conversation {
  const bot = seat.botMember();
  const notHere: Outcome = { ok: false, field: "channelId", problem: "is private" };
  return {
    channelId: channel.id,
    isDirect: true,
    hasChat: true,
    guild: undefined,
    messages: () => seat.directs.messages.get(channel.id) ?? [],
    may: (permission) => (permission & MANAGING) === 0n,
    post({ allowed: _everybodyHere, ...draft }, author) {
      const outcome = seat.changeDirects((directs, atMs) =>
        postDirect(
          directs,
          { ...draft, channelId: channel.id, author: author ?? bot, mentions: [] },
          bot,
          atMs,
        ),
      );
      return posted(outcome, seat.directs.messages.get(channel.id));
    },
    exchange: (message) => seat.changeDirects((directs) => exchangeDirect(directs, message, bot)),
    remove: ([id]) =>
      seat.changeDirects((directs) => {
        const message = directs.messages.get(channel.id)?.find((candidate) => candidate.id === id);
        return message === undefined ? { ok: true, directs, dispatches: [] } : deleteDirect(directs, message);
      }),
    react: (message, emoji, _, isOn) =>
      seat.changeDirects((directs) => reactInDirect(directs, message, emoji, bot, isOn)),
    unreact: () => notHere,
    clear: () => notHere,
  };
}

function posted(outcome: Outcome, log: readonly Message[] | undefined): Posted {
  if (!outcome.ok) return outcome;
  const message = log?.at(-1);
  if (message === undefined) throw new Error("a message that was posted is in its channel");
  return { ok: true, message };
}
