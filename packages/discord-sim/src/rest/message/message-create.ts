import type { Message, MessageMore } from "../../world/chat/message.ts";
import { Permission } from "../../world/permission.ts";
import { refusalOf } from "../access.ts";
import { type Fields, readBody } from "../form.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import type { RestContext } from "../rest-context.ts";
import { failure, invalidForm, RestError } from "../rest-error.ts";
import type { Call } from "../route.ts";
import { type Conversation, conversationOf } from "./conversation.ts";
import { readDraft } from "./message-draft.ts";
import { isObject, MessageFlag } from "./message-form.ts";
import { shown } from "./shown-message.ts";

/** `POST …/messages`: what is checked, in Discord's order, and then sent. */
export function createMessage(conversation: Conversation, call: Call): RestAnswer {
  const { request, context } = call;
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { fields, files } = body;
  if (!conversation.hasChat) return failure("NotATextChannel");
  const { channelId } = conversation;
  const drafting = readDraft(fields, files, "create", {
    channelId,
    files: context.files,
    atMs: context.atMs,
  });
  if (!drafting.ok && !isEmptiness(drafting.answer)) return drafting.answer;
  if (!conversation.may(neededFor(fields, files.length))) return failure("MissingPermissions");
  if (!drafting.ok) return drafting.answer;
  if (conversation.guild?.place.thread?.locked === true && !conversation.may(Permission.ManageThreads)) {
    return failure("ThreadLocked");
  }
  const repeated = repeatedMessage(conversation, fields, context);
  if (repeated === "deleted") return failure("UnknownMessage");
  if (repeated !== undefined) return success(shown(repeated, conversation, context));
  const referred = referredTo(conversation, fields, call);
  if (!referred.ok) return referred.answer;
  const { replyTo, forward } = referred;
  const more = forward === undefined ? drafting.draft.more : { ...drafting.draft.more, ...forward };
  const flags = (drafting.draft.flags ?? 0) | (forward === undefined ? 0 : MessageFlag.HasSnapshot);
  const posted = conversation.post({
    ...drafting.draft,
    replyTo,
    flags,
    ...(more === undefined ? {} : { more }),
  });
  if (!posted.ok) return refusalOf(posted) ?? failure("General");
  const { seat, atMs, nonces } = context;
  nonces.remember(seat.bot.id, channelId, fields["nonce"], posted.message.id, atMs);
  return success(shown(posted.message, conversation, context));
}

/** Whether a message was refused for being empty, which Discord looks at after permissions. */
function isEmptiness(answer: RestAnswer): boolean {
  return (answer.body as { code?: number } | undefined)?.code === RestError.EmptyMessage.code;
}

function neededFor(fields: Fields, files: number): bigint {
  const { SendMessages, AttachFiles, SendPolls, SendTtsMessages, ReadMessageHistory } = Permission;
  return (
    SendMessages |
    (files > 0 ? AttachFiles : 0n) |
    (isObject(fields["poll"]) ? SendPolls : 0n) |
    (fields["tts"] === true ? SendTtsMessages : 0n) |
    (isObject(fields["message_reference"]) ? ReadMessageHistory : 0n)
  );
}

/**
 * With `enforce_nonce`, the message the bot has already sent under the same nonce. If that was deleted meanwhile, the
 * call fails with 10008 (discord-api-docs #6647).
 */
function repeatedMessage(
  conversation: Conversation,
  fields: Fields,
  { seat, atMs, nonces }: RestContext,
): Message | undefined | "deleted" {
  const { nonce } = fields;
  if (fields["enforce_nonce"] !== true || nonce === undefined || nonce === null) return undefined;
  const known = nonces.recall(seat.bot.id, conversation.channelId, nonce, atMs);
  if (known === undefined) return undefined;
  return conversation.messages().find(({ id }) => id === known) ?? "deleted";
}

type Referred =
  | {
      readonly ok: true;
      readonly replyTo: Message | undefined;
      readonly forward: Pick<MessageMore, "reference" | "snapshot"> | undefined;
    }
  | { readonly ok: false; readonly answer: RestAnswer };

/** The message that is answered, or forwarded from wherever the bot can read. */
function referredTo(conversation: Conversation, fields: Fields, call: Call): Referred {
  const reference = fields["message_reference"];
  if (!isObject(reference)) return { ok: true, replyTo: undefined, forward: undefined };
  const { message_id: id, fail_if_not_exists: mustExist, type, channel_id: channelId } = reference;
  if (type !== 1) {
    const replyTo = conversation.messages().find((message) => message.id === id);
    if (replyTo !== undefined || mustExist === false) return { ok: true, replyTo, forward: undefined };
    const message = "Unknown message";
    const problem = { field: "message_reference", code: "REPLIES_UNKNOWN_MESSAGE", message };
    return { ok: false, answer: invalidForm([problem]) };
  }
  const from = conversationOf(call.context.seat, String(channelId ?? conversation.channelId));
  if (!from.ok || !from.conversation.may(Permission.ReadMessageHistory)) {
    return { ok: false, answer: failure("CannotForward") };
  }
  const source = from.conversation.messages().find((message) => message.id === id);
  if (source === undefined) return { ok: false, answer: failure("UnknownMessage") };
  const guildId = from.conversation.guild?.world.guild.id;
  const reference1 = { type: 1, channelId: source.channelId, messageId: source.id } as const;
  return {
    ok: true,
    replyTo: undefined,
    forward: {
      reference: guildId === undefined ? reference1 : { ...reference1, guildId },
      snapshot: source,
    },
  };
}
