import type { Snowflake } from "@guildwire/discord-wire";
import { Permission, permissionsAt } from "../permission.ts";
import type { Channel, Member, World } from "../world.ts";
import { type Message, mentionedIds } from "./message.ts";

/**
 * `allowed_mentions` as data. Without it a message of a member pings everybody it names, one of an interaction or a
 * webhook only people.
 */
export interface AllowedMentions {
  readonly everyone: boolean;
  readonly roles: "all" | readonly Snowflake[];
  readonly users: "all" | readonly Snowflake[];
  /** Whether the author of the message that is answered is pinged. */
  readonly repliedUser: boolean;
}

export const ALL_MENTIONS: AllowedMentions = {
  everyone: true,
  roles: "all",
  users: "all",
  repliedUser: true,
};

export const PEOPLE_ONLY: AllowedMentions = { ...ALL_MENTIONS, everyone: false, roles: [] };

export interface Mentions {
  readonly mentions: readonly Member[];
  readonly mentionRoles: readonly Snowflake[];
  readonly mentionEveryone: boolean;
}

/** Whom a message pings, which its author must be allowed to where it is everybody or a role. */
export function mentionsIn(
  world: World,
  channel: Channel,
  author: Member,
  text: string,
  replyTo: Message | undefined,
  allowed: AllowedMentions = ALL_MENTIONS,
): Mentions {
  const replied = replyTo !== undefined && allowed.repliedUser ? [replyTo.author.id] : [];
  const people = new Set([...[...mentionedIds(text)].filter((id) => isIn(allowed.users, id)), ...replied]);
  const mentions = [...people].flatMap((id) => world.members.get(id) ?? []);
  if (!MAYBE_MANY.test(text)) return { mentions, mentionRoles: [], mentionEveryone: false };
  const mayPingAll = (permissionsAt(world, author.id, channel) & Permission.MentionEveryone) !== 0n;
  const roles = [...text.matchAll(/<@&(\d{1,20})>/g)].map((found) => found[1] as Snowflake);
  return {
    mentions,
    mentionRoles: [...new Set(roles)].filter((id) => {
      const role = world.roles.get(id);
      const isMentionable = role?.details?.["mentionable"] === true;
      return role !== undefined && (isMentionable || mayPingAll) && isIn(allowed.roles, id);
    }),
    mentionEveryone: mayPingAll && allowed.everyone && /@(everyone|here)\b/.test(text),
  };
}

const MAYBE_MANY = /<@&|@everyone|@here/;

function isIn(allowed: "all" | readonly Snowflake[], id: Snowflake): boolean {
  return allowed === "all" || allowed.includes(id);
}
