import type { Snowflake } from "@guildwire/discord-wire";
import { openDirect } from "../world/chat/direct.ts";
import { wireThread } from "../world/chat/thread.ts";
import { threadOf, wireDirectChannel, wireMessage } from "../world/chat/wire-message.ts";
import { Permission, permissionsAt } from "../world/permission.ts";
import { wireVisibleChannel } from "../world/wire.ts";
import { wireUser } from "../world/wire-people.ts";
import { type Member, type Place, placeOf, type World } from "../world/world.ts";
import type { WorldKeeper } from "../world-keeper.ts";
import type { Application } from "./applications.ts";
import type { Interaction } from "./interaction.ts";
import { type Data, memberIn } from "./interaction-data.ts";

export interface Refusal {
  readonly ok: false;
  readonly field: string;
  readonly problem: string;
}

/** Where somebody does it: in a server, or in private with a bot. */
export interface Scene {
  readonly world: World | undefined;
  readonly place: Place | undefined;
  readonly channelId: Snowflake;
  readonly person: Member;
}

export function sceneOf(
  userId: Snowflake,
  channelId: Snowflake | undefined,
  application: Application,
  keeper: WorldKeeper,
): { readonly ok: true; readonly scene: Scene } | Refusal {
  const seat = keeper.seatOf(application.bot.id);
  const world = channelId === undefined ? undefined : seat.worlds.guildOfChannel(channelId);
  const place = world && channelId !== undefined ? placeOf(world, channelId) : undefined;
  if (world !== undefined && place !== undefined) {
    const person = world.members.get(userId);
    if (person === undefined) return refusal("userId", "is not a member");
    if (!(permissionsAt(world, userId, place.channel) & Permission.ViewChannel)) {
      return refusal("userId", "may not view the channel");
    }
    return { ok: true, scene: { world, place, channelId: place.id, person } };
  }
  const person = seat.worlds.memberAnywhere(userId);
  if (person === undefined) return refusal("userId", "shares no server with the bot");
  const opened = openDirect(seat.directs, person, application.bot.id);
  if (channelId !== undefined && channelId !== opened.channel.id) {
    return refusal("channelId", "is not a channel that the bot is in");
  }
  seat.changeDirects(() => ({ ok: true, directs: opened.directs, dispatches: [] }));
  return { ok: true, scene: { world: undefined, place: undefined, channelId: opened.channel.id, person } };
}

const ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024;

/** INTERACTION_CREATE. */
export function payloadOf(
  id: Snowflake,
  token: string,
  draft: Pick<Interaction, "type" | "application" | "message" | "isMessageEphemeral">,
  data: Data,
  scene: Scene,
): Data {
  const { application, message, type } = draft;
  const { world, place, person } = scene;
  const shownMessage =
    message === undefined
      ? {}
      : {
          message: {
            ...wireMessage(message, application.bot.id),
            ...(world === undefined ? {} : threadOf(world, message)),
          },
        };
  return {
    id,
    application_id: application.bot.id,
    type,
    data,
    token,
    version: 1,
    channel_id: scene.channelId,
    locale: "en-US",
    entitlements: [],
    attachment_size_limit: ATTACHMENT_BYTES_MAX,
    ...shownMessage,
    ...(world === undefined || place === undefined
      ? {
          channel: wireDirectChannel(scene.channelId, person, null),
          user: wireUser(person),
          context: 1,
          app_permissions: "0",
          authorizing_integration_owners: { "0": "0" },
        }
      : {
          guild_id: world.guild.id,
          guild: { id: world.guild.id, locale: "en-US", features: [] },
          guild_locale: "en-US",
          channel: {
            ...(place.thread === undefined
              ? wireVisibleChannel(world, place.channel)
              : wireThread(world, place.thread)),
            permissions: String(permissionsAt(world, person.id, place.channel)),
          },
          member: memberIn(world, place.id, person),
          context: 0,
          app_permissions: String(permissionsAt(world, application.bot.id, place.channel)),
          authorizing_integration_owners: { "0": world.guild.id },
        }),
  };
}

export function refusal(field: string, problem: string): Refusal {
  return { ok: false, field, problem };
}
