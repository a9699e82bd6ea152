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

export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function asInteger(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** Absent, `null` and anything but `true` count as false, which is what Discord means by leaving a flag out. */
export function asFlag(value: unknown): boolean {
  return value === true;
}
