import { type Decoded, decoded, malformed } from "../decoded.ts";
import { type Emoji, readEmoji } from "../emoji.ts";
import { asFlag, asId, asInteger, asObject, type JsonObject } from "../fields.ts";
import type { Snowflake } from "../snowflake.ts";
import { type Person, readPerson } from "../user.ts";

interface OnMessage {
  readonly messageId: Snowflake;
  readonly channelId: Snowflake;
  readonly guildId: Snowflake | null;
}

/** MESSAGE_REACTION_ADD and _REMOVE. REMOVE says whose reaction went, never who removed it. */
export interface Reaction extends OnMessage {
  readonly userId: Snowflake;
  readonly emoji: Emoji;
  /** A super reaction. */
  readonly burst: boolean;
  /** Who reacted; only ADD in a guild brings it. */
  readonly person: Person | null;
  /** Who wrote the message; only ADD brings it, and not always. */
  readonly messageAuthorId: Snowflake | null;
}

/** Source: https://discord.com/developers/docs/events/gateway-events#message-reaction-add */
export function decodeReaction(d: unknown): Decoded<Reaction> {
  const reaction = asObject(d);
  const place = reaction === undefined ? undefined : readPlace(reaction);
  const userId = asId(reaction?.["user_id"]);
  const emoji = readEmoji(reaction?.["emoji"]);
  if (reaction === undefined || place === undefined) {
    return malformed("reaction without `message_id` or `channel_id`");
  }
  if (userId === undefined || emoji === undefined) return malformed("reaction without `user_id` or `emoji`");
  const member = asObject(reaction["member"]);
  return decoded({
    ...place,
    userId,
    emoji,
    burst: asFlag(reaction["burst"]),
    person: readPerson(asObject(member?.["user"]), member, place.guildId ?? undefined) ?? null,
    messageAuthorId: asId(reaction["message_author_id"]) ?? null,
  });
}

/** MESSAGE_REACTION_REMOVE_ALL (`emoji` is `null`) and _REMOVE_EMOJI. Neither names people. */
export interface ReactionClearing extends OnMessage {
  readonly emoji: Emoji | null;
}

export function decodeReactionClearing(d: unknown): Decoded<ReactionClearing> {
  const clearing = asObject(d);
  const place = clearing === undefined ? undefined : readPlace(clearing);
  if (clearing === undefined || place === undefined) {
    return malformed("reactions removed without `message_id` or `channel_id`");
  }
  return decoded({ ...place, emoji: readEmoji(clearing["emoji"]) ?? null });
}

/** MESSAGE_POLL_VOTE_ADD and _REMOVE: one event per answer of one person. */
export interface PollVote extends OnMessage {
  readonly userId: Snowflake;
  readonly answerId: number;
}

/** Source: https://discord.com/developers/docs/events/gateway-events#polls */
export function decodePollVote(d: unknown): Decoded<PollVote> {
  const vote = asObject(d);
  const place = vote === undefined ? undefined : readPlace(vote);
  const userId = asId(vote?.["user_id"]);
  const answerId = asInteger(vote?.["answer_id"]);
  if (place === undefined) return malformed("poll vote without `message_id` or `channel_id`");
  if (userId === undefined || answerId === undefined) {
    return malformed("poll vote without `user_id` or `answer_id`");
  }
  return decoded({ ...place, userId, answerId });
}

function readPlace(event: JsonObject): OnMessage | undefined {
  const messageId = asId(event["message_id"]);
  const channelId = asId(event["channel_id"]);
  if (messageId === undefined || channelId === undefined) return undefined;
  return { messageId, channelId, guildId: asId(event["guild_id"]) ?? null };
}
