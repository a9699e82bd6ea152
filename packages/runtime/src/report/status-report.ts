/**
 * What a process says of itself in JSON, as a person reads it: pure. It prints what is there, so that a newer one can
 * say more. Units are in the names.
 */
import { duration } from "./duration.ts";

type Json = Readonly<Record<string, unknown>>;

const WIDTH = 26;

export function statusReport(status: Json): string {
  const { timestamp: _, ...rest } = status;
  return `${lines(rest, "  ").join("\n")}\n`;
}

function lines(json: Json, indent: string): readonly string[] {
  return Object.entries(json).flatMap(([name, value]) => {
    const label = indent + name;
    if (isObject(value)) return [label, ...lines(value, `${indent}  `)];
    if (Array.isArray(value) && value.every(isObject))
      return value.length === 0
        ? [`${label.padEnd(WIDTH)} none`]
        : value.flatMap((each, index) => [`${label} ${index + 1}`, ...lines(each, `${indent}  `)]);
    return [`${label.padEnd(WIDTH)} ${shown(name, value)}`];
  });
}

function shown(name: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") {
    if (/Ms(Max)?$/.test(name)) return `${value} ms`;
    if (name.endsWith("S")) return duration(value);
    if (/bytes$/i.test(name)) return `${(value / 1_048_576).toFixed(1)} MiB`;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
