import type { Snowflake } from "@guildwire/discord-wire";
import { hexOf } from "@guildwire/runtime/random";
import { type Change, changed, refused, visibly, withEntry, withoutEntry } from "../change.ts";
import type { Dispatch } from "../dispatch.ts";
import { wireUser } from "../wire-people.ts";
import { idFromTime, type Webhook, type World } from "../world.ts";

/** Webhooks of a channel: at most 15. WEBHOOKS_UPDATE names the channel and says no more. */
export const WEBHOOKS_MAX = 15;

export function createWebhook(
  world: World,
  draft: Pick<Webhook, "channelId" | "name" | "avatar" | "applicationId" | "creatorId">,
  atMs: number,
): Change {
  if (!world.channels.has(draft.channelId)) return refused("channelId", "does not exist");
  const id = idFromTime(world, draft.channelId, atMs);
  const key = `webhook/${world.seed}/${world.idsMade}`;
  const webhook: Webhook = { ...draft, id, token: hexOf(key) + hexOf(`${key}/more`) };
  const next = { ...world, webhooks: withEntry(world.webhooks, id, webhook), idsMade: world.idsMade + 1 };
  return changed(next, ...updates(next, draft.channelId));
}

export function updateWebhook(
  world: World,
  webhook: Webhook,
  changes: Partial<Pick<Webhook, "name" | "avatar" | "channelId">>,
): Change {
  const updated = { ...webhook, ...changes };
  const next = { ...world, webhooks: withEntry(world.webhooks, webhook.id, updated) };
  const places = new Set([webhook.channelId, updated.channelId]);
  return changed(next, ...[...places].flatMap((channelId) => updates(next, channelId)));
}

export function deleteWebhook(world: World, webhook: Webhook): Change {
  const next = { ...world, webhooks: withoutEntry(world.webhooks, webhook.id) };
  return changed(next, ...updates(next, webhook.channelId));
}

function updates(world: World, channelId: Snowflake): readonly Dispatch[] {
  const channel = world.channels.get(channelId);
  if (channel === undefined) return [];
  const d = { guild_id: world.guild.id, channel_id: channelId };
  return visibly(world, channel, { t: "WEBHOOKS_UPDATE", d });
}

/** The token is only for those who may manage webhooks; a call by token shows no creator. */
export function wireWebhook(
  world: World,
  webhook: Webhook,
  shows: { readonly token: boolean; readonly creator: boolean },
): Readonly<Record<string, unknown>> {
  const creator = world.members.get(webhook.creatorId);
  return {
    id: webhook.id,
    type: 1,
    guild_id: world.guild.id,
    channel_id: webhook.channelId,
    name: webhook.name,
    avatar: webhook.avatar,
    application_id: webhook.applicationId,
    ...(shows.token ? { token: webhook.token } : {}),
    ...(shows.creator && creator !== undefined ? { user: wireUser(creator) } : {}),
  };
}
