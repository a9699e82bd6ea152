/**
 * How much may be sent. Discord closes a connection that sends more than 120 frames in 60 s (4008) and takes API access
 * away from those who keep doing it; presence changes are limited to 5 in 20 s on top. Rules of this file:
 *   - every frame counts, Heartbeats, Identify and Resume included;
 *   - room is kept for the Heartbeats of a whole window, so commands can never starve them;
 *   - a command that does not fit waits in order, a bounded number of them; a newer presence replaces one that waits.
 *
 * The windows slide: a frame counts until it is 60 s old, and a little longer. Both are per connection.
 * Source: https://discord.com/developers/docs/events/gateway#rate-limiting
 */
import type { CommandPayload } from "./input.ts";

export interface SendBudget {
  /** When each frame of the window went out, oldest first. */
  readonly sentAtMs: readonly number[];
  readonly presenceAtMs: readonly number[];
  readonly waiting: readonly CommandPayload[];
}

export const FRAMES_MAX = 120;
/** Discord counts when a frame arrives, and some take longer than others: what left in 61 s arrives in 60 s or more. */
const MARGIN_MS = 1_000;
const WINDOW_MS = 60_000 + MARGIN_MS;
const PRESENCES_MAX = 5;
const PRESENCE_WINDOW_MS = 20_000 + MARGIN_MS;
/** Beyond the regular Heartbeats, for those the server asks for and for a Resume. */
const RESERVE_EXTRA = 5;
/** A command beyond this many waiting ones is refused. */
export const COMMANDS_WAITING_MAX = 64;

export const FRESH_BUDGET: SendBudget = { sentAtMs: [], presenceAtMs: [], waiting: [] };

export function recordSend(budget: SendBudget, atMs: number): SendBudget {
  return { ...budget, sentAtMs: [...within(budget.sentAtMs, atMs, WINDOW_MS), atMs] };
}

/** Whether a Heartbeat beyond the regular ones still fits: those of a whole window must fit as well. */
export function hasRoomForExtraBeat(budget: SendBudget, heartbeatIntervalMs: number, atMs: number): boolean {
  const extrasMax = FRAMES_MAX - regularBeats(heartbeatIntervalMs);
  return within(budget.sentAtMs, atMs, WINDOW_MS).length < extrasMax;
}

/** Regular Heartbeats that can fall into one window. */
function regularBeats(heartbeatIntervalMs: number): number {
  return Math.ceil(WINDOW_MS / heartbeatIntervalMs);
}

export type Admission =
  | { readonly verdict: "queued"; readonly budget: SendBudget }
  | { readonly verdict: "queueFull" };

/** Puts a command in line. */
export function enqueue(budget: SendBudget, payload: CommandPayload): Admission {
  const others =
    payload.kind === "presenceUpdate"
      ? budget.waiting.filter((waiting) => waiting.kind !== "presenceUpdate")
      : budget.waiting;
  if (others.length >= COMMANDS_WAITING_MAX) return { verdict: "queueFull" };
  return { verdict: "queued", budget: { ...budget, waiting: [...others, payload] } };
}

export interface Release {
  readonly budget: SendBudget;
  readonly payloads: readonly CommandPayload[];
  /** When the next waiting command fits, `null` when none waits. */
  readonly againInMs: number | null;
}

/** Takes from the line whatever fits now. */
export function release(budget: SendBudget, heartbeatIntervalMs: number, atMs: number): Release {
  const commandsMax = FRAMES_MAX - RESERVE_EXTRA - regularBeats(heartbeatIntervalMs);
  const payloads: CommandPayload[] = [];
  const waiting: CommandPayload[] = [];
  let sent = within(budget.sentAtMs, atMs, WINDOW_MS);
  let presence = within(budget.presenceAtMs, atMs, PRESENCE_WINDOW_MS);
  let againInMs: number | null = null;
  for (const payload of budget.waiting) {
    const waitMs = Math.max(
      waitForRoom(sent, commandsMax, WINDOW_MS, atMs),
      payload.kind === "presenceUpdate" ? waitForRoom(presence, PRESENCES_MAX, PRESENCE_WINDOW_MS, atMs) : 0,
    );
    if (waitMs > 0) {
      waiting.push(payload);
      againInMs = Math.min(againInMs ?? waitMs, waitMs);
      continue;
    }
    payloads.push(payload);
    sent = [...sent, atMs];
    if (payload.kind === "presenceUpdate") presence = [...presence, atMs];
  }
  return { budget: { sentAtMs: sent, presenceAtMs: presence, waiting }, payloads, againInMs };
}

function within(timesMs: readonly number[], atMs: number, windowMs: number): readonly number[] {
  const first = timesMs.findIndex((timeMs) => timeMs > atMs - windowMs);
  return first === -1 ? [] : timesMs.slice(first);
}

/** 0 when there is room for one more; else until the oldest that is in the way has left the window. */
function waitForRoom(timesMs: readonly number[], max: number, windowMs: number, atMs: number): number {
  if (timesMs.length < max) return 0;
  const inTheWay = timesMs[timesMs.length - Math.max(1, max)] ?? atMs;
  return Math.max(1, inTheWay + windowMs - atMs);
}
