import type { Message } from "../../world/chat/message.ts";
import { isoTime } from "../../world/iso-time.ts";
import { Permission } from "../../world/permission.ts";
import { readBody } from "../form.ts";
import { spendHidden } from "../rate-limit.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import type { RestContext } from "../rest-context.ts";
import { failure, RestError, type RestErrorName } from "../rest-error.ts";
import type { Call } from "../route.ts";
import type { Conversation } from "./conversation.ts";
import { readEdit } from "./message-draft.ts";
import { shown, withMessage } from "./shown-message.ts";

/** Messages older than this can be edited only a few times, in a limit that no header tells of. */
const OLD_EDITS = { ageMsMin: 3_600_000, calls: 3, windowMs: 6000 };

/** The bot's own messages; of others it may change the flags, with MANAGE_MESSAGES. */
export function editMessage(conversation: Conversation, call: Call): RestAnswer {
  const { context } = call;
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields, files } = body;
  return withMessage(conversation, call, (message) => {
    const onlyFlags = files.length === 0 && Object.keys(fields).every((name) => name === "flags");
    const isOwn = message.author.id === context.seat.bot.id;
    const obstacle = obstacleTo(conversation, message, isOwn, onlyFlags);
    if (obstacle !== undefined) return failure(obstacle);
    const { channelId } = conversation;
    const place = { channelId, files: context.files, atMs: context.atMs };
    const editing = readEdit(message, fields, files, place);
    if (!editing.ok) return editing.answer;
    const limited = oldEditRefusal(message, context);
    if (limited !== undefined) return limited;
    const editedAt = onlyFlags ? message.editedAt : isoTime(context.atMs);
    conversation.exchange({ ...editing.message, editedAt }, editing.allowed);
    const edited = conversation.messages().find(({ id }) => id === message.id) ?? editing.message;
    return success(shown(edited, conversation, context));
  });
}

const SYSTEM_TYPES: readonly number[] = [6, 18, 46];

function obstacleTo(
  conversation: Conversation,
  message: Message,
  isOwn: boolean,
  onlyFlags: boolean,
): RestErrorName | undefined {
  if (!isOwn && !onlyFlags) return "NotTheAuthor";
  if (!isOwn && !conversation.may(Permission.ManageMessages)) return "MissingPermissions";
  if (message.more?.poll !== undefined && !onlyFlags) return "PollMessage";
  if (SYSTEM_TYPES.includes(message.more?.type ?? 0)) return "SystemMessage";
  return conversation.guild?.place.thread?.archived === true ? "ThreadArchived" : undefined;
}

/** 429 with code 30046 for edits of messages over an hour old: three in six seconds and channel. */
function oldEditRefusal(message: Message, { limits, atMs }: RestContext): RestAnswer | undefined {
  if (message.sentAtMs > atMs - OLD_EDITS.ageMsMin) return undefined;
  const bucket = { name: "edits of old messages", ...OLD_EDITS };
  const { refusal } = spendHidden(limits, bucket, message.channelId, atMs);
  if (refusal === undefined) return undefined;
  const { status, code, message: text } = RestError.TooManyOldEdits;
  const { retryAfterSeconds } = refusal;
  return {
    status,
    headers: { "retry-after": String(Math.ceil(retryAfterSeconds)), "x-ratelimit-scope": "user" },
    body: { message: text, code, retry_after: retryAfterSeconds, global: false },
  };
}
