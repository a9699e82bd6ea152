/** What outlives a restart: invalid requests, and pauses of a minute or longer. */
import type { LongPause, Remembered } from "./input.ts";
import { mergeInvalid } from "./invalid-requests.ts";
import { lineKeyOf, type Scope } from "./job.ts";
import { entriesOf } from "./keyed-map.ts";
import { PAUSE_KEPT_MIN_MS } from "./limits.ts";
import { newLine } from "./line.ts";
import type { LimiterState } from "./state.ts";
import { change, changeScope, lineOf, putLine, type Turn } from "./turn.ts";

const SCOPES: readonly Scope[] = ["bot", "interaction"];

/** Reads what is to be stored. Times are the machine's own. */
export function rememberedOf(state: LimiterState, nowMs: number): Remembered {
  if (state.name === "closed") return { invalid: [], pauses: [] };
  const pauses: LongPause[] = [
    { of: "edge", untilMs: state.edgePausedUntilMs },
    ...SCOPES.map((of) => ({ of, untilMs: state.scopes[of].pausedUntilMs })),
    // A major parameter with a slash holds a token of a webhook or an interaction, which is not to be stored.
    ...[...entriesOf(state.scopes.bot.lines)]
      .filter(([, { major }]) => !major.includes("/"))
      .map(([, { route, major, order, pausedUntilMs }]) => ({
        of: { route, major, order },
        untilMs: pausedUntilMs,
      })),
  ];
  return {
    invalid: state.invalid,
    pauses: pauses.filter(({ untilMs }) => untilMs - nowMs >= PAUSE_KEPT_MIN_MS / 2),
  };
}

export function restore(turn: Turn, { invalid, pauses }: Remembered): void {
  change(turn, { invalid: mergeInvalid(turn.state.invalid, invalid), nextDeadlineMs: turn.nowMs });
  for (const { of, untilMs } of pauses) {
    if (of === "edge") {
      change(turn, { edgePausedUntilMs: Math.max(turn.state.edgePausedUntilMs, untilMs) });
    } else if (of === "bot" || of === "interaction") {
      const { pausedUntilMs } = turn.state.scopes[of];
      changeScope(turn, of, { pausedUntilMs: Math.max(pausedUntilMs, untilMs) });
    } else {
      const line = lineOf(turn, "bot", lineKeyOf(of)) ?? newLine(of, turn.nowMs);
      putLine(turn, "bot", { ...line, pausedUntilMs: Math.max(line.pausedUntilMs, untilMs) });
    }
  }
}
