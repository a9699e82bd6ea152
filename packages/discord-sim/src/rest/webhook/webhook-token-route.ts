import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import type { Message } from "../../world/chat/message.ts";
import { openThread } from "../../world/chat/thread-change.ts";
import { wireMessage } from "../../world/chat/wire-message.ts";
import { wireWebhook } from "../../world/guild/webhook-change.ts";
import { isoTime } from "../../world/iso-time.ts";
import { botMember } from "../../world/population.ts";
import { type Member, placeOf, type Webhook, type World } from "../../world/world.ts";
import { refusalOf } from "../access.ts";
import { type Fields, readBody } from "../form.ts";
import {
  deleteFollowUp,
  editFollowUp,
  getFollowUp,
  type HeldInteraction,
  heldInteraction,
  sendFollowUp,
} from "../interaction/follow-up.ts";
import { type Conversation, guildConversation } from "../message/conversation.ts";
import { type MessageDraft, readDraft, readEdit } from "../message/message-draft.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { patchWebhook, removeWebhook } from "./webhook-route.ts";

const BY_TOKEN = "/webhooks/:webhook/:token";
const BUCKET = { name: "webhooks", calls: 5, windowMs: 2000 };

/**
 * What is done by token, without a bot: webhooks of channels, and answers to interactions, whose webhook has the id of
 * the application. Interactions are outside the limit of all calls together.
 */
export const WEBHOOK_TOKEN_ROUTES: readonly Route[] = [
  {
    operation: "get_webhook_by_token",
    method: "GET",
    path: BY_TOKEN,
    answer: byToken((world, webhook) =>
      success(wireWebhook(world, webhook, { token: true, creator: false })),
    ),
  },
  {
    operation: "update_webhook_by_token",
    method: "PATCH",
    path: BY_TOKEN,
    answer: byToken((world, webhook, call) => patchWebhook(world, webhook, call, false)),
  },
  {
    operation: "delete_webhook_by_token",
    method: "DELETE",
    path: BY_TOKEN,
    answer: byToken(removeWebhook),
  },
  {
    operation: "execute_webhook",
    method: "POST",
    path: BY_TOKEN,
    answer: either(execute, sendFollowUp),
  },
  {
    operation: "get_webhook_message",
    method: "GET",
    path: `${BY_TOKEN}/messages/:message`,
    answer: either(
      onMessage((_, message, call) => success(wireMessage(message, call.context.seat.bot.id))),
      getFollowUp,
    ),
  },
  {
    operation: "update_webhook_message",
    method: "PATCH",
    path: `${BY_TOKEN}/messages/:message`,
    answer: either(onMessage(editMessage), editFollowUp),
  },
  {
    operation: "delete_webhook_message",
    method: "DELETE",
    path: `${BY_TOKEN}/messages/:message`,
    answer: either(
      onMessage((conversation, message) => {
        conversation.remove([message.id]);
        return NO_CONTENT;
      }),
      deleteFollowUp,
    ),
  },
  {
    operation: "get_original_webhook_message",
    method: "GET",
    path: `${BY_TOKEN}/messages/@original`,
    answer: ofInteraction(getFollowUp),
  },
  {
    operation: "update_original_webhook_message",
    method: "PATCH",
    path: `${BY_TOKEN}/messages/@original`,
    answer: ofInteraction(editFollowUp),
  },
  {
    operation: "delete_original_webhook_message",
    method: "DELETE",
    path: `${BY_TOKEN}/messages/@original`,
    answer: ofInteraction(deleteFollowUp),
  },
].map((route) => ({
  ...route,
  method: route.method as Route["method"],
  isOpen: true,
  isOutsideGlobalLimit: true,
  bucket: BUCKET,
}));

type OfWebhook = (world: World, webhook: Webhook, call: Call) => RestAnswer;
type OfInteraction = (held: HeldInteraction, call: Call) => RestAnswer;

/** 10015 for an unknown webhook, 50027 for a wrong token. */
function byToken(answer: OfWebhook): Route["answer"] {
  return (call) => {
    const id = call.parameters["webhook"] as Snowflake;
    const world = call.context.keeper.worlds.kept.find(({ webhooks }) => webhooks.has(id));
    const webhook = world?.webhooks.get(id);
    if (world === undefined || webhook === undefined) return failure("UnknownWebhook");
    return webhook.token === call.parameters["token"]
      ? answer(world, webhook, call)
      : failure("InvalidWebhookToken");
  };
}

function ofInteraction(answer: OfInteraction): Route["answer"] {
  return (call) => {
    const held = heldInteraction(call);
    return held.ok ? answer(held.held, call) : held.answer;
  };
}

