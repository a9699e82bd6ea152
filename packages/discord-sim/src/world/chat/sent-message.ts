import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";
import { fractionOf } from "@guildwire/runtime/random";
import { STANDARD_STICKERS } from "../catalogue.ts";
import type { MessageCommand } from "../command.ts";
import type { World } from "../world.ts";
import {
  type Attachment,
  emojiOf,
  type Message,
  type MessageMore,
  messageIn,
  type StickerItem,
} from "./message.ts";
import { POLL_LIMITS, type Poll } from "./poll.ts";

/** What people's messages may have besides text, from the command that sends them. */

type Send = Extract<MessageCommand, { type: "sendMessage" }>;

type Drafted =
  | { readonly ok: true; readonly more: MessageMore | undefined }
  | { readonly ok: false; readonly field: string; readonly problem: string };

export function draftOf(world: World, command: Send, atMs: number): Drafted {
  const { attachments = [], stickerIds = [], poll, forwards, embeds = [] } = command;
  const isPlain = attachments.length + stickerIds.length + embeds.length === 0;
  if (isPlain && poll === undefined && forwards === undefined) return { ok: true, more: undefined };
  const stickers = stickerIds.flatMap((id) => stickerOf(id) ?? []);
  if (stickers.length < stickerIds.length) {
    return { ok: false, field: "stickerIds", problem: "names a sticker that does not exist" };
  }
  const forwarded = forwards && messageIn(world.messages, forwards.channelId, forwards.messageId);
  if (forwards !== undefined && forwarded === undefined) {
    return { ok: false, field: "forwards", problem: "names a message that does not exist" };
  }
  return {
    ok: true,
    more: {
      ...(attachments.length === 0 ? {} : { attachments: attachmentsOf(command, atMs) }),
      ...(stickers.length === 0 ? {} : { stickers }),
      ...(poll === undefined ? {} : { poll: newPoll(poll, atMs) }),
      ...(forwarded === undefined ? {} : forwardOf(world.guild.id, forwarded)),
    },
  };
}

/** A forward: the reference, and the message as it was. */
export function forwardOf(guildId: Snowflake, message: Message): Pick<MessageMore, "reference" | "snapshot"> {
  const { channelId, id: messageId } = message;
  return { reference: { type: 1, channelId, messageId, guildId }, snapshot: message };
}

export function stickerOf(id: string): StickerItem | undefined {
  const sticker = STANDARD_STICKERS.find((candidate) => candidate.id === id);
  return sticker && { id: sticker.id as Snowflake, name: sticker.name, formatType: 1 };
}

export interface PollDraft {
  readonly question: string;
  readonly answers: readonly string[];
  readonly hours?: number;
  readonly allowsSeveral?: boolean;
}

function newPoll(draft: PollDraft, atMs: number): Poll {
  return {
    question: draft.question,
    answers: draft.answers.map((text) => ({ text, emoji: undefined, voterIds: [] })),
    endsAtMs: atMs + (draft.hours ?? POLL_LIMITS.hoursUsual) * 3_600_000,
    allowsSeveral: draft.allowsSeveral ?? false,
    layoutType: 1,
    isFinal: false,
  };
}

/** Emoji of an answer from its wire form. */
export function pollEmoji(name: string | undefined): ReturnType<typeof emojiOf> {
  return name === undefined ? undefined : emojiOf(name);
}

function attachmentsOf(command: Send, atMs: number): readonly Attachment[] {
  return (command.attachments ?? []).map(({ filename, contentType, sizeBytes, description }, index) => {
    const id = attachmentId(command.channelId, atMs, index);
    return {
      id,
      filename,
      contentType: contentType ?? "application/octet-stream",
      sizeBytes: sizeBytes ?? 0,
      path: `attachments/${command.channelId}/${id}/${filename}`,
      ...(description === undefined ? {} : { description }),
    };
  });
}

/** The `index`th file of a message that is sent now. */
export function attachmentId(channelId: Snowflake, atMs: number, index: number): Snowflake {
  const machine = Math.floor(fractionOf(`files/${channelId}`) * 512) << 12;
  return snowflakeAt(Math.floor(atMs), machine + index);
}
