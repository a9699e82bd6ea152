import { isSnowflake, type Snowflake } from "./snowflake.ts";

/**
 * Reading of single fields from parsed JSON. An absent or ill-typed field becomes `undefined` (or the stated
 * default): the decoders decide which fields they cannot do without.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asId(value: unknown): Snowflake | undefined {
  return isSnowflake(value) ? value : undefined;
}

/** Ids of a list; entries that are no ids are left out. */
export function asIds(value: unknown): readonly Snowflake[] {
  return asArray(value).filter(isSnowflake);
}

export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function asInteger(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Absent, `null` and anything but `true` count as false, which is what Discord means by leaving a flag out. */
export function asFlag(value: unknown): boolean {
  return value === true;
}

/** A timestamp of Discord's (ISO 8601, microseconds, any offset) as ISO 8601 in UTC with milliseconds. */
export function asTime(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}

/** Permission bits, which travel as a decimal string. */
export function asBits(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? value : undefined;
}

/** Each object of a list through `read`; what is no object, or of which `read` makes `undefined`, is left out. */
export function readEach<T>(list: unknown, read: (entry: JsonObject) => T | undefined): readonly T[] {
  const values: T[] = [];
  for (const entry of asArray(list)) {
    const object = asObject(entry);
    const value = object === undefined ? undefined : read(object);
    if (value !== undefined) values.push(value);
  }
  return values;
}
