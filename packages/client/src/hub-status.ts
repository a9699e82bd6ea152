/** What a page may tell its reader about the connection. Derived, never stored. */

import { stopReason } from "./close-policy.ts";
import type { ClientState } from "./connection-state.ts";

/** Times are Unix ms of this page's clock. */
export type HubStatus =
  /** Nothing is subscribed, or nobody has looked for long. */
  | { readonly name: "idle" }
  /** Never been live. `failures`: attempts that came to nothing. */
  | { readonly name: "connecting"; readonly since: number; readonly failures: number }
  /** Connected; at least one topic is not yet where the hub is. */
  | { readonly name: "catchingUp"; readonly since: number }
  | { readonly name: "live"; readonly since: number }
  /** `retryAt`: when the next attempt begins; `null` while one is under way. */
  | {
      readonly name: "reconnecting";
      readonly since: number;
      readonly failures: number;
      readonly retryAt: number | null;
    }
  /** The browser says there is no network. */
  | { readonly name: "offline"; readonly since: number }
  /** Connected, but a topic cannot be brought into step; it is tried again after a pause. */
  | { readonly name: "stuck"; readonly since: number; readonly topic: string }
  /** Given up; only `retry()` or a reload goes on. */
  | { readonly name: "stopped"; readonly since: number; readonly code: number; readonly reason: string };

export function hubStatus(state: ClientState): HubStatus {
  const { connection, lostAtMs: since, attempt: failures } = state;
  switch (connection.name) {
    case "idle":
    case "hidden":
      return { name: "idle" };
    case "stopped":
      return {
        name: "stopped",
        since: connection.atMs,
        code: connection.code,
        reason: stopReason(connection.code),
      };
    case "dialing":
    case "greeting":
    case "waiting": {
      if (state.network === "offline") return { name: "offline", since };
      if (!state.hasBeenLive) return { name: "connecting", since, failures };
      const retryAt = connection.name === "waiting" ? connection.untilMs : null;
      return { name: "reconnecting", since, failures, retryAt };
    }
    case "live":
      // The socket may still be fine, but nothing has been heard on it since the browser lost its network.
      if (state.network === "offline") return { name: "offline", since: connection.lastFrameAtMs };
      return topicsStatus(state, connection.sinceMs);
    default:
      return connection satisfies never;
  }
}

function topicsStatus(state: ClientState, since: number): HubStatus {
  let behind = false;
  for (const [topic, { replica, request }] of state.topics) {
    if (replica.sync.name === "stuck") return { name: "stuck", since: replica.sync.sinceMs, topic };
    if (replica.sync.name !== "following" && request.name !== "refused") behind = true;
  }
  return behind ? { name: "catchingUp", since } : { name: "live", since };
}

export function sameStatus(a: HubStatus, b: HubStatus): boolean {
  const left = Object.entries(a);
  const right = b as unknown as Readonly<Record<string, unknown>>;
  return left.length === Object.keys(b).length && left.every(([key, value]) => right[key] === value);
}
