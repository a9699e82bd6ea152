/**
 * The simulator says what a bot needs to know; Discord says more. Here the rest is put on, so that frames have the
 * size and the fields that they have in life: decorations of accounts, roles of members, and what people play. What
 * is put on follows from the id alone, so that one person looks the same in every frame.
 */

import type { Dispatch } from "../../../packages/discord-sim/src/index.ts";
import { hexOf } from "../../../packages/runtime/src/random/index.ts";

type Json = Record<string, unknown>;

const ROLES_EACH = 5;

/** Roles of a guild that no list of roles holds would be dropped by a cache: these stand in GUILD_CREATE too. */
const ROLE_COUNT = 24;

export function dressed({ t, d }: Dispatch): { readonly t: string; readonly d: unknown } {
  const body = d as unknown as Json;
  switch (t) {
    case "GUILD_CREATE": {
      const guildId = String(body["id"]);
      return {
        t,
        d: {
          ...body,
          roles: [...(body["roles"] as Json[]), ...rolesOf(guildId)],
          members: (body["members"] as Json[]).map((member) => dressedMember(member, guildId)),
          presences: (body["presences"] as Json[]).map(dressedPresence),
        },
      };
    }
    case "PRESENCE_UPDATE":
      return { t, d: dressedPresence(body) };
    case "GUILD_MEMBER_UPDATE":
      return { t, d: { ...dressedMember(body, String(body["guild_id"])), guild_id: body["guild_id"] } };
    case "MESSAGE_CREATE":
    case "VOICE_STATE_UPDATE":
    case "TYPING_START":
    case "MESSAGE_REACTION_ADD":
      return { t, d: withPeople(body) };
    default:
      return { t, d };
  }
}

function withPeople(body: Json): Json {
  const author = body["author"] as Json | undefined;
  const member = body["member"] as Json | undefined;
  const ownerId = String(author?.["id"] ?? body["user_id"]);
  return {
    ...body,
    ...(author === undefined ? {} : { author: dressedUser(author) }),
    ...(member === undefined ? {} : { member: dressedMember(member, String(body["guild_id"]), ownerId) }),
    ...(author === undefined ? {} : { nonce: ownerId }),
  };
}

function dressedMember(member: Json, guildId: string, ownerId?: string): Json {
  const user = member["user"] as Json | undefined;
  const id = String(user?.["id"] ?? ownerId);
  const first = Number.parseInt(hexOf(`roles/${id}`).slice(0, 4), 16);
  const roles = Array.from({ length: ROLES_EACH }, (_, index) => roleId(guildId, first + index * 5));
  return {
    ...member,
    roles: [...(member["roles"] as string[]), ...new Set(roles)],
    ...(user === undefined ? {} : { user: dressedUser(user) }),
  };
}

function dressedUser(user: Json): Json {
  return {
    ...user,
    avatar: hexOf(`avatar/${String(user["id"])}`),
    avatar_decoration_data: null,
    collectibles: null,
    display_name_styles: null,
    primary_guild: null,
    clan: null,
    public_flags: 0,
  };
}

function dressedPresence(presence: Json): Json {
  const user = presence["user"] as Json;
  const activities = presence["activities"] as Json[];
  return {
    ...presence,
    activities: activities.map((activity) => dressedActivity(activity, String(user["id"]))),
  };
}

/** What a game's rich presence tells. */
function dressedActivity(activity: Json, userId: string): Json {
  const draw = hexOf(`activity/${userId}/${String(activity["created_at"])}`);
  const startMs = Number(activity["created_at"]);
  return {
    ...activity,
    id: draw.slice(0, 16),
    session_id: draw,
    application_id: `4${BigInt(`0x${draw.slice(0, 14)}`)}`.slice(0, 18),
    details: `Chapter ${Number.parseInt(draw.slice(0, 2), 16)}: at the edge of the map`,
    state: `Party of ${Number.parseInt(draw.slice(2, 3), 16)}, looking for a way in`,
    timestamps: { start: startMs, end: startMs + 3_600_000 },
    assets: {
      large_image: draw.slice(8, 26),
      large_text: "Level 3, the old harbour",
      small_image: draw.slice(4, 20),
    },
    party: { id: draw.slice(0, 20), size: [1, 4] },
  };
}

function rolesOf(guildId: string): readonly Json[] {
  return Array.from({ length: ROLE_COUNT }, (_, index) => ({
    id: roleId(guildId, index),
    name: `Circle ${index + 1}`,
    color: index * 1_000,
    colors: { primary_color: index * 1_000, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: index + 2,
    permissions: "0",
    managed: false,
    mentionable: false,
    flags: 0,
  }));
}

function roleId(guildId: string, index: number): string {
  return String(BigInt(guildId) + BigInt(1 + (index % ROLE_COUNT)));
}
