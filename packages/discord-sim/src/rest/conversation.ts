import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import {
  type DirectChannel,
  deleteDirect,
  exchangeDirect,
  postDirect,
  reactInDirect,
} from "../world/direct.ts";
import type { Draft, Emoji, Message } from "../world/message.ts";
import {
  clearReactions,
  deleteMessages,
  exchangeMessage,
  hasChat,
  postMessage,
  react,
  unreact,
} from "../world/message-change.ts";
import { Permission, permissionsAt } from "../world/permission.ts";
import type { Channel, World } from "../world/world.ts";
import type { Outcome, WorldKeeper } from "../world-keeper.ts";
import type { RestAnswer } from "./rest-answer.ts";
import { failure } from "./rest-error.ts";
import type { Call } from "./route.ts";

/** A place with messages, in a server or in private: what the message routes do, they do to one of these. */
export interface Conversation {
  readonly channelId: Snowflake;
  readonly isDirect: boolean;
  readonly hasChat: boolean;
  messages(): readonly Message[];
  /** Whether the bot has all of these permissions here. In private it has those that mean anything. */
  may(permission: bigint): boolean;
  post(draft: Omit<Draft, "channelId" | "author" | "mentions">): Outcome;
  exchange(message: Message): Outcome;
  remove(ids: readonly Snowflake[]): Outcome;
  /** The bot's own reaction, put on or taken away. */
  react(message: Message, emoji: Emoji, text: string, isOn: boolean): Outcome;
  /** Somebody's reaction, all of an emoji, or all. */
  unreact(message: Message, userId: Snowflake, text: string): Outcome;
  clear(message: Message, text: string | undefined): Outcome;
}

/** Finds the conversation of the path: 10003 when there is none, 50001 when the bot may not view it. */
export function inConversation(answer: (conversation: Conversation, call: Call) => RestAnswer) {
  return (call: Call): RestAnswer => {
    const { keeper } = call.context;
    const id = call.parameters["channel"];
    if (!isSnowflake(id)) return failure("UnknownChannel");
    const direct = keeper.directs.channels.get(id);
    if (direct !== undefined) return answer(directConversation(keeper, direct), call);
    const world = keeper.worlds.guildOfChannel(id);
    const channel = world?.channels.get(id);
    if (world === undefined || channel === undefined || world.guild.standing === "removed") {
      return failure("UnknownChannel");
    }
    if (channel.hidden) return failure("MissingAccess");
    return answer(guildConversation(keeper, world, channel), call);
  };
}

function guildConversation(keeper: WorldKeeper, world: World, channel: Channel): Conversation {
  const guildId = world.guild.id;
  const channelId = channel.id;
  const botId = world.bot.id;
  const permissions = permissionsAt(world, botId, channel);
  return {
    channelId,
    isDirect: false,
    hasChat: hasChat(channel),
    messages: () => keeper.worlds.worldOf(guildId)?.messages.get(channelId) ?? [],
    may: (permission) => (permissions & permission) === permission,
    post: (draft) =>
      keeper.change(guildId, (now, atMs) => {
        const author = now.members.get(botId) ?? keeper.botMember();
        return postMessage(now, { ...draft, channelId, author, mentions: [] }, atMs);
      }),
    exchange: (message) => keeper.change(guildId, (now) => exchangeMessage(now, channel, message)),
    remove: (messageIds) =>
      keeper.change(guildId, (now) => deleteMessages(now, { type: "deleteMessages", channelId, messageIds })),
    react: (message, _, emoji, isOn) =>
      keeper.change(guildId, (now) => {
        const place = { userId: botId, channelId, messageId: message.id, emoji };
        return isOn ? react(now, { type: "react", ...place }) : unreact(now, { type: "unreact", ...place });
      }),
    unreact: (message, userId, emoji) =>
      keeper.change(guildId, (now) =>
        unreact(now, { type: "unreact", userId, channelId, messageId: message.id, emoji }),
      ),
    clear: (message, emoji) =>
      keeper.change(guildId, (now) =>
        clearReactions(now, {
          type: "clearReactions",
          channelId,
          messageId: message.id,
          ...(emoji === undefined ? {} : { emoji }),
        }),
      ),
  };
}

const MANAGING = Permission.ManageMessages | Permission.ManageChannels;

/** In private nobody manages anything: only what is one's own can be changed. */
function directConversation(keeper: WorldKeeper, channel: DirectChannel): Conversation {
  const bot = keeper.botMember();
  const notHere: Outcome = { ok: false, field: "channelId", problem: "is private" };
  return {
    channelId: channel.id,
    isDirect: true,
    hasChat: true,
    messages: () => keeper.directs.messages.get(channel.id) ?? [],
    may: (permission) => (permission & MANAGING) === 0n,
    post: (draft) =>
      keeper.changeDirects((directs, atMs) =>
        postDirect(directs, { ...draft, channelId: channel.id, author: bot, mentions: [] }, bot, atMs),
      ),
    exchange: (message) => keeper.changeDirects((directs) => exchangeDirect(directs, message, bot)),
    remove: ([id]) =>
      keeper.changeDirects((directs) => {
        const message = directs.messages.get(channel.id)?.find((candidate) => candidate.id === id);
        return message === undefined ? { ok: true, directs, dispatches: [] } : deleteDirect(directs, message);
      }),
    react: (message, emoji, _, isOn) =>
      keeper.changeDirects((directs) => reactInDirect(directs, message, emoji, bot, isOn)),
    unreact: () => notHere,
    clear: () => notHere,
  };
}
