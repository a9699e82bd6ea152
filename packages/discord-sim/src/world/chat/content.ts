import type { Snowflake } from "@guildwire/discord-wire";

/** The parts of a message that its content intent decides about, in Discord's own words. */
interface ContentBearing {
  readonly author: { readonly id: string };
  readonly mentions: readonly { readonly id: string }[];
  readonly referenced_message?: unknown;
  readonly poll?: unknown;
  readonly message_snapshots?: unknown;
}

const EMPTY = { content: "", embeds: [], attachments: [], components: [] };

/**
 * A message as a bot without MESSAGE_CONTENT gets it: emptied, unless the bot wrote it or is mentioned in it, to which
 * an answer to the bot with a ping belongs. Private messages are never emptied, and do not come here.
 */
export function withoutContent<T extends ContentBearing>(message: T, botId: Snowflake): T {
  const isMeantForBot = message.author.id === botId || message.mentions.some(({ id }) => id === botId);
  const own = isMeantForBot ? message : emptied(message);
  const { referenced_message: referenced } = own;
  if (referenced === undefined || referenced === null) return own;
  return { ...own, referenced_message: withoutContent(referenced as ContentBearing, botId) };
}

function emptied<T extends ContentBearing>(message: T): T {
  const { poll: _withheld, message_snapshots: snapshots, ...rest } = message;
  const forwarded = snapshots === undefined ? {} : { message_snapshots: [] };
  return { ...rest, ...EMPTY, ...forwarded } as unknown as T;
}
