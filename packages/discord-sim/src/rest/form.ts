import type { RestAnswer, RestRequest } from "./rest-answer.ts";
import { type FormProblem, failure, invalidForm } from "./rest-error.ts";

/** Bodies of requests: read once, then checked field by field, all problems together (50035). */
export type Fields = Readonly<Record<string, unknown>>;

export type Body =
  | { readonly ok: true; readonly fields: Fields }
  | { readonly ok: false; readonly answer: RestAnswer };

/** JSON, or the `payload_json` of a form with files; the files themselves are not kept. */
export function readBody(request: RestRequest): Body {
  const type = request.contentType ?? "";
  if (type.startsWith("multipart/form-data")) return parse(payloadJson(request.body));
  if (!type.startsWith("application/json")) {
    const message = `Expected "Content-Type" header to be one of {'application/json'}.`;
    return { ok: false, answer: invalidForm([{ field: "_errors", code: "CONTENT_TYPE_INVALID", message }]) };
  }
  return parse(request.body);
}

function parse(text: string): Body {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && !Array.isArray(json)) {
      return { ok: true, fields: json as Fields };
    }
  } catch {
    // Told below, with what is JSON and no object.
  }
  return { ok: false, answer: failure("InvalidJson") };
}

function payloadJson(body: string): string {
  const part = /name="payload_json"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*?)\r\n--/.exec(body);
  return part?.[1] ?? "{}";
}

/** A check of one field: what is wrong with a value that is there. */
export type FieldRule = (value: unknown) => Omit<FormProblem, "field"> | undefined;

/** The problems of all fields that have a rule and are there; `null` counts as not there. */
export function problemsOf(
  fields: Fields,
  rules: Readonly<Record<string, FieldRule>>,
): readonly FormProblem[] {
  return Object.entries(rules).flatMap(([field, rule]) => {
    const value = fields[field];
    if (value === undefined || value === null) return [];
    const problem = rule(value);
    return problem === undefined ? [] : [{ field, ...problem }];
  });
}

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
