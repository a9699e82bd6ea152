/**
 * What goes wrong in a chaos run, and when: a pure function of the seed. Rules:
 *   - Swarm: each kind is switched on or off for the whole run, so that runs differ in character and not only in order.
 *   - A run is `resumable` or not. In a resumable one nothing ends a Gateway session, so every event must arrive; the
 *     kinds that end sessions (`breaksSessions`) belong to the others.
 *   - A kind is never begun again while it lasts; different kinds overlap.
 */

/** `forMs` 0: it happens at once and has no end. Longest first in mind: all stay far below a session's 90 s. */
const KINDS = {
  "worker killed": { forMs: [0, 0], breaksSessions: false },
  "worker stopped": { forMs: [0, 0], breaksSessions: false },
  "worker frozen": { forMs: [500, 5_000], breaksSessions: false },
  "hub killed": { forMs: [0, 0], breaksSessions: false },
  "hub stopped": { forMs: [0, 0], breaksSessions: false },
  "hub frozen": { forMs: [500, 5_000], breaksSessions: false },
  "replica killed": { forMs: [0, 0], breaksSessions: false },
  "op 7": { forMs: [0, 0], breaksSessions: false },
  "gateway dropped": { forMs: [0, 0], breaksSessions: false },
  "gateway closed 4000": { forMs: [0, 0], breaksSessions: false },
  "dispatch doubled": { forMs: [0, 0], breaksSessions: false },
  "worker–sim cut": { forMs: [200, 4_000], breaksSessions: false },
  "worker–sim silent": { forMs: [500, 6_000], breaksSessions: false },
  "worker–sim slow": { forMs: [1_000, 6_000], breaksSessions: false },
  "worker–hub cut": { forMs: [200, 5_000], breaksSessions: false },
  "worker–hub slow": { forMs: [1_000, 6_000], breaksSessions: false },
  "hub answers lost": { forMs: [300, 4_000], breaksSessions: false },
  "hub answers 503": { forMs: [300, 4_000], breaksSessions: false },
  "deliveries doubled": { forMs: [500, 4_000], breaksSessions: false },
  "old delivery again": { forMs: [0, 0], breaksSessions: false },
  "replica–hub cut": { forMs: [200, 4_000], breaksSessions: false },
  "replica–hub silent": { forMs: [500, 6_000], breaksSessions: false },
  "replica–hub slow": { forMs: [1_000, 6_000], breaksSessions: false },
  "disk full": { forMs: [500, 4_000], breaksSessions: false },
  "worker clock minutes off": { forMs: [500, 4_000], breaksSessions: false },
  // A worker that starts with such a clock takes its session for too old to be resumed, and is right to.
  "worker clock an hour off": { forMs: [500, 4_000], breaksSessions: true },
  "session expired": { forMs: [0, 0], breaksSessions: true },
  "resume refused": { forMs: [0, 0], breaksSessions: true },
  "simulator killed": { forMs: [0, 0], breaksSessions: true },
} as const satisfies Readonly<Record<string, { forMs: readonly [number, number]; breaksSessions: boolean }>>;

import { seededRandom } from "@guildwire/runtime/random";

export type FaultKind = keyof typeof KINDS;
export const FAULT_KINDS = Object.keys(KINDS) as readonly FaultKind[];

export interface Fault {
  /** From the beginning of the faults. */
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly forMs: number;
  /** In [0, 1): what else there is to choose, such as how slow. */
  readonly roll: number;
}

export interface Schedule {
  readonly resumable: boolean;
  readonly kinds: readonly FaultKind[];
  readonly faults: readonly Fault[];
}

const RESUMABLE_SHARE = 0.7;
const KIND_SHARE = 0.65;
const GAP_MS = [150, 2_600] as const;

export interface ScheduleOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** Instead of what the seed would choose. */
  readonly resumable?: boolean | undefined;
  /** Kinds that this machine cannot do. */
  readonly without: readonly FaultKind[];
}

export function scheduleOf({ seed, durationMs, resumable, without }: ScheduleOptions): Schedule {
  const random = seededRandom(seed, "chaos");
  const chosen = random() < RESUMABLE_SHARE;
  const keepsSessions = resumable ?? chosen;
  // Every kind takes its roll, so that leaving one out changes nothing about the others.
  const swarm = FAULT_KINDS.filter(() => random() < KIND_SHARE);
  const possible = swarm.filter((kind) => !(keepsSessions && KINDS[kind].breaksSessions));
  const kinds = possible.filter((kind) => !without.includes(kind));
  const faults: Fault[] = [];
  const busyUntilMs = new Map<FaultKind, number>();
  for (let atMs = 0; atMs < durationMs; atMs += between(random(), GAP_MS)) {
    const kind = possible[Math.floor(random() * possible.length)];
    const forRoll = random();
    const roll = random();
    if (kind === undefined || without.includes(kind) || atMs < (busyUntilMs.get(kind) ?? 0)) continue;
    const forMs = Math.min(between(forRoll, KINDS[kind].forMs), durationMs - atMs);
    busyUntilMs.set(kind, atMs + forMs);
    faults.push({ atMs, kind, forMs, roll });
  }
  return { resumable: keepsSessions, kinds, faults };
}

export function between(roll: number, [least, most]: readonly [number, number]): number {
  return Math.round(least + roll * (most - least));
}
