import { isSnowflake, type Snowflake, snowflakeTimeMs } from "@guildwire/discord-wire";
import type { Message } from "../../world/chat/message.ts";
import { Permission } from "../../world/permission.ts";
import { integerRule, limitOf, listRule, problemsOf, readBody } from "../form.ts";
import type { Bucket } from "../rate-limit.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { type Conversation, inConversation } from "./conversation.ts";
import { createMessage } from "./message-create.ts";
import { editMessage } from "./message-edit.ts";
import { shown, withMessage } from "./shown-message.ts";

const WRITE_BUCKET = { name: "messages", calls: 5, windowMs: 5000 };
const EDIT_BUCKET = { name: "message edits", calls: 5, windowMs: 5000 };

/**
 * Deletions are counted in one of three buckets, by the age of the message: young ones, those of the last two weeks, and
 * older ones. So the route answers with several bucket hashes.
 */
function deleteBucket({ parameters, context }: Call): Bucket {
  const { message } = parameters;
  const ageMs = isSnowflake(message) ? context.atMs - snowflakeTimeMs(message) : 0;
  if (ageMs < 10_000) return { name: "message deletes, young", calls: 3, windowMs: 1000 };
  if (ageMs < BULK.ageMsMax) return { name: "message deletes", calls: 5, windowMs: 1000 };
  return { name: "message deletes, old", calls: 30, windowMs: 120_000 };
}

/** Messages: written, read, changed and deleted. */
export const MESSAGE_ROUTES: readonly Route[] = [
  {
    operation: "list_messages",
    method: "GET",
    path: "/channels/:channel/messages",
    answer: inConversation(listMessages),
  },
  {
    operation: "create_message",
    method: "POST",
    path: "/channels/:channel/messages",
    bucket: WRITE_BUCKET,
    answer: inConversation(createMessage),
  },
  {
    operation: "bulk_delete_messages",
    method: "POST",
    path: "/channels/:channel/messages/bulk-delete",
    bucket: { name: "bulk deletes", calls: 1, windowMs: 1000 },
    answer: inConversation(bulkDelete),
  },
  {
    operation: "get_message",
    method: "GET",
    path: "/channels/:channel/messages/:message",
    answer: inConversation(showMessage),
  },
  {
    operation: "update_message",
    method: "PATCH",
    path: "/channels/:channel/messages/:message",
    bucket: EDIT_BUCKET,
    answer: inConversation(editMessage),
  },
  {
    operation: "delete_message",
    method: "DELETE",
    path: "/channels/:channel/messages/:message",
    bucket: deleteBucket,
    answer: inConversation(deleteMessage),
  },
  {
    operation: "crosspost_message",
    method: "POST",
    path: "/channels/:channel/messages/:message/crosspost",
    answer: inConversation(crosspost),
  },
  {
    operation: "trigger_typing_indicator",
    method: "POST",
    path: "/channels/:channel/typing",
    answer: inConversation(startTyping),
  },
];

const MESSAGES_PER_PAGE = { most: 100, usual: 50 };

/** Newest first. Without READ_MESSAGE_HISTORY an empty list, and no error. */
function listMessages(conversation: Conversation, { request, context }: Call): RestAnswer {
  const page = limitOf(request.query, MESSAGES_PER_PAGE);
  if (!page.ok) return page.answer;
  if (!conversation.hasChat) return failure("WrongChannelType");
  if (!conversation.may(Permission.ReadMessageHistory)) return success([]);
  const chosen = pageOf(conversation.messages(), request.query, page.limit);
  return success(chosen.toReversed().map((message) => shown(message, conversation, context)));
}

/** Oldest first, as they are kept. */
function pageOf(messages: readonly Message[], query: URLSearchParams, limit: number): readonly Message[] {
  const [before, after, around] = ["before", "after", "around"].map((name) => {
    const id = query.get(name);
    return isSnowflake(id) ? BigInt(id) : undefined;
  });
  if (after !== undefined) return messages.filter(({ id }) => BigInt(id) > after).slice(0, limit);
  if (around !== undefined) {
    const half = Math.floor(limit / 2);
    const older = messages.filter(({ id }) => BigInt(id) < around).slice(-half || messages.length);
    const rest = messages
      .filter(({ id }) => BigInt(id) >= around)
      .slice(0, limit - Math.min(half, older.length));
    return [...(half === 0 ? [] : older), ...rest];
  }
  return (before === undefined ? messages : messages.filter(({ id }) => BigInt(id) < before)).slice(-limit);
}

function showMessage(conversation: Conversation, call: Call): RestAnswer {
  if (!conversation.may(Permission.ReadMessageHistory)) return failure("MissingAccess");
  return withMessage(conversation, call, (message) => success(shown(message, conversation, call.context)));
}

/** Announcements to the servers that follow the channel. */
function crosspost(conversation: Conversation, call: Call): RestAnswer {
  if (conversation.guild?.place.kind !== "announcement") return failure("WrongChannelType");
  return withMessage(conversation, call, (message) => {
    const isOwn = message.author.id === call.context.seat.bot.id;
    const needed = isOwn ? Permission.SendMessages : Permission.ManageMessages;
    if (!conversation.may(needed)) return failure("MissingPermissions");
    const crossposted = { ...message, flags: message.flags | 1 };
    conversation.exchange(crossposted);
    return success(shown(crossposted, conversation, call.context));
  });
}

function deleteMessage(conversation: Conversation, call: Call): RestAnswer {
  return withMessage(conversation, call, (message) => {
    const isOwn = message.author.id === call.context.seat.worlds.bot.id;
    if (!isOwn && conversation.isDirect) return failure("DirectOnly");
    if (!isOwn && !conversation.may(Permission.ManageMessages)) return failure("MissingPermissions");
    conversation.remove([message.id]);
    return NO_CONTENT;
  });
}

const BULK = { least: 2, most: 100, ageMsMax: 14 * 24 * 3_600_000 };

function bulkDelete(conversation: Conversation, { request, context }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  if (conversation.isDirect) return failure("DirectOnly");
  if (!conversation.may(Permission.ManageMessages)) return failure("MissingPermissions");
  const unknown = problemsOf(body.fields, { messages: listRule(1000) });
  if (unknown.length > 0) return invalidForm(unknown);
  const ids = body.fields["messages"];
  const unique = new Set(Array.isArray(ids) ? ids.filter(isSnowflake) : []);
  const problems = problemsOf({ messages: unique.size }, { messages: integerRule(BULK.least, BULK.most) });
  if (problems.length > 0) {
    const message = `Must be between ${BULK.least} and ${BULK.most} in length.`;
    return invalidForm([{ field: "messages", code: "BASE_TYPE_BAD_LENGTH", message }]);
  }
  const isOld = (id: Snowflake): boolean => snowflakeTimeMs(id) < context.atMs - BULK.ageMsMax;
  if ([...unique].some(isOld)) return failure("BulkDelete");
  conversation.remove([...unique]);
  return NO_CONTENT;
}

/** The bot's own typing comes back to nobody: a bot is not told of what it does here itself. */
function startTyping(conversation: Conversation): RestAnswer {
  if (!conversation.hasChat) return failure("NotATextChannel");
  return conversation.may(Permission.SendMessages) ? NO_CONTENT : failure("MissingPermissions");
}
