import type { SessionEffect } from "./effect.ts";
import type { SessionState } from "./state.ts";

/** The result of a step: where the session is now, and what the shell must do, in order. */
export interface Transition {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export function next<State extends SessionState>(
  state: State,
  ...effects: readonly SessionEffect[]
): Transition & { readonly state: State } {
  return { state, effects };
}