/** The id is an application's or a webhook's. */
function either(ofWebhook: OfWebhook, ofHeld: OfInteraction): Route["answer"] {
  return (call) =>
    call.context.applications.byId(call.parameters["webhook"]) === undefined
      ? byToken(ofWebhook)(call)
      : ofInteraction(ofHeld)(call);
}

/** Without `wait=true` the answer is 204, and the message is told of on the Gateway alone. */
function execute(world: World, webhook: Webhook, call: Call): RestAnswer {
  const { request, context } = call;
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { fields, files } = body;
  const place = { channelId: webhook.channelId, files: context.files, atMs: context.atMs };
  const drafting = readDraft(fields, files, "webhook", place);
  if (!drafting.ok) return drafting.answer;
  const posted = post(world, webhook, drafting.draft, fields, call);
  if (!posted.ok) return posted.answer;
  const waits = ["true", "1", "True"].includes(request.query.get("wait") ?? "");
  return waits ? success(wireMessage(posted.message, world.bot.id)) : NO_CONTENT;
}

type Posting =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly answer: RestAnswer };

function post(world: World, webhook: Webhook, draft: MessageDraft, fields: Fields, call: Call): Posting {
  const { keeper, applications } = call.context;
  const { username, avatar_url: avatarUrl, thread_name: threadName, applied_tags: tags } = fields;
  const name = typeof username === "string" ? username : webhook.name;
  const author: Member = { ...botMember({ id: webhook.id, username: name }), username: name };
  const more = {
    ...draft.more,
    webhookId: webhook.id,
    avatar: typeof avatarUrl === "string" ? "0".repeat(32) : webhook.avatar,
    ...(webhook.applicationId === null ? {} : { applicationId: webhook.applicationId }),
  };
  const seat = keeper.seatOf(applications.first.bot.id);
  const channel = world.channels.get(webhook.channelId);
  if (channel === undefined) return { ok: false, answer: failure("UnknownChannel") };
  const threadId = call.request.query.get("thread_id");
  const isForum = channel.kind === "forum" || channel.kind === "media";
  if (typeof threadName === "string" && isForum) {
    const { allowed, ...first } = { ...draft, more };
    const appliedTags = Array.isArray(tags) ? tags.filter(isSnowflake) : [];
    const opened = { channel, owner: author, name: threadName, first, allowed, appliedTags };
    const outcome = seat.change(world.guild.id, (now, atMs) => openThread(now, opened, atMs));
    if (!outcome.ok) return { ok: false, answer: refusalOf(outcome) ?? failure("General") };
    const after = keeper.worlds.worldOf(world.guild.id);
    const thread = [...(after?.threads.values() ?? [])].find(({ id }) => !world.threads.has(id));
    const message = thread && after?.messages.get(thread.id)?.[0];
    return message === undefined ? { ok: false, answer: failure("General") } : { ok: true, message };
  }
  if (isForum && threadId === null) return { ok: false, answer: failure("WebhookNeedsThread") };
  const place = placeOf(world, (threadId ?? webhook.channelId) as Snowflake);
  if (place === undefined || place.channel.id !== webhook.channelId) {
    return { ok: false, answer: failure("UnknownChannel") };
  }
  const posted = guildConversation(seat, world, place).post({ ...draft, more }, author);
  return posted.ok ? posted : { ok: false, answer: refusalOf(posted) ?? failure("General") };
}

/** A message the webhook sent, in its channel or in the thread of the query. */
function onMessage(
  answer: (conversation: Conversation, message: Message, call: Call) => RestAnswer,
): OfWebhook {
  return (world, webhook, call) => {
    const { keeper, applications } = call.context;
    const channelId = (call.request.query.get("thread_id") ?? webhook.channelId) as Snowflake;
    const place = placeOf(world, channelId);
    if (place === undefined) return failure("UnknownChannel");
    const conversation = guildConversation(keeper.seatOf(applications.first.bot.id), world, place);
    const message = conversation.messages().find(({ id }) => id === call.parameters["message"]);
    if (message?.more?.webhookId !== webhook.id) return failure("UnknownMessage");
    return answer(conversation, message, call);
  };
}

function editMessage(conversation: Conversation, message: Message, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { context } = call;
  const place = { channelId: message.channelId, files: context.files, atMs: context.atMs };
  const editing = readEdit(message, body.fields, body.files, place);
  if (!editing.ok) return editing.answer;
  conversation.exchange({ ...editing.message, editedAt: isoTime(context.atMs) }, editing.allowed);
  const edited = conversation.messages().find(({ id }) => id === message.id) ?? editing.message;
  return success(wireMessage(edited, context.seat.bot.id));
}
