/** `GET /gateway/bot` without HTTP, and what can go wrong with it. */
import type { FetchGatewayBot } from "../../src/index.ts";

/** Each fault counts down, or is used up by the next call. */
export interface RestMood {
  unreachable: number;
  /** Calls that are never answered. */
  hanging: number;
  /** No Identify is left today; there are some again after this. 0 = there are. */
  spentForMs: number;
}

export const QUIET_REST: RestMood = { unreachable: 0, hanging: 0, spentForMs: 0 };

export function restStandIn(url: string, mood: RestMood, onCall: () => void): FetchGatewayBot {
  return () => {
    onCall();
    if (mood.hanging > 0) {
      mood.hanging -= 1;
      return new Promise(() => undefined);
    }
    if (mood.unreachable > 0) {
      mood.unreachable -= 1;
      return Promise.resolve({ ok: false, reason: { kind: "unreachable", detail: "by a fault" } });
    }
    const resetAfterMs = mood.spentForMs;
    mood.spentForMs = 0;
    const remaining = resetAfterMs > 0 ? 0 : 1_000;
    const sessionStartLimit = { total: 1_000, remaining, resetAfterMs, maxConcurrency: 1 };
    return Promise.resolve({ ok: true, value: { url, shards: 1, sessionStartLimit } });
  };
}
