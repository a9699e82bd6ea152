import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asInteger, asObject, asString } from "./fields.ts";

/**
 * One Gateway message, before its `d` has been looked at.
 * Source: https://discord.com/developers/docs/events/gateway-events#payload-structure
 */
export interface GatewayFrame {
  readonly op: number;
  readonly d: unknown;
  /** Sequence number; only dispatches (op 0) have one. */
  readonly s: number | null;
  /** Event name; only dispatches (op 0) have one. */
  readonly t: string | null;
}

export function decodeFrame(text: string): Decoded<GatewayFrame> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return malformed("frame is not JSON");
  }
  const frame = asObject(json);
  if (frame === undefined) return malformed("frame is not an object");
  const op = asInteger(frame["op"]);
  if (op === undefined) return malformed("frame has no integer `op`");
  const s = asInteger(frame["s"]) ?? null;
  const t = asString(frame["t"]) ?? null;
  if (op === 0 && (s === null || s < 0 || t === null)) return malformed("dispatch without `s` or `t`");
  return decoded({ op, d: frame["d"], s, t });
}

/** The longest that timers of JavaScript wait; a longer one fires at once. */
const INTERVAL_MS_MAX = 2 ** 31 - 1;

/** Hello (op 10): how often to send a Heartbeat, in milliseconds. */
export function decodeHello(d: unknown): Decoded<{ readonly heartbeatIntervalMs: number }> {
  const heartbeatIntervalMs = asInteger(asObject(d)?.["heartbeat_interval"]);
  if (
    heartbeatIntervalMs === undefined ||
    heartbeatIntervalMs <= 0 ||
    heartbeatIntervalMs > INTERVAL_MS_MAX
  ) {
    return malformed("Hello without a `heartbeat_interval` that a timer can wait for");
  }
  return decoded({ heartbeatIntervalMs });
}

/** Invalid Session (op 9): `d` says whether the session may still be resumed; anything but `true` means no. */
export function decodeInvalidSession(d: unknown): { readonly resumable: boolean } {
  return { resumable: d === true };
}
