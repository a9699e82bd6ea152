import { CONTENT_CHARACTERS_MAX } from "../world/message.ts";
import { type FieldRule, type Fields, integerRule, listRule, problemsOf, textRule } from "./form.ts";
import type { FormProblem } from "./rest-error.ts";

/** What a message may hold. Source: https://discord.com/developers/docs/resources/message#create-message */

const EMBEDS_MAX = 10;
const EMBED_CHARACTERS_MAX = 6000;
const NONCE_CHARACTERS_MAX = 25;

/** Characters of an embed's parts; those of lists and nested objects are counted into the total alone. */
const EMBED_RULES: Readonly<Record<string, FieldRule>> = {
  title: textRule(256),
  description: textRule(4096),
  fields: listRule(25),
};

const nonceRule: FieldRule = (value) =>
  typeof value === "number"
    ? integerRule(0, Number.MAX_SAFE_INTEGER)(value)
    : textRule(NONCE_CHARACTERS_MAX)(value);

const DRAFT_RULES: Readonly<Record<string, FieldRule>> = {
  content: textRule(CONTENT_CHARACTERS_MAX),
  embeds: listRule(EMBEDS_MAX),
  nonce: nonceRule,
  flags: integerRule(0, 2 ** 31),
  sticker_ids: listRule(3),
};

export function draftProblems(fields: Fields): readonly FormProblem[] {
  return [...problemsOf(fields, DRAFT_RULES), ...embedProblems(fields["embeds"])];
}

function embedProblems(embeds: unknown): readonly FormProblem[] {
  if (!Array.isArray(embeds)) return [];
  const parts = embeds.map(
    (embed: unknown) => (typeof embed === "object" && embed !== null ? embed : {}) as Fields,
  );
  const problems = parts.flatMap((embed) =>
    problemsOf(embed, EMBED_RULES).map((problem) => ({ ...problem, field: "embeds" })),
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

const CARRIERS = ["content", "embeds", "sticker_ids", "components", "attachments", "poll"];

/** A message needs at least one of these (50006). */
export function hasContent(fields: Fields): boolean {
  return CARRIERS.some((name) => {
    const value = fields[name];
    if (typeof value === "string" || Array.isArray(value)) return value.length > 0;
    return value !== undefined && value !== null;
  });
}
