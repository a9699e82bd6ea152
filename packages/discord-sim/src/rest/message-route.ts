import { GatewayIntent, isSnowflake, type Snowflake, snowflakeTimeMs } from "@guildwire/discord-wire";
import { withoutContent } from "../world/content.ts";
import { isoTime } from "../world/iso-time.ts";
import type { Message } from "../world/message.ts";
import { Permission } from "../world/permission.ts";
import { wireMessage } from "../world/wire-message.ts";
import { type Conversation, inConversation } from "./conversation.ts";
import { type Fields, integerRule, limitOf, problemsOf, readBody } from "./form.ts";
import { draftProblems, hasContent } from "./message-form.ts";
import { NO_CONTENT, type RestAnswer, success } from "./rest-answer.ts";
import type { RestContext } from "./rest-context.ts";
import { failure, invalidForm } from "./rest-error.ts";
import type { Call, Route } from "./route.ts";

const WRITE_BUCKET = { name: "messages", calls: 5, windowMs: 5000 };
const DELETE_BUCKET = { name: "message deletes", calls: 5, windowMs: 1000 };

/** Messages: written, read, changed and deleted. */
export const MESSAGE_ROUTES: readonly Route[] = [
  { method: "GET", path: "/channels/:channel/messages", answer: inConversation(listMessages) },
  {
    method: "POST",
    path: "/channels/:channel/messages",
    bucket: WRITE_BUCKET,
    answer: inConversation(createMessage),
  },
  {
    method: "POST",
    path: "/channels/:channel/messages/bulk-delete",
    bucket: { name: "bulk deletes", calls: 1, windowMs: 1000 },
    answer: inConversation(bulkDelete),
  },
  { method: "GET", path: "/channels/:channel/messages/:message", answer: inConversation(showMessage) },
  {
    method: "PATCH",
    path: "/channels/:channel/messages/:message",
    bucket: WRITE_BUCKET,
    answer: inConversation(editMessage),
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/:message",
    bucket: DELETE_BUCKET,
    answer: inConversation(deleteMessage),
  },
  { method: "POST", path: "/channels/:channel/typing", answer: inConversation(startTyping) },
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

/** How long `enforce_nonce` remembers: Discord says "the past few minutes". */
const NONCE_MEMORY_MS = 5 * 60_000;

function createMessage(conversation: Conversation, call: Call): RestAnswer {
  const { request, context } = call;
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  if (!conversation.hasChat) return failure("NotATextChannel");
  const problems = draftProblems(fields);
  if (problems.length > 0) return invalidForm(problems);
  if (!conversation.may(Permission.SendMessages)) return failure("MissingPermissions");
  if (!hasContent(fields)) return failure("EmptyMessage");
  const repeated = repeatedMessage(conversation, fields, context);
  if (repeated !== undefined) return success(shown(repeated, conversation, context));
  const answered = answeredMessage(conversation, fields);
  if (answered === "missing") {
    const message = "Unknown message";
    return invalidForm([{ field: "message_reference", code: "REPLIES_UNKNOWN_MESSAGE", message }]);
  }
  const { content, embeds, flags, nonce } = fields;
  const outcome = conversation.post({
    content: typeof content === "string" ? content : "",
    embeds: Array.isArray(embeds) ? embeds : [],
    flags: typeof flags === "number" ? flags : 0,
    nonce: typeof nonce === "string" || typeof nonce === "number" ? nonce : undefined,
    replyTo: answered,
  });
  const message = conversation.messages().at(-1);
  if (!outcome.ok || message === undefined) return failure("General");
  return success(shown(message, conversation, context));
}

/** With `enforce_nonce`, the message the bot has already sent under the same nonce. */
function repeatedMessage(
  conversation: Conversation,
  fields: Fields,
  { keeper, atMs }: RestContext,
): Message | undefined {
  const { nonce } = fields;
  if (fields["enforce_nonce"] !== true || nonce === undefined || nonce === null) return undefined;
  return conversation.messages().findLast((message) => {
    const isOwn = message.author.id === keeper.worlds.bot.id;
    return isOwn && message.nonce === nonce && message.sentAtMs > atMs - NONCE_MEMORY_MS;
  });
}

function answeredMessage(conversation: Conversation, fields: Fields): Message | undefined | "missing" {
  const reference = fields["message_reference"];
  if (typeof reference !== "object" || reference === null) return undefined;
  const { message_id: id, fail_if_not_exists: mustExist } = reference as Fields;
  const found = conversation.messages().find((message) => message.id === id);
  return found ?? (mustExist === false ? undefined : "missing");
}

/** The bot's own messages; of others it may change the flags, with MANAGE_MESSAGES. */
function editMessage(conversation: Conversation, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  return withMessage(conversation, call, (message) => {
    const isOwn = message.author.id === call.context.keeper.worlds.bot.id;
    const onlyFlags = Object.keys(fields).every((name) => name === "flags");
    if (!isOwn && !onlyFlags) return failure("NotTheAuthor");
    if (!isOwn && !conversation.may(Permission.ManageMessages)) return failure("MissingPermissions");
    const problems = draftProblems(fields);
    if (problems.length > 0) return invalidForm(problems);
    const edited = withFields(message, fields, onlyFlags ? message.editedAt : isoTime(call.context.atMs));
    if (edited.content === "" && edited.embeds.length === 0) return failure("EmptyMessage");
    conversation.exchange(edited);
    return success(shown(edited, conversation, call.context));
  });
}

function withFields(message: Message, fields: Fields, editedAt: string | null): Message {
  const { content, embeds, flags } = fields;
  return {
    ...message,
    content: content === undefined ? message.content : String(content ?? ""),
    embeds: embeds === undefined ? message.embeds : Array.isArray(embeds) ? embeds : [],
    flags: typeof flags === "number" ? flags : message.flags,
    editedAt,
  };
}

function deleteMessage(conversation: Conversation, call: Call): RestAnswer {
  return withMessage(conversation, call, (message) => {
    const isOwn = message.author.id === call.context.keeper.worlds.bot.id;
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

export function withMessage(
  conversation: Conversation,
  call: Call,
  answer: (message: Message) => RestAnswer,
): RestAnswer {
  const found = conversation.messages().find(({ id }) => id === call.parameters["message"]);
  return found === undefined ? failure("UnknownMessage") : answer(found);
}

/** As REST shows it: an application without MESSAGE_CONTENT gets it emptied here as well. */
function shown(message: Message, conversation: Conversation, context: RestContext): unknown {
  const botId = context.keeper.worlds.bot.id;
  const wire = wireMessage(message, botId);
  const mayRead = (context.gateway.settings.intentsAllowed & GatewayIntent.MessageContent) !== 0;
  return mayRead || conversation.isDirect ? wire : withoutContent(wire, botId);
}
