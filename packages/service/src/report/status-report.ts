/** What a process says of itself in JSON, as a person reads it: pure. It prints what is there, so that a newer one can say more. */
import { duration } from "./duration.ts";

type Json = Readonly<Record<string, unknown>>;

export function statusReport(health: Json): string {
  const lines = Object.entries(health)
    .filter(([key]) => key !== "timestamp")
    .flatMap(([key, value]) =>
      isObject(value)
        ? [`  ${key}`, ...Object.entries(value).map(([name, each]) => row(`    ${name}`, name, each))]
        : [row(`  ${key}`, key, value)],
    );
  return `${lines.join("\n")}\n`;
}

const WIDTH = 26;

function row(label: string, name: string, value: unknown): string {
  return `${label.padEnd(WIDTH)} ${shown(name, value)}`;
}

/** Units are in the names. */
function shown(name: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") {
    if (name.endsWith("Ms")) return `${value} ms`;
    if (name.endsWith("S")) return duration(value);
    if (/bytes$/i.test(name)) return `${(value / 1_048_576).toFixed(1)} MiB`;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
