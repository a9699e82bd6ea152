/**
 * The shape of a message in the events `message.*` and `messages.window`. Texts, names and URLs in it are what people
 * wrote: escape them, and load pictures from `proxyUrl` only.
 */
import * as z from "zod";
import { emojiSchema, id, isoTime, personSchema } from "./fields.ts";

const pixels = z.int().nullable();

export const attachmentSchema = z.object({
  id,
  name: z.string(),
  description: z.string().nullable(),
  contentType: z.string().nullable(),
  /** Bytes. */
  size: z.int(),
  /** Signed: the query is part of the URL, and it ends about a day after it was made. */
  url: z.string(),
  proxyUrl: z.string().nullable(),
  width: pixels,
  height: pixels,
  spoiler: z.boolean(),
  /** Of a voice message: seconds, and 256 amplitudes in base64. */
  durationSeconds: z.number().nullable(),
  waveform: z.string().nullable(),
});

const mediaSchema = z.object({
  url: z.string().nullable(),
  proxyUrl: z.string().nullable(),
  width: pixels,
  height: pixels,
});

export const embedSchema = z.object({
  type: z.string(),
  title: z.string().nullable(),
  /** Markdown. */
  description: z.string().nullable(),
  url: z.string().nullable(),
  timestamp: isoTime.nullable(),
  /** 0xRRGGBB. */
  color: z.int().nullable(),
  author: z
    .object({ name: z.string(), url: z.string().nullable(), iconUrl: z.string().nullable() })
    .nullable(),
  footer: z.object({ text: z.string(), iconUrl: z.string().nullable() }).nullable(),
  provider: z.object({ name: z.string().nullable(), url: z.string().nullable() }).nullable(),
  image: mediaSchema.nullable(),
  thumbnail: mediaSchema.nullable(),
  video: mediaSchema.nullable(),
  fields: z.array(z.object({ name: z.string(), value: z.string(), inline: z.boolean() })),
});

const componentMediaSchema = z.object({
  url: z.string(),
  proxyUrl: z.string().nullable(),
  width: pixels,
  height: pixels,
  contentType: z.string().nullable(),
  description: z.string().nullable(),
  spoiler: z.boolean(),
});

/** Which fields are there depends on `type`: Discord's component types, by number. */
export const componentSchema = z.object({
  type: z.int(),
  customId: z.string().optional(),
  style: z.int().optional(),
  label: z.string().optional(),
  url: z.string().optional(),
  emoji: emojiSchema.optional(),
  disabled: z.literal(true).optional(),
  placeholder: z.string().optional(),
  options: z
    .array(
      z.object({
        label: z.string(),
        value: z.string(),
        description: z.string().nullable(),
        emoji: emojiSchema.nullable(),
      }),
    )
    .optional(),
  /** Text display: Markdown. */
  content: z.string().optional(),
  media: z.array(componentMediaSchema).optional(),
  accentColor: z.int().optional(),
  spoiler: z.literal(true).optional(),
  spacing: z.int().optional(),
  divider: z.boolean().optional(),
  get components() {
    return z.array(componentSchema).optional();
  },
  get accessory() {
    return componentSchema.optional();
  },
});

export const pollSchema = z.object({
  question: z.string(),
  answers: z.array(z.object({ id: z.int(), text: z.string(), emoji: emojiSchema.nullable() })),
  expiresAt: isoTime.nullable(),
  multiselect: z.boolean(),
  /** `null` = not known, which is not zero. An answer that is missing in `counts` has no votes. */
  results: z
    .object({
      /** Counts are approximate until this is true. */
      finalized: z.boolean(),
      counts: z.array(z.object({ id: z.int(), count: z.int() })),
    })
    .nullable(),
});

const stickerSchema = z.object({
  id,
  name: z.string(),
  /** 1 PNG, 2 APNG, 3 Lottie, 4 GIF. */
  format: z.int(),
});

/** What an edit, a link preview, a pin or a reaction may change. */
const contentFields = {
  /** Markdown. Empty without the intent MESSAGE_CONTENT. */
  content: z.string(),
  /** `null` = never edited. */
  editedAt: isoTime.nullable(),
  /** Discord's message flags. */
  flags: z.int(),
  pinned: z.boolean(),
  mentions: z.array(personSchema),
  mentionRoles: z.array(id),
  mentionEveryone: z.boolean(),
  attachments: z.array(attachmentSchema),
  embeds: z.array(embedSchema),
  components: z.array(componentSchema),
  stickers: z.array(stickerSchema),
  poll: pollSchema.nullable(),
  /** Normal and super reactions together. */
  reactions: z.array(z.object({ emoji: emojiSchema, count: z.int() })),
  /** The thread that was started on this message. */
  threadId: id.nullable(),
};

const snapshotSchema = z.object({
  type: z.int(),
  content: z.string(),
  createdAt: isoTime.nullable(),
  editedAt: isoTime.nullable(),
  flags: z.int(),
  mentions: z.array(personSchema),
  mentionRoles: z.array(id),
  attachments: z.array(attachmentSchema),
  embeds: z.array(embedSchema),
  components: z.array(componentSchema),
  stickers: z.array(stickerSchema),
});

/** A message without the one that it replies to, which holds no further one. */
const flatMessageSchema = z.object({
  id,
  /** In a thread, the thread's id. */
  channelId: id,
  /** `null` in a direct message. */
  guildId: id.nullable(),
  /** Discord's message types; the text of system messages is the reader's to make. */
  type: z.int(),
  author: personSchema,
  authorRoles: z.array(id).nullable(),
  /** Set when a webhook posted it: the author's name and picture are this message's alone. */
  webhookId: id.nullable(),
  applicationId: id.nullable(),
  createdAt: isoTime,
  nonce: z.string().nullable(),
  reference: z
    .object({
      kind: z.enum(["reply", "forward"]),
      guildId: id.nullable(),
      channelId: id.nullable(),
      messageId: id.nullable(),
    })
    .nullable(),
  /** Of a forward: the copy, which has no author and never changes. */
  snapshots: z.array(snapshotSchema),
  interaction: z.object({ id, type: z.int(), userId: id.nullable() }).nullable(),
  /** Texts were cut to keep the event within `MESSAGE_BYTES_MAX`. */
  truncated: z.literal(true).optional(),
  ...contentFields,
});

export const messageSchema = flatMessageSchema.extend({
  /**
   * A copy of the message that this one replies to, as it was then. Absent: not looked up; `null`: deleted. Later edits
   * and the deletion of the target do not reach it, so render a reply from what you hold of `reference.messageId`.
   */
  referenced: flatMessageSchema.nullable().optional(),
});
/** A message as events carry it. */
export type Message = z.infer<typeof messageSchema>;

/** The fields that an update may change: absent = unchanged, `null` or `[]` = emptied. */
export const messagePatchSchema = z.object(contentFields).partial();
export type MessagePatch = z.infer<typeof messagePatchSchema>;

/** Bytes of one message's JSON. A larger one is cut and marked `truncated`. */
export const MESSAGE_BYTES_MAX = 16_384;
