import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, visiblyAt } from "../change.ts";
import type { MessageCommand } from "../command.ts";
import type { Dispatch } from "../dispatch.ts";
import { isoTime } from "../iso-time.ts";
import { wireMember } from "../wire-people.ts";
import { type Place, placeOf, type World } from "../world.ts";
import { type AllowedMentions, mentionsIn } from "./mention.ts";
import {
  CONTENT_CHARACTERS_MAX,
  type Draft,
  type Message,
  type MessageMore,
  messageIn,
  withEdited,
  withMessage,
  withoutMessages,
} from "./message.ts";
import { draftOf } from "./sent-message.ts";
import { withAuthorIn } from "./thread-member.ts";
import { wireMessageEvent } from "./wire-message.ts";

/**
 * Messages in the channels and threads of a server. Nothing is sent about channels the bot may not view, and no
 * permission is asked for here: the script and the tests may have anybody write anywhere, while REST (rest/) holds the
 * bot to its rights.
 */

const KINDS_WITH_CHAT: ReadonlySet<Place["kind"]> = new Set([
  "text",
  "announcement",
  "voice",
  "stage",
  "publicThread",
  "privateThread",
  "announcementThread",
]);

type Command<Type> = Extract<MessageCommand, { type: Type }>;

export function sendMessage(world: World, command: Command<"sendMessage">, atMs: number): Change {
  const author = world.members.get(command.userId);
  if (author === undefined) return refused("userId", "is not a member");
  const { channelId, content, replyTo } = command;
  const answered = replyTo === undefined ? undefined : messageIn(world.messages, channelId, replyTo);
  if (replyTo !== undefined && answered === undefined) return refused("replyTo", "is not in the channel");
  const drafted = draftOf(world, command, atMs);
  if (!drafted.ok) return refused(drafted.field, drafted.problem);
  const { more } = drafted;
  if ((content ?? "") === "" && more === undefined) return refused("content", "is empty");
  const draft = {
    author,
    channelId,
    content: content ?? "",
    replyTo: answered,
    id: command.id,
    mentions: [],
  };
  const embeds = command.embeds ?? [];
  return postMessage(world, { ...draft, embeds, ...(more === undefined ? {} : { more }) }, atMs);
}

/** What REST and `sendMessage` share; who is mentioned follows from the content and from what is answered. */
export function postMessage(world: World, draft: Draft, atMs: number, allowed?: AllowedMentions): Change {
  const place = placeOf(world, draft.channelId);
  if (place === undefined) return refused("channelId", "does not exist");
  if (!hasChat(place)) return refused("channelId", "has no chat");
  if (draft.content.length > CONTENT_CHARACTERS_MAX) {
    return refused("content", `is longer than ${CONTENT_CHARACTERS_MAX} characters`);
  }
  const entered =
    place.thread === undefined ? undefined : withAuthorIn(world, place.thread, draft.author, atMs);
  const before = entered?.world ?? world;
  const text = textsOf(draft.content, draft.more);
  const { mentions, ...many } = mentionsIn(before, place.channel, draft.author, text, draft.replyTo, allowed);
  const more = withMentions(draft.more, many);
  const { logs, message } = withMessage(before.messages, { ...draft, mentions, more }, atMs);
  const next = { ...before, messages: logs };
  const created: Dispatch = { t: "MESSAGE_CREATE", d: messageEvent(next, place, message) };
  return changed(next, ...visiblyAt(next, place, ...(entered?.dispatches ?? []), created));
}

export function hasChat(place: Pick<Place, "kind">): boolean {
  return KINDS_WITH_CHAT.has(place.kind);
}

export function editMessage(world: World, command: Command<"editMessage">, atMs: number): Change {
  const found = findMessage(world, command);
  if (!found.ok) return found.refusal;
  const { place, message } = found;
  return exchangeMessage(world, place, {
    ...withNewMentions(world, place, { ...message, content: command.content }),
    editedAt: isoTime(atMs),
  });
}

