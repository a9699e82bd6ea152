/**
 * The events of a guild's stream `<guild>/messages`: messages, reactions, polls, channels, threads, roles, members and
 * scheduled events. It is a stream of facts: none of them is ever replaced by a later one.
 *
 * - MSGS-1 Checkpoints: `channels.snapshot`, then one `messages.window` per watched channel, say what is true at that
 *   place in the stream. They come at first sight, after a lost session and on `409 {"want": "snapshot"}`.
 * - MSGS-2 In the id range of a window exactly its messages exist, those in `except` left aside: these changed while
 *   the window was being read, and their own events are true.
 * - MSGS-3 An incomplete window (`complete: false`) is followed by another of the same channel.
 */
import * as z from "zod";
import { emojiSchema, id, isoTime, permissionBits, personSchema } from "./fields.ts";
import { MESSAGE_BYTES_MAX, messagePatchSchema, messageSchema } from "./message.ts";

/** Messages in one window. A page of Discord's history holds as many. */
export const WINDOW_MESSAGES_MAX = 100;
/** Bytes of a window's messages together; a page that is larger goes out as several windows. */
export const WINDOW_BYTES_MAX = 40 * MESSAGE_BYTES_MAX;

const overwriteSchema = z.object({
  /** A role's or a member's id; @everyone's is the guild's. */
  id,
  kind: z.enum(["role", "member"]),
  allow: permissionBits,
  deny: permissionBits,
});

export const channelSchema = z.object({
  id,
  guildId: id,
  /** Discord's channel types. */
  type: z.int(),
  name: z.string(),
  topic: z.string().nullable(),
  position: z.int(),
  parentId: id.nullable(),
  /** Age-restricted; threads inherit it. */
  nsfw: z.boolean(),
  lastMessageId: id.nullable(),
  overwrites: z.array(overwriteSchema),
  tags: z.array(z.object({ id, name: z.string() })),
  /** The bot may not view it: everything but id, type, position and parent is a placeholder. */
  obfuscated: z.boolean(),
});
/** A channel of a guild with what decides who may read it. */
export type GuildChannel = z.infer<typeof channelSchema>;

export const threadSchema = z.object({
  id,
  guildId: id,
  type: z.int(),
  name: z.string(),
  parentId: id,
  ownerId: id.nullable(),
  lastMessageId: id.nullable(),
  archived: z.boolean(),
  locked: z.boolean(),
  private: z.boolean(),
  appliedTags: z.array(id),
  createdAt: isoTime.nullable(),
});
/** A thread or a forum's post; its permissions are its parent's. */
export type Thread = z.infer<typeof threadSchema>;

export const roleSchema = z.object({
  id,
  name: z.string(),
  permissions: permissionBits,
  position: z.int(),
  /** 0xRRGGBB; 0 = no colour. */
  color: z.int(),
  mentionable: z.boolean(),
});
export type Role = z.infer<typeof roleSchema>;

export const scheduledEventSchema = z.object({
  id,
  guildId: id,
  name: z.string(),
  description: z.string().nullable(),
  channelId: id.nullable(),
  location: z.string().nullable(),
  creatorId: id.nullable(),
  startsAt: isoTime,
  endsAt: isoTime.nullable(),
  status: z.enum(["scheduled", "active", "completed", "cancelled"]),
  place: z.enum(["stage", "voice", "external"]),
  interested: z.int().nullable(),
});
export type ScheduledEvent = z.infer<typeof scheduledEventSchema>;

const onMessage = { messageId: id, channelId: id };

const reactionData = z.object({
  ...onMessage,
  userId: id,
  emoji: emojiSchema,
  burst: z.boolean(),
  /** Who reacted, where Discord says more than the id. */
  person: personSchema.nullable(),
  messageAuthorId: id.nullable(),
});

const voteData = z.object({ ...onMessage, userId: id, answerId: z.int() });
const interestData = z.object({ eventId: id, userId: id });

export const MESSAGES_EVENTS = {
  "channels.snapshot": z.object({
    ownerId: id,
    roles: z.array(roleSchema),
    /** Roles of the bot itself. */
    ownRoles: z.array(id),
    channels: z.array(channelSchema),
    /** Active threads that the bot may view. */
    threads: z.array(threadSchema),
  }),
  /** MSGS-2. */
  "messages.window": z.object({
    channelId: id,
    /** The range: ids above `after` (`null` = from the first message) up to and including `upTo`. */
    after: id.nullable(),
    upTo: id,
    /** Oldest first. */
    messages: z.array(messageSchema).max(WINDOW_MESSAGES_MAX),
    except: z.array(id),
    /** MSGS-3. */
    complete: z.boolean(),
    /** The bot may not read this channel's history: nothing is known of the range, and nothing follows from it. */
    unreadable: z.literal(true).optional(),
  }),
  "message.created": z.object({ message: messageSchema }),
  "message.updated": z.object({
    id,
    channelId: id,
    patch: messagePatchSchema,
    /** `patch.editedAt` changed: someone edited the text. A link preview is no edit. */
    edited: z.boolean(),
  }),
  "message.deleted": z.object({ channelId: id, id }),
  "message.bulk_deleted": z.object({ channelId: id, ids: z.array(id) }),
  "reaction.added": reactionData,
  "reaction.removed": reactionData,
  /** All reactions, or with `emoji` those of one emoji. No names of people come with it. */
  "reaction.cleared": z.object({ ...onMessage, emoji: emojiSchema.nullable() }),
  "poll.vote_added": voteData,
  "poll.vote_removed": voteData,
  "channel.created": z.object({ channel: channelSchema }),
  "channel.updated": z.object({ channel: channelSchema }),
  /** Its messages and threads are gone with it; no further event says so. */
  "channel.deleted": z.object({ id }),
  "thread.created": z.object({ thread: threadSchema }),
  "thread.updated": z.object({ thread: threadSchema }),
  "thread.deleted": z.object({ id, parentId: id.nullable() }),
  /** All roles of the guild, and the bot's own. */
  "roles.updated": z.object({ ownerId: id, roles: z.array(roleSchema), ownRoles: z.array(id) }),
  "member.joined": z.object({ person: personSchema, roles: z.array(id), joinedAt: isoTime.nullable() }),
  "member.left": z.object({ userId: id }),
  "scheduled_event.created": z.object({ event: scheduledEventSchema }),
  "scheduled_event.updated": z.object({ event: scheduledEventSchema }),
  "scheduled_event.deleted": z.object({ event: scheduledEventSchema }),
  "scheduled_event.user_added": interestData,
  "scheduled_event.user_removed": interestData,
} as const satisfies Record<string, z.ZodType>;
