import type {
  APIGuildMember,
  APIRole,
  APIUser,
  GatewayPresenceUpdateDispatchData,
  Locale,
} from "discord-api-types/v10";
import type { Member, Presence, Role, World } from "./world.ts";

/** People, their roles and presences in Discord's JSON shapes. */

/** Typed as a plain number: the types package lists the set bits of a bit field, not "none of them". */
const NO_FLAGS: number = 0;

export function wireUser(member: Member): APIUser {
  return {
    id: member.id,
    username: member.username,
    discriminator: "0",
    global_name: member.globalName,
    // No picture has a hash here, because a page would then fetch it from Discord's CDN.
    avatar: null,
    banner: null,
    accent_color: null,
    public_flags: NO_FLAGS,
    ...(member.bot ? { bot: true } : {}),
  };
}

/** The bot's own user, which tells more to the bot itself. */
export function wireOwnUser(member: Member): APIUser {
  return {
    ...wireUser(member),
    bot: true,
    verified: true,
    mfa_enabled: false,
    email: null,
    locale: "en-US" as Locale,
    flags: NO_FLAGS,
  };
}

export function wireMember(member: Member): APIGuildMember {
  return {
    user: wireUser(member),
    nick: member.nick,
    avatar: null,
    banner: null,
    roles: [...member.roles],
    joined_at: member.joinedAt,
    premium_since: null,
    deaf: member.deaf,
    mute: member.mute,
    flags: NO_FLAGS,
    pending: false,
    communication_disabled_until: member.timedOutUntil ?? null,
  };
}

export function wireRole(role: Role): APIRole {
  return {
    id: role.id,
    name: role.name,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: role.position,
    permissions: String(role.permissions),
    managed: role.managed,
    mentionable: false,
    flags: NO_FLAGS,
    ...role.details,
  };
}

/** Somebody's presence; of the user only the id, which is all that Discord promises. */
export function wirePresence(world: World, presence: Presence): GatewayPresenceUpdateDispatchData {
  const { userId, status, playing, sinceMs } = presence;
  const activities = playing === null ? [] : [{ ...PLAYING, id: "game", name: playing, created_at: sinceMs }];
  return {
    user: { id: userId },
    guild_id: world.guild.id,
    status,
    activities,
    client_status: { desktop: status },
  } as GatewayPresenceUpdateDispatchData;
}

/** The presence of someone who has gone. */
export function wireOffline(world: World, member: Member): GatewayPresenceUpdateDispatchData {
  const gone = { user: { id: member.id }, guild_id: world.guild.id, status: "offline" };
  return { ...gone, activities: [], client_status: {} } as unknown as GatewayPresenceUpdateDispatchData;
}

const PLAYING = { type: 0 };
