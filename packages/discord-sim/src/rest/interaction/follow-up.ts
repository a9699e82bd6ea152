import type { Snowflake } from "@guildwire/discord-wire";
import type { Interaction } from "../../application/interaction.ts";
import type { Message } from "../../world/chat/message.ts";
import { isoTime } from "../../world/iso-time.ts";
import { readBody } from "../form.ts";
import { readDraft, readEdit } from "../message/message-draft.ts";
import { MessageFlag } from "../message/message-form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure } from "../rest-error.ts";
import type { Call } from "../route.ts";
import {
  exchangeIn,
  holderOf,
  messageIn,
  placeOfInteraction,
  postAs,
  shownIn,
} from "./interaction-message.ts";

/** What follows the first answer, by the token and for fifteen minutes: follow-ups, edits and deletions. */

export interface HeldInteraction {
  readonly interaction: Interaction;
}

type Held =
  | { readonly ok: true; readonly held: HeldInteraction }
  | { readonly ok: false; readonly answer: RestAnswer };

/** 50027 for a wrong token and after fifteen minutes, 10015 before the first answer. */
export function heldInteraction(call: Call): Held {
  const { webhook, token } = call.parameters;
  const interaction = call.context.desk.byToken(token);
  if (interaction === undefined) return { ok: false, answer: failure("InvalidWebhookToken") };
  if (interaction.application.bot.id !== webhook || interaction.answer === undefined) {
    return { ok: false, answer: failure("UnknownWebhook") };
  }
  return { ok: true, held: { interaction } };
}

/** Right after "thinking", the first follow-up is the answer itself, as it was before `@original` could be edited. */
export function sendFollowUp({ interaction }: HeldInteraction, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { context } = call;
  const place = { channelId: interaction.channelId, files: context.files, atMs: context.atMs };
  const drafting = readDraft(body.fields, body.files, "answer", place);
  if (!drafting.ok) return drafting.answer;
  context.desk.stats.followUps += 1;
  const { answer } = interaction;
  const loading = answer?.isLoading === true ? messageIn(interaction, answer.messageId, call) : undefined;
  if (answer !== undefined && loading !== undefined) return write(interaction, loading, call);
  const isEphemeral = ((drafting.draft.flags ?? 0) & MessageFlag.Ephemeral) !== 0;
  const message = postAs(interaction, drafting.draft, isEphemeral, call, true);
  if (message === undefined) return failure("UnknownChannel");
  interaction.followUps.push(message.id);
  return success(shownIn(interaction, message.id, call));
}

export function getFollowUp(held: HeldInteraction, call: Call): RestAnswer {
  return withMessage(held, call, (message) => success(shownIn(held.interaction, message.id, call)));
}

export function editFollowUp(held: HeldInteraction, call: Call): RestAnswer {
  return withMessage(held, call, (message) => write(held.interaction, message, call));
}

/** An edit of "thinking" is its end, and no edit that people see. */
function write(interaction: Interaction, message: Message, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { files, atMs } = call.context;
  // An edit may not make a message ephemeral or public, so the flag is neither taken nor refused.
  const flags = Number(body.fields["flags"] ?? 0) & ~MessageFlag.Ephemeral;
  const fields =
    body.fields["flags"] === undefined ? body.fields : { ...body.fields, flags: flags | message.flags };
  const editing = readEdit(message, fields, body.files, { channelId: message.channelId, files, atMs });
  if (!editing.ok) return editing.answer;
  const isLoading = (message.flags & MessageFlag.Loading) !== 0;
  const edited: Message = {
    ...editing.message,
    flags: editing.message.flags & ~MessageFlag.Loading,
    editedAt: isLoading ? null : isoTime(atMs),
  };
  if (!exchangeIn(interaction, edited, editing.allowed, call)) return failure("UnknownMessage");
  const { answer } = interaction;
  if (answer !== undefined && isLoading) answer.isLoading = false;
  return success(shownIn(interaction, message.id, call));
}

export function deleteFollowUp(held: HeldInteraction, call: Call): RestAnswer {
  const { interaction } = held;
  return withMessage(held, call, (message) => {
    const holder = holderOf(interaction, message.id, call);
    if (holder === undefined) placeOfInteraction(interaction, call)?.remove([message.id]);
    else holder.ephemerals.delete(message.id);
    return NO_CONTENT;
  });
}

/** `@original` or a follow-up; 10008 for everything else. */
function withMessage(
  { interaction }: HeldInteraction,
  call: Call,
  answer: (message: Message) => RestAnswer,
): RestAnswer {
  const named = call.parameters["message"] as Snowflake | undefined;
  const id = named ?? interaction.answer?.messageId;
  const isOwn = id === interaction.answer?.messageId || interaction.followUps.some((own) => own === id);
  const message = isOwn ? messageIn(interaction, id, call) : undefined;
  return message === undefined ? failure("UnknownMessage") : answer(message);
}
