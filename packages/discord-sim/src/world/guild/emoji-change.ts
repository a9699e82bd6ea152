import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, withEntry, withoutEntry } from "../change.ts";
import { wireUser } from "../wire-people.ts";
import { type GuildEmoji, idFromTime, type World } from "../world.ts";

/** Emojis of a server. GUILD_EMOJIS_UPDATE has all of them. */

export function createEmoji(world: World, emoji: Omit<GuildEmoji, "id">, atMs: number): Change {
  const id = idFromTime(world, world.guild.id, atMs);
  return withEmojis({
    ...world,
    emojis: withEntry(world.emojis, id, { ...emoji, id }),
    idsMade: world.idsMade + 1,
  });
}

export function updateEmoji(world: World, emoji: GuildEmoji): Change {
  return withEmojis({ ...world, emojis: withEntry(world.emojis, emoji.id, emoji) });
}

export function deleteEmoji(world: World, id: Snowflake): Change {
  return withEmojis({ ...world, emojis: withoutEntry(world.emojis, id) });
}

function withEmojis(world: World): Change {
  const emojis = [...world.emojis.values()].map((emoji) => wireGuildEmoji(world, emoji));
  return changed(world, { t: "GUILD_EMOJIS_UPDATE", d: { guild_id: world.guild.id, emojis } });
}

export function wireGuildEmoji(
  world: World,
  emoji: GuildEmoji,
): {
  id: string;
  name: string;
  animated: boolean;
  available: true;
  managed: false;
  require_colons: true;
  roles: string[];
} {
  const creator = world.members.get(emoji.creatorId);
  return {
    id: emoji.id,
    name: emoji.name,
    animated: emoji.animated,
    available: true,
    managed: false,
    require_colons: true,
    roles: [...emoji.roles],
    ...(creator === undefined ? {} : { user: wireUser(creator) }),
  };
}
