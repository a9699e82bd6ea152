import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { FILE_SCHEME } from "../../files/file-address.ts";
import type { FileStore } from "../../files/file-store.ts";
import { ALL_MENTIONS, type AllowedMentions, PEOPLE_ONLY } from "../../world/chat/mention.ts";
import {
  type Attachment,
  type Draft,
  emojiOf,
  type Message,
  type MessageMore,
} from "../../world/chat/message.ts";
import { POLL_LIMITS, type Poll } from "../../world/chat/poll.ts";
import { attachmentId, stickerOf } from "../../world/chat/sent-message.ts";
import type { Fields } from "../form.ts";
import type { UploadedFile } from "../multipart.ts";
import type { RestAnswer } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import { withComponentIds } from "./component-form.ts";
import {
  type DraftKind,
  draftProblems,
  FILES_MAX,
  hasContent,
  isObject,
  MessageFlag,
} from "./message-form.ts";

/** Messages from the bodies of requests, whatever route they come by. */

export interface DraftPlace {
  readonly channelId: Snowflake;
  readonly files: FileStore;
  readonly atMs: number;
}

export type MessageDraft = Omit<Draft, "channelId" | "author" | "mentions"> & {
  readonly allowed: AllowedMentions;
};

export type Drafting =
  | { readonly ok: true; readonly draft: MessageDraft }
  | { readonly ok: false; readonly answer: RestAnswer };

/** Bytes of a file; Discord allows more with server boosts. */
const FILE_BYTES_MAX = 10 * 1024 * 1024;

/** `kind` decides which fields there may be and whom the message pings unless told otherwise. */
export function readDraft(
  fields: Fields,
  files: readonly UploadedFile[],
  kind: Exclude<DraftKind, "edit">,
  place: DraftPlace,
): Drafting {
  const problems = draftProblems(fields, kind);
  if (problems.length > 0) return { ok: false, answer: invalidForm(problems) };
  if (files.length > FILES_MAX) return { ok: false, answer: failure("InvalidForm") };
  if (files.some(({ bytes }) => bytes.byteLength > FILE_BYTES_MAX)) {
    return { ok: false, answer: failure("EntityTooLarge") };
  }
  const isForward = isObject(fields["message_reference"]) && fields["message_reference"]["type"] === 1;
  if (!hasContent(fields) && files.length === 0 && !isForward) {
    return { ok: false, answer: failure("EmptyMessage") };
  }
  const stickerIds = listOf(fields["sticker_ids"]);
  const stickers = stickerIds.flatMap((id) => stickerOf(String(id)) ?? []);
  if (stickers.length < stickerIds.length) return { ok: false, answer: failure("InvalidSticker") };
  const { content, embeds, flags, nonce, tts, components, poll } = fields;
  const flagBits = typeof flags === "number" ? flags : 0;
  const attachments = storeFiles(files, fields, flagBits, place);
  const shown = withFiles({ embeds: listOf(embeds), components: listOf(components) }, attachments);
  const more: MessageMore = {
    ...(tts === true ? { tts: true } : {}),
    ...(shown.attachments.length > 0 ? { attachments: shown.attachments } : {}),
    ...(shown.components.length > 0 ? { components: withComponentIds(shown.components) } : {}),
    ...(isObject(poll) ? { poll: readPoll(poll, place.atMs) } : {}),
    ...(stickers.length > 0 ? { stickers } : {}),
  };
  return {
    ok: true,
    draft: {
      content: typeof content === "string" ? content : "",
      embeds: shown.embeds,
      flags: flagBits,
      nonce: typeof nonce === "string" || typeof nonce === "number" ? nonce : undefined,
      allowed: readAllowed(fields["allowed_mentions"], kind === "create" ? ALL_MENTIONS : PEOPLE_ONLY),
      ...(Object.keys(more).length > 0 ? { more } : {}),
    },
  };
}

export type Editing =
  | { readonly ok: true; readonly message: Message; readonly allowed: AllowedMentions }
  | { readonly ok: false; readonly answer: RestAnswer };

/** The message with what an edit changes. What is not named stays, but for mentions, which are read anew. */
export function readEdit(
  message: Message,
  fields: Fields,
  files: readonly UploadedFile[],
  place: DraftPlace,
): Editing {
  const wasV2 = (message.flags & MessageFlag.IsComponentsV2) !== 0;
  const given = typeof fields["flags"] === "number" ? fields["flags"] : message.flags;
  const flags = given | (wasV2 ? MessageFlag.IsComponentsV2 : 0);
  const problems = draftProblems({ ...fields, flags }, "edit");
  if (problems.length > 0) return { ok: false, answer: invalidForm(problems) };
  const { content, embeds, components, attachments, poll } = fields;
  const before = message.more ?? {};
  const kept = attachments === undefined ? (before.attachments ?? []) : keptOf(before, listOf(attachments));
  const added = storeFiles(files, fields, flags, place);
  const shown = withFiles(
    {
      embeds: embeds === undefined ? message.embeds : listOf(embeds),
      components: components === undefined ? (before.components ?? []) : listOf(components),
    },
    [...kept, ...added],
  );
  const text = content === undefined ? message.content : String(content ?? "");
  const hasPoll = isObject(poll) || before.poll !== undefined;
  const parts = shown.embeds.length + shown.components.length + shown.attachments.length;
  if (text === "" && parts === 0 && !hasPoll && (before.stickers ?? []).length === 0) {
    return { ok: false, answer: failure("EmptyMessage") };
  }
  const more: MessageMore = {
    ...before,
    attachments: shown.attachments,
    components: withComponentIds(shown.components),
    ...(isObject(poll) && before.poll === undefined ? { poll: readPoll(poll, place.atMs) } : {}),
  };
  const isPlain =
    message.more === undefined && shown.attachments.length + shown.components.length === 0 && !hasPoll;
  return {
    ok: true,
    allowed: readAllowed(fields["allowed_mentions"], ALL_MENTIONS),
    message: {
      ...message,
      content: text,
      embeds: shown.embeds,
      flags,
      ...(isPlain ? {} : { more }),
    },
  };
}

