import { isSnowflake } from "@guildwire/discord-wire";
import { parseExactJson } from "../exact-json.ts";
import { readMultipart, type UploadedFile } from "./multipart.ts";
import type { RestAnswer, RestRequest } from "./rest-answer.ts";
import { type FormProblem, failure, invalidForm } from "./rest-error.ts";

/**
 * Bodies of requests: read once, then checked field by field, all problems together (50035). A field without a rule is
 * refused, so that nothing is accepted and then dropped.
 */
export type Fields = Readonly<Record<string, unknown>>;

export type Body =
  | { readonly ok: true; readonly fields: Fields; readonly files: readonly UploadedFile[] }
  | { readonly ok: false; readonly answer: RestAnswer };

/** JSON, or a form whose `payload_json` has the fields and whose other parts are files. */
export function readBody(request: RestRequest): Body {
  const type = request.contentType ?? "";
  if (type.startsWith("multipart/form-data")) {
    const parts = readMultipart(type, request.body);
    return parts === undefined
      ? { ok: false, answer: failure("InvalidJson") }
      : parse(parts.payloadJson, parts.files);
  }
  if (!type.startsWith("application/json")) {
    const message = `Expected "Content-Type" header to be one of {'application/json'}.`;
    return { ok: false, answer: invalidForm([{ field: "_errors", code: "CONTENT_TYPE_INVALID", message }]) };
  }
  return parse(request.body.toString("utf8"), []);
}

function parse(text: string, files: readonly UploadedFile[]): Body {
  const json = readJson(text);
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? { ok: true, fields: json as Fields, files }
    : { ok: false, answer: failure("InvalidJson") };
}

export type ListBody =
  | { readonly ok: true; readonly entries: readonly Fields[] }
  | { readonly ok: false; readonly answer: RestAnswer };

/** A body that is a list of objects. */
export function readListBody(request: RestRequest): ListBody {
  const json = readJson(request.body.toString("utf8"));
  const isList = Array.isArray(json) && json.every((entry) => typeof entry === "object" && entry !== null);
  return isList ? { ok: true, entries: json } : { ok: false, answer: failure("InvalidJson") };
}

/** `undefined` for what is no JSON. Ids that came as numbers are text in it. */
function readJson(text: string): unknown {
  try {
    const json = parseExactJson(text);
    return LONG_NUMBER.test(text) ? withTextIds(json, "") : json;
  } catch {
    return undefined;
  }
}

/** Ids are above this: it is the first one that Discord can have made. */
const ID_MIN = 2 ** 22;
const LONG_NUMBER = /[\s:,[]\d{7}/;
const ID_FIELD = /(^|_)ids?$|^(users|roles|messages|applied_tags|exempt_\w+)$/;

function withTextIds(json: unknown, field: string): unknown {
  if (typeof json === "number") return json >= ID_MIN && ID_FIELD.test(field) ? String(json) : json;
  if (Array.isArray(json)) return json.map((entry) => withTextIds(entry, field));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, withTextIds(value, name)]));
}

/** What is wrong with a value, `undefined` for nothing. */
export type FieldRule = (value: unknown) => Omit<FormProblem, "field"> | undefined;

export type Rules = Readonly<Record<string, FieldRule>>;

/**
 * The problems of all fields. An absent field has none, nor has `null`, which stands for "no value"; a field without a
 * rule may only hold what says nothing.
 */
export function problemsOf(fields: Fields, rules: Rules): readonly FormProblem[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule === undefined) return saysNothing(value) ? [] : [{ field, ...UNSUPPORTED }];
    if (value === undefined || value === null) return [];
    const problem = rule(value);
    return problem === undefined ? [] : [{ field, ...problem }];
  });
}

const UNSUPPORTED = {
  code: "UNSUPPORTED_FIELD",
  message: "The simulator does not support this field and refuses it rather than dropping it.",
};

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

export function required(field: string): FormProblem {
  return { field, code: "BASE_TYPE_REQUIRED", message: "This field is required" };
}

/** Any value: it is kept and shown as it came. */
export const keptRule: FieldRule = () => undefined;

export const idRule: FieldRule = (value) =>
  isSnowflake(value)
    ? undefined
    : { code: "NUMBER_TYPE_COERCE", message: `Value "${String(value)}" is not snowflake.` };

export function choiceRule(...choices: readonly (string | number)[]): FieldRule {
  return (value) =>
    choices.some((choice) => choice === value)
      ? undefined
      : { code: "BASE_TYPE_CHOICES", message: `Value must be one of {${choices.join(", ")}}.` };
}

export const timeRule: FieldRule = (value) =>
  typeof value === "string" && !Number.isNaN(Date.parse(value))
    ? undefined
    : { code: "DATE_TIME_TYPE_PARSE", message: `Could not parse ${String(value)}. Should be ISO8601.` };

export const bitsRule: FieldRule = (value) =>
  (typeof value === "string" && /^\d{1,20}$/.test(value)) ||
  (Number.isSafeInteger(value) && Number(value) >= 0)
    ? undefined
    : { code: "BITFIELD_TYPE_COERCE", message: `Value "${String(value)}" is not bitfield.` };

export const objectRule: FieldRule = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? undefined
    : { code: "DICT_TYPE_CONVERT", message: "Only dictionaries may be used in a DictType" };

export function textRule(charactersMax: number, charactersMin = 0): FieldRule {
  return (value) => {
    if (typeof value !== "string") {
      return { code: "BASE_TYPE_BAD_TYPE", message: "Only a string is accepted." };
    }
    const length = [...value].length;
    if (length > charactersMax) {
      return { code: "BASE_TYPE_MAX_LENGTH", message: `Must be ${charactersMax} or fewer in length.` };
    }
    if (length < charactersMin) {
      return {
        code: "BASE_TYPE_BAD_LENGTH",
        message: `Must be between ${charactersMin} and ${charactersMax} in length.`,
      };
    }
    return undefined;
  };
}

export function listRule(entriesMax: number): FieldRule {
  return (value) => {
    if (!Array.isArray(value)) {
      return { code: "BASE_TYPE_BAD_TYPE", message: "Only iterables may be used in a ListType" };
    }
    return value.length > entriesMax
      ? { code: "BASE_TYPE_MAX_LENGTH", message: `Must be ${entriesMax} or fewer in length.` }
      : undefined;
  };
}

export function integerRule(least: number, most: number): FieldRule {
  return (value) => {
    if (!Number.isSafeInteger(value)) {
      return { code: "NUMBER_TYPE_COERCE", message: `Value "${String(value)}" is not int.` };
    }
    const number = value as number;
    if (number < least) {
      return { code: "NUMBER_TYPE_MIN", message: `int value should be greater than or equal to ${least}.` };
    }
    return number > most
      ? { code: "NUMBER_TYPE_MAX", message: `int value should be less than or equal to ${most}.` }
      : undefined;
  };
}

export const flagRule: FieldRule = (value) =>
  typeof value === "boolean"
    ? undefined
    : { code: "BOOLEAN_TYPE_CONVERT", message: "Must be either true or false." };

/** `limit` of a list: a number in its range, the default when it is absent. */
export function limitOf(
  query: URLSearchParams,
  range: { readonly most: number; readonly usual: number },
): { readonly ok: true; readonly limit: number } | { readonly ok: false; readonly answer: RestAnswer } {
  const text = query.get("limit");
  if (text === null) return { ok: true, limit: range.usual };
  const limit = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  const problem = integerRule(1, range.most)(limit);
  return problem === undefined
    ? { ok: true, limit }
    : { ok: false, answer: invalidForm([{ field: "limit", ...problem }]) };
}
