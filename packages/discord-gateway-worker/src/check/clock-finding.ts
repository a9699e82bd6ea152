/** How far this machine's clock is from another's, as its HTTP `Date` header tells: pure. */
import { REPLAY_WINDOW_S } from "@guildwire/events";
import { advice, type Finding, fail, pass } from "./finding.ts";

/** Their clock when they answered, and ours before and after. */
export interface ClockSample {
  readonly theirMs: number;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** Beyond what a slow answer and the header's whole seconds explain. */
const SKEW_S_ADVISED_MAX = 5;
const SKEW_S_MAX = 30;

/** `undefined` without a header that can be read. */
export function clockSample(
  date: string | undefined,
  sentAtMs: number,
  answeredAtMs: number,
): ClockSample | undefined {
  const theirMs = Date.parse(date ?? "");
  return Number.isNaN(theirMs) ? undefined : { theirMs, sentAtMs, answeredAtMs };
}

/** Seconds by which our clock is ahead; the least that the sample proves. */
export function skewS({ theirMs, sentAtMs, answeredAtMs }: ClockSample): number {
  // The header is cut to the second: their clock was anywhere in it, at any moment of the exchange.
  if (sentAtMs > theirMs + 1_000) return (sentAtMs - theirMs - 1_000) / 1_000;
  if (answeredAtMs < theirMs) return (answeredAtMs - theirMs) / 1_000;
  return 0;
}

export function clockFinding(name: string, whose: string, sample: ClockSample): Finding {
  const s = skewS(sample);
  const size = Math.abs(s);
  const detail =
    size === 0
      ? `agrees with ${whose}`
      : `${size.toFixed(1)} s ${s > 0 ? "ahead of" : "behind"} the clock of ${whose}`;
  const remedy = `let both machines keep time (NTP); deliveries that are ${REPLAY_WINDOW_S} s away are refused`;
  if (size > SKEW_S_MAX) return fail(name, "clockWrong", detail, remedy);
  return size > SKEW_S_ADVISED_MAX ? advice(name, detail, remedy) : pass(name, detail);
}