/** Attachments an edit names stay; the others go. A new one has the number of its file. */
function keptOf(before: MessageMore, attachments: readonly unknown[]): readonly Attachment[] {
  const named = attachments.flatMap((entry) => (isObject(entry) ? [String(entry["id"])] : []));
  return (before.attachments ?? []).filter(({ id }) => named.includes(id));
}

function storeFiles(
  files: readonly UploadedFile[],
  fields: Fields,
  flags: number,
  place: DraftPlace,
): readonly Attachment[] {
  const described = listOf(fields["attachments"]).filter(isObject);
  return files.map(({ field, filename, contentType, bytes }, index): Attachment => {
    const n = /\d+/.exec(field)?.[0] ?? String(index);
    const about = described.find(({ id }) => String(id) === n) ?? {};
    const id = attachmentId(place.channelId, place.atMs, index);
    const name = cleanName(typeof about["filename"] === "string" ? about["filename"] : filename);
    const path = `attachments/${place.channelId}/${id}/${name}`;
    place.files.put(path, bytes, contentType);
    return {
      id,
      filename: name,
      contentType,
      sizeBytes: bytes.byteLength,
      path,
      ...(typeof about["title"] === "string" ? { title: about["title"] } : {}),
      ...(typeof about["description"] === "string" ? { description: about["description"] } : {}),
      ...(flags & MessageFlag.Ephemeral ? { isEphemeral: true } : {}),
    };
  });
}

/** Discord keeps letters, digits, points, lines and dashes of a file's name. */
function cleanName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, "_");
}

interface Shown {
  readonly embeds: readonly unknown[];
  readonly components: readonly unknown[];
}

/** `attachment://name` becomes the file's address; what an embed shows is no attachment of the message any more. */
function withFiles(
  shown: Shown,
  attachments: readonly Attachment[],
): Shown & { readonly attachments: readonly Attachment[] } {
  const embedded = new Set<string>();
  const resolve = (value: unknown, marks: boolean): unknown => {
    if (typeof value === "string" && value.startsWith("attachment://")) {
      const file = attachments.find(({ filename }) => filename === value.slice("attachment://".length));
      if (file === undefined) return value;
      if (marks) embedded.add(file.id);
      return `${FILE_SCHEME}${file.path}`;
    }
    if (Array.isArray(value)) return value.map((entry) => resolve(entry, marks));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner, marks)]));
  };
  const embeds = shown.embeds.map((embed) => ({ type: "rich", ...(resolve(embed, true) as Fields) }));
  const components = shown.components.map((component) => resolve(component, false));
  return { embeds, components, attachments: attachments.filter(({ id }) => !embedded.has(id)) };
}

function readPoll(poll: Fields, atMs: number): Poll {
  const { question, answers, duration, allow_multiselect: several } = poll;
  const hours = typeof duration === "number" ? duration : POLL_LIMITS.hoursUsual;
  return {
    question: isObject(question) ? String(question["text"]) : "",
    answers: listOf(answers).map((answer) => {
      const media = isObject(answer) && isObject(answer["poll_media"]) ? answer["poll_media"] : {};
      const emoji = isObject(media["emoji"]) ? media["emoji"] : {};
      const { id, name } = emoji;
      return {
        text: String(media["text"]),
        emoji:
          typeof name === "string" ? emojiOf(typeof id === "string" ? `${name}:${id}` : name) : undefined,
        voterIds: [],
      };
    }),
    endsAtMs: atMs + hours * 3_600_000,
    allowsSeveral: several === true,
    layoutType: 1,
    isFinal: false,
  };
}

/** `allowed_mentions`, which replaces the usual rule whole. */
export function readAllowed(given: unknown, usual: AllowedMentions): AllowedMentions {
  if (!isObject(given)) return usual;
  const parse = listOf(given["parse"]);
  const idsIn = (name: string): readonly Snowflake[] => listOf(given[name]).filter(isSnowflake);
  return {
    everyone: parse.includes("everyone"),
    roles: parse.includes("roles") ? "all" : idsIn("roles"),
    users: parse.includes("users") ? "all" : idsIn("users"),
    repliedUser: given["replied_user"] === true,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
