/** One step's work: the state as far as it has been changed, and the effects so far. It never leaves the step. */
import type { LimiterEffect } from "./effect.ts";
import { lineKeyOf, type Scope } from "./job.ts";
import { entryOf, withEntry } from "./keyed-map.ts";
import type { RestLimits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { Living, Machine, ScopeState } from "./state.ts";

export interface Turn {
  state: Living;
  readonly effects: LimiterEffect[];
  readonly nowMs: number;
  readonly roll: number;
  readonly limits: RestLimits;
}

export function change(turn: Turn, changes: Partial<Machine>): void {
  turn.state = { ...turn.state, ...changes };
}

export function changeScope(turn: Turn, name: Scope, changes: Partial<ScopeState>): void {
  const { scopes } = turn.state;
  change(turn, { scopes: { ...scopes, [name]: { ...scopes[name], ...changes } } });
}

export function putLine(turn: Turn, scope: Scope, line: Line): void {
  changeScope(turn, scope, { lines: withEntry(turn.state.scopes[scope].lines, lineKeyOf(line), line) });
}

export function lineOf(turn: Turn, scope: Scope, key: string): Line | undefined {
  return entryOf(turn.state.scopes[scope].lines, key);
}

/** Callers with nothing that waits are not kept. */
export function countWaiting(turn: Turn, caller: string, by: 1 | -1): void {
  const waitingByCaller = new Map(turn.state.waitingByCaller);
  const count = (waitingByCaller.get(caller) ?? 0) + by;
  if (count <= 0) waitingByCaller.delete(caller);
  else waitingByCaller.set(caller, count);
  change(turn, { waitingByCaller });
}
