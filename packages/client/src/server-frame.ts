/**
 * A frame of the hub becomes messages once, here. A message of an unknown kind is a newer hub's and is passed over;
 * a frame that is not JSON, or a known message without what it needs, is not hub/1 at all.
 */
import type { ServerMessage } from "@guildwire/live";

type FieldKind = "string" | "number" | "boolean" | "object";

const FIELDS: Readonly<Record<ServerMessage["t"], Readonly<Record<string, FieldKind>>>> = {
  hi: { id: "number", v: "number", now: "number", tick: "number", grace: "number" },
  subd: { id: "number", topic: "string", e: "string", o: "number", how: "string" },
  snap: {
    topic: "string",
    e: "string",
    o: "number",
    page: "number",
    last: "boolean",
    dg: "number",
    s: "object",
  },
  d: { topic: "string", f: "number", o: "number", at: "number", ops: "object" },
  tick: { topic: "string", o: "number", dg: "number" },
  fresh: { topic: "string", worker: "number" },
  ping: {},
  unsubd: { topic: "string", code: "number" },
  err: { id: "number", code: "string", retry: "boolean" },
  bye: { code: "number", after: "number", spread: "number" },
};

/** `undefined`: not hub/1. */
export function readServerFrame(text: string): readonly ServerMessage[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const messages: ServerMessage[] = [];
  for (const item of Array.isArray(json) ? (json as readonly unknown[]) : [json]) {
    if (typeof item !== "object" || item === null) return undefined;
    const message = item as Readonly<Record<string, unknown>>;
    const kind = message["t"];
    if (typeof kind !== "string") return undefined;
    if (!Object.hasOwn(FIELDS, kind)) continue;
    const fields = FIELDS[kind as ServerMessage["t"]];
    const whole = Object.entries(fields).every(([name, type]) => isKind(message[name], type));
    if (!whole) return undefined;
    messages.push(item as ServerMessage);
  }
  return messages;
}

function isKind(value: unknown, kind: FieldKind): boolean {
  return typeof value === kind && value !== null && (kind !== "number" || Number.isFinite(value));
}
