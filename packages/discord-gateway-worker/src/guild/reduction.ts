import type { Happening } from "@guildwire/events";
import type { Change } from "./state.ts";

/** What a dispatch comes to: how the state changes, and what is told about it, in order. */
export interface Reduction {
  readonly changes: readonly Change[];
  readonly happenings: readonly Happening[];
}

export const NOTHING: Reduction = { changes: [], happenings: [] };

export function join(...parts: readonly Reduction[]): Reduction {
  return {
    changes: parts.flatMap((part) => part.changes),
    happenings: parts.flatMap((part) => part.happenings),
  };
}
