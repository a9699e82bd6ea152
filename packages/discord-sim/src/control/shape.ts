import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import type { Occasions } from "../fault/faults.ts";

/** Checks of JSON that came over the control port: which fields there are, and what each may hold. */
export interface Field<T> {
  /** Completes the sentence "must be …". */
  readonly expected: string;
  readonly required: boolean;
  readonly accepts: (value: unknown) => value is T;
}

/** A check for every field of `T`. */
export type Shape<T> = { readonly [Name in keyof T]-?: Field<Exclude<T[Name], undefined>> };

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly field: string; readonly problem: string };

/** Refuses what is missing, ill-typed or unknown, naming the first such field. */
export function check<T>(shape: Shape<T>, json: Readonly<Record<string, unknown>>): Checked<T> {
  for (const name of Object.keys(json)) {
    if (!Object.hasOwn(shape, name)) return { ok: false, field: name, problem: "is not known" };
  }
  for (const [name, field] of Object.entries<Field<unknown>>(shape)) {
    const value = json[name];
    if (value === undefined && field.required) return { ok: false, field: name, problem: "is missing" };
    if (value !== undefined && !field.accepts(value)) {
      return { ok: false, field: name, problem: `must be ${field.expected}` };
    }
  }
  // Every field has been held against its check just now.
  return { ok: true, value: json as T };
}

export function optional<T>(field: Field<T>): Field<T> {
  return { ...field, required: false };
}

export function orNull<T>(field: Field<T>): Field<T | null> {
  return {
    ...field,
    expected: `${field.expected} or null`,
    accepts: (value): value is T | null => value === null || field.accepts(value),
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Field<T> {
  return {
    expected: `one of ${choices.join(", ")}`,
    required: true,
    accepts: (value): value is T => choices.some((choice) => choice === value),
  };
}

export const id = {
  expected: "a Discord id (digits in a string)",
  required: true,
  accepts: isSnowflake,
} as const;

export function ids(most: number): Field<readonly Snowflake[]> {
  return {
    expected: `a list of up to ${most} Discord ids`,
    required: true,
    accepts: (value): value is readonly Snowflake[] =>
      Array.isArray(value) && value.length <= most && value.every(isSnowflake),
  };
}

/** A bit field, such as permissions. */
export const bits: Field<string> = {
  expected: "a bit field in decimal digits",
  required: true,
  accepts: (value): value is string => typeof value === "string" && /^\d{1,20}$/.test(value),
};

export const flag: Field<boolean> = {
  expected: "true or false",
  required: true,
  accepts: (value) => typeof value === "boolean",
};

export const occasions: Field<Occasions> = {
  expected: "true, false or how many times",
  required: true,
  accepts: (value): value is Occasions => typeof value === "boolean" || isCount(value),
};

export function text(charactersMax: number): Field<string> {
  return {
    expected: `a text of 1 to ${charactersMax} characters`,
    required: true,
    accepts: (value): value is string =>
      typeof value === "string" && value.length >= 1 && value.length <= charactersMax,
  };
}

export function count(most: number): Field<number> {
  return {
    expected: `a whole number from 0 to ${most}`,
    required: true,
    accepts: (value): value is number => isCount(value) && value <= most,
  };
}

/** An object of any fields, in Discord's own names. */
export const details: Field<Readonly<Record<string, unknown>>> = {
  expected: "an object",
  required: true,
  accepts: (value): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value),
};

/** An object whose fields have a shape. */
export function objectOf<T extends object>(shape: Shape<T>): Field<T> {
  return {
    expected: `an object of ${Object.keys(shape).join(", ")}`,
    required: true,
    accepts: (value): value is T => details.accepts(value) && check<T>(shape, value).ok,
  };
}

export function listOf<T>(field: Field<T>, most: number): Field<readonly T[]> {
  return {
    expected: `a list of up to ${most}, each ${field.expected}`,
    required: true,
    accepts: (value): value is readonly T[] =>
      Array.isArray(value) && value.length <= most && value.every((entry) => field.accepts(entry)),
  };
}

export function oneOfNumbers<const T extends number>(...choices: readonly T[]): Field<T> {
  return {
    expected: `one of ${choices.join(", ")}`,
    required: true,
    accepts: (value): value is T => choices.some((choice) => choice === value),
  };
}

export const isoDate: Field<string> = {
  expected: "a time in ISO 8601",
  required: true,
  accepts: (value): value is string => typeof value === "string" && !Number.isNaN(Date.parse(value)),
};

/** A close code that can be put on the wire. */
export const closeCode: Field<number> = {
  expected: "a close code (1000, 1001 or 3000 to 4999)",
  required: true,
  accepts: (value): value is number => {
    return isCount(value) && (value === 1000 || value === 1001 || (value >= 3000 && value <= 4999));
  },
};

export const httpStatus: Field<number> = {
  expected: "an HTTP status from 400 to 599",
  required: true,
  accepts: (value): value is number => isCount(value) && value >= 400 && value <= 599,
};

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
