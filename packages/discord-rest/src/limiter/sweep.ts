/** Forgets what says no more than nothing would: so that memory is bounded by what was used in the last minute. */
import { isSpent } from "./bucket.ts";
import type { Scope } from "./job.ts";
import { entriesOf, type KeyedMap, sizeOf, withoutEntry } from "./keyed-map.ts";
import { FORGET_AFTER_MS, ROUTES_MAX, SWEEP_EVERY_MS } from "./limits.ts";
import type { Line } from "./line.ts";
import { areSlotsFree } from "./slots.ts";
import { change, changeScope, type Turn } from "./turn.ts";

export function sweep(turn: Turn): void {
  const { nowMs } = turn;
  const quietSinceMs = nowMs - FORGET_AFTER_MS;
  const isIdle = (line: Line): boolean =>
    line.queues.length === 0 &&
    line.inFlight === 0 &&
    line.pausedUntilMs <= nowMs &&
    line.usedAtMs <= quietSinceMs;
  for (const scope of ["bot", "interaction"] satisfies Scope[]) {
    changeScope(turn, scope, { lines: without(turn.state.scopes[scope].lines, isIdle) });
  }
  const { buckets, quotas, routes, callerTurns, waitingByCaller } = turn.state;
  change(turn, {
    buckets: without(buckets, (bucket) => isSpent(bucket, quietSinceMs, nowMs)),
    quotas: without(quotas, (slots) => areSlotsFree(slots, nowMs)),
    callerTurns: new Map([...callerTurns].filter(([caller]) => waitingByCaller.has(caller))),
  });
  const surplus = sizeOf(routes) - ROUTES_MAX;
  if (surplus > 0) {
    const oldest = [...entriesOf(routes)].sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs).slice(0, surplus);
    change(turn, { routes: oldest.reduce((rest, [key]) => withoutEntry(rest, key), routes) });
  }
  change(turn, { nextSweepMs: isEmpty(turn) ? Number.POSITIVE_INFINITY : nowMs + SWEEP_EVERY_MS });
}

function isEmpty({ state }: Turn): boolean {
  const { bot, interaction } = state.scopes;
  return [bot.lines, interaction.lines, state.buckets, state.quotas].every((map) => sizeOf(map) === 0);
}

function without<Value>(map: KeyedMap<Value>, isForgotten: (value: Value) => boolean): KeyedMap<Value> {
  let rest = map;
  for (const [key, value] of entriesOf(map)) if (isForgotten(value)) rest = withoutEntry(rest, key);
  return rest;
}
