import { CONTENT_CHARACTERS_MAX } from "../../world/chat/message.ts";
import { POLL_LIMITS } from "../../world/chat/poll.ts";
import {
  type FieldRule,
  type Fields,
  flagRule,
  integerRule,
  keptRule,
  listRule,
  objectRule,
  problemsOf,
  type Rules,
  textRule,
} from "../form.ts";
import type { FormProblem } from "../rest-error.ts";
import { componentProblems } from "./component-form.ts";

/** What a message may hold. Source: https://discord.com/developers/docs/resources/message#create-message */

const EMBEDS_MAX = 10;
const EMBED_CHARACTERS_MAX = 6000;
const NONCE_CHARACTERS_MAX = 25;
export const FILES_MAX = 10;

export const MessageFlag = {
  SuppressEmbeds: 1 << 2,
  Ephemeral: 1 << 6,
  Loading: 1 << 7,
  SuppressNotifications: 1 << 12,
  IsVoiceMessage: 1 << 13,
  HasSnapshot: 1 << 14,
  IsComponentsV2: 1 << 15,
} as const;

/** Flags a bot may set on a new message; EPHEMERAL only in what answers an interaction. */
const SETTABLE =
  MessageFlag.SuppressEmbeds |
  MessageFlag.SuppressNotifications |
  MessageFlag.IsVoiceMessage |
  MessageFlag.IsComponentsV2;

/** Characters of an embed's parts; those of lists and nested objects are counted into the total alone. */
const EMBED_RULES: Rules = {
  title: textRule(256),
  description: textRule(4096),
  fields: listRule(25),
  type: keptRule,
  url: keptRule,
  timestamp: keptRule,
  color: integerRule(0, 0xff_ff_ff),
  footer: objectRule,
  image: objectRule,
  thumbnail: objectRule,
  author: objectRule,
  video: objectRule,
  provider: objectRule,
};

const nonceRule: FieldRule = (value) =>
  typeof value === "number"
    ? integerRule(0, Number.MAX_SAFE_INTEGER)(value)
    : textRule(NONCE_CHARACTERS_MAX)(value);

const COMMON: Rules = {
  content: textRule(CONTENT_CHARACTERS_MAX),
  embeds: listRule(EMBEDS_MAX),
  flags: integerRule(0, 2 ** 31),
  components: listRule(40),
  attachments: listRule(FILES_MAX),
  allowed_mentions: objectRule,
  tts: flagRule,
  poll: objectRule,
};

/** The fields of each sort of message. */
export const DRAFT_RULES = {
  create: {
    ...COMMON,
    nonce: nonceRule,
    enforce_nonce: flagRule,
    message_reference: objectRule,
    sticker_ids: listRule(3),
  },
  /** Interaction answers and follow-ups. */
  answer: COMMON,
  webhook: {
    ...COMMON,
    username: textRule(80, 1),
    avatar_url: textRule(2048),
    thread_name: textRule(100, 1),
    applied_tags: listRule(5),
  },
  edit: { ...COMMON, sticker_ids: listRule(0) },
} as const satisfies Record<string, Rules>;

export type DraftKind = keyof typeof DRAFT_RULES;

export function draftProblems(fields: Fields, kind: DraftKind): readonly FormProblem[] {
  const { components, poll, attachments, allowed_mentions: allowed, flags } = fields;
  const isV2 = typeof flags === "number" && (flags & MessageFlag.IsComponentsV2) !== 0;
  return [
    ...problemsOf(fields, DRAFT_RULES[kind]),
    ...embedProblems(fields["embeds"]),
    ...componentProblems(components, isV2 ? "v2" : "message"),
    ...(isV2 ? legacyProblems(fields) : []),
    ...(isObject(poll) ? pollProblems(poll) : []),
    ...(Array.isArray(attachments) ? attachmentProblems(attachments) : []),
    ...(isObject(allowed) ? allowedProblems(allowed) : []),
    ...flagProblems(flags, kind),
  ];
}

function flagProblems(flags: unknown, kind: DraftKind): readonly FormProblem[] {
  if (typeof flags !== "number" || kind === "edit") return [];
  const settable = kind === "answer" ? SETTABLE | MessageFlag.Ephemeral : SETTABLE;
  if ((flags & ~settable) === 0) return [];
  const message = `Flags ${flags & ~settable} cannot be set here.`;
  return [{ field: "flags", code: "MESSAGE_FLAGS_INVALID", message }];
}

