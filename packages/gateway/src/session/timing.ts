/**
 * Deadlines and delays of a session. Every wait has a deadline: a peer that says nothing costs a bounded time.
 */
export interface SessionTiming {
  /** DNS, TCP, TLS and the upgrade together. */
  readonly dialTimeoutMs: number;
  readonly helloTimeoutMs: number;
  /** Long, because in an outage Discord lets a client sit identified without READY, and another Identify costs budget. */
  readonly readyTimeoutMs: number;
  /** Since the Resume or since the last replayed dispatch: a long replay is not a dead one. */
  readonly resumedTimeoutMs: number;
  /** How long a session must be live after READY or RESUMED before earlier failures are forgotten. */
  readonly stableAfterMs: number;
  /** Waits before the 1st, 2nd … consecutive attempt; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** Each wait is spread by up to this share either way, so that many clients do not return together. */
  readonly backoffJitter: number;
  /** Connections lost in a row before giving up; `Infinity` never does. */
  readonly attemptsMax: number;
  /** With no Identify left today, Discord is asked again no sooner, whatever it says. */
  readonly budgetRecheckMs: number;
  /** Range of the wait before a new Identify after Invalid Session, which Discord asks for. */
  readonly invalidSessionWaitMs: readonly [number, number];
}

export const DEFAULT_TIMING: SessionTiming = {
  dialTimeoutMs: 10_000,
  helloTimeoutMs: 10_000,
  readyTimeoutMs: 60_000,
  resumedTimeoutMs: 5_000,
  stableAfterMs: 30_000,
  backoffMs: [1_000, 2_000, 4_000, 8_000, 16_000],
  backoffJitter: 0.2,
  attemptsMax: 5,
  budgetRecheckMs: 5_000,
  invalidSessionWaitMs: [1_000, 5_000],
};

/** The wait before the attempt that follows `failures` (1 or more) losses in a row. */
export function backoffDelayMs(timing: SessionTiming, failures: number, roll: number): number {
  const index = Math.min(failures, timing.backoffMs.length) - 1;
  const baseMs = timing.backoffMs[index] ?? 0;
  return Math.round(baseMs * (1 + (roll * 2 - 1) * timing.backoffJitter));
}

export function invalidSessionDelayMs(timing: SessionTiming, roll: number): number {
  const [fromMs, toMs] = timing.invalidSessionWaitMs;
  return Math.round(fromMs + roll * (toMs - fromMs));
}
