/** A log record as a line for people: pure. Time, level, message, and the other fields behind it. */
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  debug: "gray",
  trace: "gray",
  warn: "yellow",
  error: "red",
  fatal: ["red", "bold"],
};

/** `json`: one record; what is no record is returned as it is. `colour`: with the escape codes of a terminal. */
export function textLine(json: string, colour: boolean): string {
  const record = parsed(json);
  if (record === undefined) return json;
  const { time, level, app: _, event, msg, ...fields } = record;
  const painted = (style: Style, text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const name = String(level);
  const facts = Object.entries({ ...(msg === undefined ? {} : { event }), ...fields })
    .filter(([, value]) => value !== null && value !== undefined)
    .map(
      ([key, value]) =>
        `${key}=${typeof value === "string" && !/[\s"=]/.test(value) ? value : JSON.stringify(value)}`,
    );
  const clock = String(time).slice(11, 23);
  const style = STYLES[name];
  const head = `${painted("gray", clock)} ${style ? painted(style, name.padEnd(5)) : name.padEnd(5)}`;
  return `${head} ${String(msg ?? event)}${facts.length === 0 ? "" : `  ${painted("gray", facts.join(" "))}`}\n`;
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
