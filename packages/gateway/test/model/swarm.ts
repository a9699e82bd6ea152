/** What a run is like, drawn once: which kinds of faults there are at all, and how patient the client is. */

import type { Chance } from "@guildwire/runtime/random";
import { DEFAULT_TIMING, type SessionTiming } from "../../src/index.ts";
import { FAULT_NAMES, type FaultKind } from "./fault-kinds.ts";

export interface Swarm {
  readonly kinds: readonly FaultKind[];
  /** Of each kind to strike in a step. */
  readonly odds: number;
  readonly timing: SessionTiming;
}

/** On average, of all kinds together. */
const FAULTS_PER_STEP = 0.6;

export function drawSwarm(chance: Chance, without: readonly FaultKind[]): Swarm {
  const share = chance.pick([0.1, 0.3, 0.6]);
  // Drawn for every kind, wanted or not, so that leaving one out shifts none of the others.
  const drawn = FAULT_NAMES.filter(() => chance.odds(share));
  const attemptsMax = chance.pick([DEFAULT_TIMING.attemptsMax, Number.POSITIVE_INFINITY]);
  return {
    kinds: drawn.filter((kind) => !without.includes(kind)),
    odds: FAULTS_PER_STEP / Math.max(1, drawn.length),
    timing: { ...DEFAULT_TIMING, attemptsMax },
  };
}
