/**
 * Whether the hub is well, for probes and monitors: pure. Whoever reaches the port may ask, so it names no source, no
 * view and nobody; those are told by status.ts to those who know the secret.
 *
 *   live    the process goes on: restart it when it does not
 *   ready   new browsers and deliveries may be sent here: the store takes commits, and the hub is not ending
 *   health  a person should look when it is not well
 */
import type { StoreFacts } from "../store/store-watch.ts";

export interface HealthFacts {
  readonly wallMs: number;
  readonly monotonicMs: number;
  /** Monotonic, as are all other times of this process. */
  readonly startedAtMs: number;
  /** Since shutdown began. */
  readonly closingSinceMs: number | null;
  readonly store: StoreFacts;
  /** What does not move, in words. */
  readonly stuck: string | null;
  readonly version: string;
}

/** `failing`: deliveries are answered 503; browsers are served from what is known. */
export type HealthState = "ok" | "failing" | "stuck" | "closing";

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

export function stateOf({ closingSinceMs, store, stuck }: HealthFacts): HealthState {
  if (closingSinceMs !== null) return "closing";
  if (stuck !== null) return "stuck";
  return store.failing === null ? "ok" : "failing";
}

/** Monotonic milliseconds at which the state began. */
export function stateSinceMs(facts: HealthFacts): number {
  const { closingSinceMs, store, startedAtMs } = facts;
  return closingSinceMs ?? store.failing?.sinceMs ?? store.recoveredAtMs ?? startedAtMs;
}

export function healthAnswer(facts: HealthFacts): HealthAnswer {
  const { wallMs, monotonicMs, startedAtMs, store, stuck, version } = facts;
  const state = stateOf(facts);
  return {
    status: state === "ok" ? 200 : 503,
    body: {
      status: state === "ok" || state === "closing" ? state : "unhealthy",
      state,
      timestamp: new Date(wallMs).toISOString(),
      version,
      uptimeMs: Math.round(monotonicMs - startedAtMs),
      store: store.failing === null ? "ok" : "failing",
      ...(store.failing !== null && { errorCode: store.failing.errorCode }),
      ...(stuck !== null && { stuck }),
    },
  };
}

export function liveAnswer({ stuck }: HealthFacts): HealthAnswer {
  return stuck === null
    ? { status: 200, body: { live: true } }
    : { status: 503, body: { live: false, stuck } };
}

export function readyAnswer(facts: HealthFacts): HealthAnswer {
  const state = stateOf(facts);
  return state === "ok"
    ? { status: 200, body: { ready: true } }
    : { status: 503, body: { ready: false, state } };
}