/** An edited message pings whom its text names now; an edit notifies nobody of it. */
export function withNewMentions(
  world: World,
  place: Place,
  message: Message,
  allowed?: AllowedMentions,
): Message {
  const text = textsOf(message.content, message.more);
  const { mentions, ...many } = mentionsIn(
    world,
    place.channel,
    message.author,
    text,
    message.replyTo,
    allowed,
  );
  return { ...message, mentions, more: withMentions(message.more, many) };
}

/** MESSAGE_UPDATE with the whole message. */
export function exchangeMessage(world: World, place: Place, edited: Message): Change {
  const next = { ...world, messages: withEdited(world.messages, edited) };
  return changed(
    next,
    ...visiblyAt(next, place, { t: "MESSAGE_UPDATE", d: messageEvent(next, place, edited) }),
  );
}

/** MESSAGE_DELETE for one, MESSAGE_DELETE_BULK for several; ids that are not there are passed over. */
export function deleteMessages(world: World, command: Command<"deleteMessages">): Change {
  const { channelId } = command;
  const place = placeOf(world, channelId);
  if (place === undefined) return refused("channelId", "does not exist");
  const ids = command.messageIds.filter((id) => messageIn(world.messages, channelId, id) !== undefined);
  const [first] = ids;
  if (first === undefined) return refused("messageIds", "are not in the channel");
  const next = { ...world, messages: withoutMessages(world.messages, channelId, new Set(ids)) };
  const where = { channel_id: channelId, guild_id: world.guild.id };
  const dispatch: Dispatch =
    ids.length === 1
      ? { t: "MESSAGE_DELETE", d: { id: first, ...where } }
      : { t: "MESSAGE_DELETE_BULK", d: { ids: [...ids], ...where } };
  return changed(next, ...visiblyAt(next, place, dispatch));
}

export function startTyping(world: World, command: Command<"startTyping">, atMs: number): Change {
  const place = placeOf(world, command.channelId);
  const member = world.members.get(command.userId);
  if (member === undefined) return refused("userId", "is not a member");
  if (place === undefined || !hasChat(place)) return refused("channelId", "has no chat");
  return changed(
    world,
    ...visiblyAt(world, place, {
      t: "TYPING_START",
      d: {
        channel_id: place.id,
        guild_id: world.guild.id,
        user_id: member.id,
        timestamp: Math.floor(atMs / 1000),
        member: wireMember(member),
      },
    }),
  );
}

type Found =
  | { readonly ok: true; readonly place: Place; readonly message: Message }
  | { readonly ok: false; readonly refusal: Change };

export function findMessage(
  world: World,
  where: { readonly channelId: Snowflake; readonly messageId: Snowflake },
): Found {
  const place = placeOf(world, where.channelId);
  if (place === undefined) return { ok: false, refusal: refused("channelId", "does not exist") };
  const message = messageIn(world.messages, place.id, where.messageId);
  if (message === undefined) return { ok: false, refusal: refused("messageId", "is not in the channel") };
  return { ok: true, place, message };
}

export function messageEvent(
  world: World,
  place: Place,
  message: Message,
): ReturnType<typeof wireMessageEvent> {
  return wireMessageEvent(message, world.bot.id, { world, kind: place.kind });
}

function withMentions(
  more: MessageMore | undefined,
  many: Required<Pick<MessageMore, "mentionRoles" | "mentionEveryone">>,
): MessageMore | undefined {
  const isPlain = many.mentionRoles.length === 0 && !many.mentionEveryone;
  return isPlain && more === undefined ? undefined : { ...more, ...many };
}

/** What a message's text displays (Components V2) name is pinged as well. */
function textsOf(content: string, more: MessageMore | undefined): string {
  const { components } = more ?? {};
  if (components === undefined || components.length === 0) return content;
  return [content, ...displayedTexts(components)].join("\n");
}

const TEXT_DISPLAY = 10;

function displayedTexts(components: readonly unknown[]): readonly string[] {
  return components.flatMap((component): readonly string[] => {
    if (typeof component !== "object" || component === null) return [];
    const { type, content, components: inner } = component as Readonly<Record<string, unknown>>;
    const own = type === TEXT_DISPLAY && typeof content === "string" ? [content] : [];
    return Array.isArray(inner) ? [...own, ...displayedTexts(inner)] : own;
  });
}
