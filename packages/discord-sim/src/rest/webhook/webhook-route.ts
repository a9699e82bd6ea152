import type { Snowflake } from "@guildwire/discord-wire";
import {
  createWebhook,
  deleteWebhook,
  updateWebhook,
  WEBHOOKS_MAX,
  wireWebhook,
} from "../../world/guild/webhook-change.ts";
import { Permission } from "../../world/permission.ts";
import type { Channel, Webhook, World } from "../../world/world.ts";
import { inChannelWith, inGuildWith, mayAt, refusalOf, worldNow } from "../access.ts";
import { idRule, keptRule, problemsOf, readBody, required, textRule } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Webhooks as those see them who may manage them. What is done by token is in webhook-token-route.ts. */
export const WEBHOOK_ROUTES: readonly Route[] = [
  {
    operation: "list_channel_webhooks",
    method: "GET",
    path: "/channels/:channel/webhooks",
    answer: inChannelWith(Permission.ManageWebhooks, (world, channel) =>
      success(
        [...world.webhooks.values()].filter(({ channelId }) => channelId === channel.id).map(shownIn(world)),
      ),
    ),
  },
  {
    operation: "create_webhook",
    method: "POST",
    path: "/channels/:channel/webhooks",
    answer: inChannelWith(Permission.ManageWebhooks, create),
  },
  {
    operation: "get_guild_webhooks",
    method: "GET",
    path: "/guilds/:guild/webhooks",
    answer: inGuildWith(Permission.ManageWebhooks, (world) =>
      success([...world.webhooks.values()].map(shownIn(world))),
    ),
  },
  {
    operation: "get_webhook",
    method: "GET",
    path: "/webhooks/:webhook",
    answer: withWebhook((world, webhook) => success(shownIn(world)(webhook))),
  },
  {
    operation: "update_webhook",
    method: "PATCH",
    path: "/webhooks/:webhook",
    answer: withWebhook((world, webhook, call) => patchWebhook(world, webhook, call, true)),
  },
  {
    operation: "delete_webhook",
    method: "DELETE",
    path: "/webhooks/:webhook",
    answer: withWebhook((world, webhook, call) => removeWebhook(world, webhook, call)),
  },
];

/** Tokens are shown only of webhooks that the asking application made itself, or people did. */
function shownIn(world: World) {
  return (webhook: Webhook): unknown => {
    const isOwn = webhook.applicationId === null || webhook.applicationId === world.bot.id;
    return wireWebhook(world, webhook, { token: isOwn, creator: true });
  };
}

function create(world: World, channel: Channel, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { name, avatar } = body.fields;
  const problems = [
    ...problemsOf(body.fields, { name: textRule(80, 1), avatar: keptRule }),
    ...(typeof name === "string" ? nameProblems(name) : [required("name")]),
  ];
  if (problems.length > 0) return invalidForm(problems);
  const here = [...world.webhooks.values()].filter(({ channelId }) => channelId === channel.id);
  if (here.length >= WEBHOOKS_MAX) return failure("TooManyWebhooks");
  const draft = {
    channelId: channel.id,
    name: String(name),
    avatar: typeof avatar === "string" ? PICTURE : null,
    applicationId: world.bot.id,
    creatorId: world.bot.id,
  };
  const outcome = call.context.seat.change(world.guild.id, (now, atMs) => createWebhook(now, draft, atMs));
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  const made = [...after.webhooks.values()].find(({ id }) => !world.webhooks.has(id));
  return made === undefined ? failure("General") : success(shownIn(after)(made));
}

/** Any picture's hash: pictures themselves are not kept. */
const PICTURE = "0".repeat(32);

function nameProblems(name: string): Parameters<typeof invalidForm>[0] {
  const word = /clyde|discord/i.exec(name)?.[0];
  if (word === undefined) return [];
  const message = `Username cannot contain "${word.toLowerCase()}"`;
  return [{ field: "name", code: "USERNAME_INVALID_CONTAINS", message }];
}

export function patchWebhook(world: World, webhook: Webhook, call: Call, mayMove: boolean): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { name, avatar, channel_id: channelId } = body.fields;
  const rules = { name: textRule(80, 1), avatar: keptRule, ...(mayMove ? { channel_id: idRule } : {}) };
  const problems = [
    ...problemsOf(body.fields, rules),
    ...(typeof name === "string" ? nameProblems(name) : []),
  ];
  if (problems.length > 0) return invalidForm(problems);
  if (channelId !== undefined && !world.channels.has(channelId as Snowflake))
    return failure("UnknownChannel");
  const outcome = call.context.seat.change(world.guild.id, (now) =>
    updateWebhook(now, webhook, {
      ...(typeof name === "string" ? { name } : {}),
      ...(avatar === undefined ? {} : { avatar: avatar === null ? null : PICTURE }),
      ...(channelId === undefined ? {} : { channelId: channelId as Snowflake }),
    }),
  );
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  const updated = after.webhooks.get(webhook.id) ?? webhook;
  return success(wireWebhook(after, updated, { token: true, creator: mayMove }));
}

export function removeWebhook(world: World, webhook: Webhook, call: Call): RestAnswer {
  call.context.seat.change(world.guild.id, (now) => deleteWebhook(now, webhook));
  return NO_CONTENT;
}

function withWebhook(answer: (world: World, webhook: Webhook, call: Call) => RestAnswer): Route["answer"] {
  return (call) => {
    const id = call.parameters["webhook"] as Snowflake;
    const found = call.context.keeper.worlds.kept.find(({ webhooks }) => webhooks.has(id));
    const world = found && call.context.seat.worlds.worldOf(found.guild.id);
    const webhook = world?.webhooks.get(id);
    if (world === undefined || webhook === undefined) return failure("UnknownWebhook");
    const channel = world.channels.get(webhook.channelId);
    const isAllowed = channel !== undefined && mayAt(world, channel, Permission.ManageWebhooks);
    return isAllowed ? answer(world, webhook, call) : failure("MissingPermissions");
  };
}
