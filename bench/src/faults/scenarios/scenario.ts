import type { Stage } from "../stage.ts";
import { isClaim, isDial, isExit, isLive, type Timed } from "../timeline.ts";

/** One row of the matrix. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What passes; `null` for a row that only tells what was seen. */
  readonly wanted: string | null;
  /** Longest that `run` takes, for the watchdog. */
  readonly boundMs: number;
  /** Left out of a quick run. */
  readonly slow?: boolean;
  readonly run: (stage: Stage) => Promise<Outcome>;
}

export interface Outcome {
  readonly verdict: "pass" | "fail" | "note";
  /** What was seen, in a few words with numbers. */
  readonly observed: string;
}

export function judged(passed: boolean, observed: string): Outcome {
  return { verdict: passed ? "pass" : "fail", observed };
}

export function seconds(ms: number): string {
  return ms < 100 ? `${Math.max(0, Math.round(ms))} ms` : `${(ms / 1000).toFixed(ms < 2_000 ? 2 : 1)} s`;
}

/** `RESUME after 0.9 s`, or what happened instead. */
export function described(claim: Timed | undefined, fromMs: number, withinMs: number): string {
  if (claim === undefined) return `nothing in ${seconds(withinMs)}`;
  if (claim.kind === "exit") return exitText(claim.code);
  const what = claim.kind === "sent" && claim.op === 6 ? "RESUME" : "IDENTIFY";
  return `${what} after ${seconds(claim.atMs - fromMs)}`;
}

export function exitText(code: number | null): string {
  return code === 0 ? "process ended" : "**process crash**";
}

/** The first Identify, Resume or end of the process since a moment. */
export function firstClaim(stage: Stage, fromMs: number, withinMs: number): Promise<Timed | undefined> {
  return stage.timeline.first(
    fromMs,
    withinMs,
    (moment): moment is Timed => isClaim(moment) || isExit(moment),
  );
}

/** The first READY or RESUMED, or end of the process. */
export function firstLife(stage: Stage, fromMs: number, withinMs: number): Promise<Timed | undefined> {
  return stage.timeline.first(
    fromMs,
    withinMs,
    (moment): moment is Timed => isLive(moment) || isExit(moment),
  );
}

/** Upgrades asked for since a moment. */
export function dialsSince(stage: Stage, fromMs: number, untilMs = Number.POSITIVE_INFINITY): number {
  return stage.timeline.since(fromMs, (moment) => isDial(moment) && moment.atMs < untilMs).length;
}

export function crashSince(stage: Stage, fromMs: number): string | undefined {
  const exit = stage.timeline.since(fromMs, isExit)[0];
  return exit === undefined ? undefined : exitText(exit.code);
}
