/**
 * What the limiter knows.
 *
 *   open ──▶ tokenRefused (401)          open, tokenRefused ──▶ closing ──▶ closed
 *
 * In `tokenRefused` calls with the bot's token are refused at once, answers to interactions go on. In `closing` nothing
 * new is taken, and what is under way is awaited.
 */
import type { Bucket } from "./bucket.ts";
import type { InvalidRequests } from "./invalid-requests.ts";
import type { Priority, Scope, WaitingJob } from "./job.ts";
import { EMPTY_MAP, type KeyedMap } from "./keyed-map.ts";
import type { Line } from "./line.ts";
import { NO_SLOTS, type Slots } from "./slots.ts";

/** Buckets that a route's answers have named, the latest first. */
export interface Route {
  readonly hashes: readonly string[];
  readonly usedAtMs: number;
}

export interface InFlight {
  readonly job: WaitingJob;
  /** Buckets in which it may count. */
  readonly bucketKeys: readonly string[];
  readonly sentAtMs: number;
  readonly giveUpAtMs: number;
}

export interface ScopeState {
  readonly lines: KeyedMap<Line>;
  readonly inFlight: number;
  /** After a global 429. */
  readonly pausedUntilMs: number;
}

export interface Machine {
  readonly routes: KeyedMap<Route>;
  readonly buckets: KeyedMap<Bucket>;
  readonly scopes: Readonly<Record<Scope, ScopeState>>;
  readonly inFlight: ReadonlyMap<number, InFlight>;
  readonly global: Slots;
  readonly quotas: KeyedMap<Slots>;
  /** After a 429 of Cloudflare's: nothing at all is sent. */
  readonly edgePausedUntilMs: number;
  readonly invalid: InvalidRequests;
  readonly waitingByCaller: ReadonlyMap<string, number>;
  /** Counts what was sent; each caller's and line's last turn is a number of it. */
  readonly turn: number;
  readonly callerTurns: ReadonlyMap<string, number>;
  /** How often each priority was passed over since its last turn. */
  readonly passedOver: Readonly<Record<Priority, number>>;
  /** No waiting job has an earlier deadline. */
  readonly nextDeadlineMs: number;
  readonly nextSweepMs: number;
  /** When the shell has been asked to call again; `null`: not at all. */
  readonly wakeAtMs: number | null;
}

export type LimiterState =
  | (Machine & { readonly name: "open" })
  | (Machine & { readonly name: "tokenRefused" })
  | (Machine & { readonly name: "closing" })
  | { readonly name: "closed" };

export type StateName = LimiterState["name"];
export type Living = Exclude<LimiterState, { name: "closed" }>;

const EMPTY_SCOPE: ScopeState = { lines: EMPTY_MAP, inFlight: 0, pausedUntilMs: Number.NEGATIVE_INFINITY };

export function initialState(): Living {
  return {
    name: "open",
    routes: EMPTY_MAP,
    buckets: EMPTY_MAP,
    scopes: { bot: EMPTY_SCOPE, interaction: EMPTY_SCOPE },
    inFlight: new Map(),
    global: NO_SLOTS,
    quotas: EMPTY_MAP,
    edgePausedUntilMs: Number.NEGATIVE_INFINITY,
    invalid: [],
    waitingByCaller: new Map(),
    turn: 0,
    callerTurns: new Map(),
    passedOver: { interactive: 0, api: 0, bulk: 0 },
    nextDeadlineMs: Number.POSITIVE_INFINITY,
    nextSweepMs: Number.POSITIVE_INFINITY,
    wakeAtMs: null,
  };
}

/** Jobs that wait, over all callers. */
export function waitingCount(machine: Machine): number {
  let sum = 0;
  for (const count of machine.waitingByCaller.values()) sum += count;
  return sum;
}