/** With Components V2 nothing of the classic form may be there. */
function legacyProblems(fields: Fields): readonly FormProblem[] {
  return ["content", "embeds", "sticker_ids", "poll"]
    .filter((name) => isGiven(fields[name]))
    .map((field) => ({
      field,
      code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
      message: `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    }));
}

const POLL_RULES: Rules = {
  question: objectRule,
  answers: listRule(POLL_LIMITS.answers),
  duration: integerRule(1, POLL_LIMITS.hours),
  allow_multiselect: flagRule,
  layout_type: integerRule(1, 1),
};

function pollProblems(poll: Fields): readonly FormProblem[] {
  const { question, answers } = poll;
  const texts = [
    ["question.text", isObject(question) ? question["text"] : undefined, POLL_LIMITS.question],
    ...(Array.isArray(answers) ? answers : []).map(
      (answer: unknown, index) =>
        [`answers.${index}.poll_media.text`, mediaText(answer), POLL_LIMITS.answer] as const,
    ),
  ] as const;
  const inside = texts.flatMap(([field, text, most]) => {
    const problem = textRule(most, 1)(text);
    return problem === undefined ? [] : [{ ...problem, field: `poll.${field}` }];
  });
  const own = problemsOf(poll, POLL_RULES).map((problem) => ({ ...problem, field: `poll.${problem.field}` }));
  const isEmpty = !Array.isArray(answers) || answers.length === 0;
  const none = isEmpty
    ? [{ field: "poll.answers", code: "BASE_TYPE_REQUIRED", message: "This field is required" }]
    : [];
  return [...own, ...inside, ...none];
}

function mediaText(answer: unknown): unknown {
  const media = isObject(answer) ? answer["poll_media"] : undefined;
  return isObject(media) ? media["text"] : undefined;
}

const ATTACHMENT_RULES: Rules = {
  id: keptRule,
  filename: textRule(1024),
  title: textRule(1024),
  description: textRule(1024),
  duration_secs: keptRule,
  waveform: keptRule,
  is_spoiler: flagRule,
};

/** What clients send back of an attachment they were given is let in: it names one that is kept. */
const KEPT_ATTACHMENT = ["url", "proxy_url", "size", "content_type", "width", "height", "ephemeral", "flags"];

function attachmentProblems(attachments: readonly unknown[]): readonly FormProblem[] {
  const known = {
    ...ATTACHMENT_RULES,
    ...Object.fromEntries(KEPT_ATTACHMENT.map((name) => [name, keptRule])),
  };
  return attachments.flatMap((entry, index) =>
    problemsOf(isObject(entry) ? entry : {}, known).map((problem) => ({
      ...problem,
      field: `attachments.${index}.${problem.field}`,
    })),
  );
}

const ALLOWED_RULES: Rules = {
  parse: listRule(3),
  users: listRule(100),
  roles: listRule(100),
  replied_user: flagRule,
};

function allowedProblems(allowed: Fields): readonly FormProblem[] {
  const parse = Array.isArray(allowed["parse"]) ? allowed["parse"] : [];
  const both = ["users", "roles"].filter((name) => {
    const ids = allowed[name];
    return parse.includes(name) && Array.isArray(ids) && ids.length > 0;
  });
  return [
    ...problemsOf(allowed, ALLOWED_RULES).map((problem) => ({
      ...problem,
      field: `allowed_mentions.${problem.field}`,
    })),
    ...both.map((name) => ({
      field: "allowed_mentions",
      code: "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
      message: `parse:["${name}"] and ${name}: [ids...] are mutually exclusive.`,
    })),
  ];
}

function embedProblems(embeds: unknown): readonly FormProblem[] {
  if (!Array.isArray(embeds)) return [];
  const parts = embeds.map((embed: unknown) => (isObject(embed) ? embed : {}));
  const problems = parts.flatMap((embed, index) =>
    problemsOf(embed, EMBED_RULES).map((problem) => ({
      ...problem,
      field: `embeds.${index}.${problem.field}`,
    })),
  );
  const total = parts.reduce((sum, embed) => sum + charactersOf(embed), 0);
  if (total <= EMBED_CHARACTERS_MAX) return problems;
  const message = `Embed size exceeds maximum size of ${EMBED_CHARACTERS_MAX}`;
  return [...problems, { field: "embeds", code: "MAX_EMBED_SIZE_EXCEEDED", message }];
}

/** Title, description, field names and values, footer and author count together. */
function charactersOf(embed: Fields): number {
  const { title, description, fields, footer, author } = embed;
  const entries = Array.isArray(fields) ? (fields as readonly Fields[]) : [];
  const texts = [
    title,
    description,
    (footer as Fields | undefined)?.["text"],
    (author as Fields | undefined)?.["name"],
    ...entries.flatMap((entry) => [entry["name"], entry["value"]]),
  ];
  return texts.reduce<number>((sum, text) => sum + (typeof text === "string" ? text.length : 0), 0);
}

const CARRIERS = ["content", "embeds", "sticker_ids", "components", "poll"];

/** A message needs at least one of these, or a file (50006). */
export function hasContent(fields: Fields): boolean {
  return CARRIERS.some((name) => isGiven(fields[name]));
}

export function isGiven(value: unknown): boolean {
  if (typeof value === "string" || Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
