/**
 * One run: a world that lives, faults by schedule, then peace, and the questions that must then be answered with yes.
 *   R1  Within 40 s of the last fault the replica holds the simulator's world, and all cursors agree.
 *   R2  The hub acknowledged every number of one log without a hole, and no number ever had two contents.
 *   R3  In a resumable run the events it took are, per person and for the rooms, exactly what Discord told, in order.
 *   R4  The hub's logs on disk have no hole and have nobody anywhere Discord did not say; all files are sound.
 *   R5  Memory and files of worker and hub stayed within their bounds.
 */
import { BoundsWatch, type Measure } from "./bounds.ts";
import { FaultHand } from "./fault-hand.ts";
import { pause, Rig } from "./rig.ts";
import { type Fault, type FaultKind, type Schedule, scheduleOf } from "./schedule.ts";
import { settle } from "./settled.ts";
import { storedFindings } from "./stored-log.ts";
import { countLines, eventStory, storyDifference } from "./voice-story.ts";

export interface ChaosOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** World changes per second, on average. */
  readonly rate: number;
  /** Instead of what the seed would choose. */
  readonly resumable?: boolean | undefined;
  /** For whoever has to end the run early: disposing of the rig ends its processes. */
  readonly onRig?: (rig: Rig) => void;
  readonly onSchedule?: (schedule: Schedule, skipped: readonly FaultKind[]) => void;
  readonly onFault?: (fault: Fault) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly resumable: boolean;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly faultsMissed: number;
  readonly skipped: readonly FaultKind[];
  readonly deaths: ReadonlyMap<string, number>;
  /** As the witness saw them; 0 where it was lost with the simulator. */
  readonly dispatches: number;
  readonly lines: number;
  readonly posts: number;
  readonly answersLost: number;
  readonly repeats: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly events: number;
  readonly snapshots: number;
  readonly settledAfterMs: number;
  readonly most: ReadonlyMap<Measure, number>;
  /** Empty: all is as promised. */
  readonly findings: readonly string[];
  readonly output: readonly string[];
}

export const SETTLE_MAX_MS = 40_000;
/** Life before the first fault and after the last one. */
const QUIET_MS = 1_500;
const PEOPLE = 60;
const ROOMS = 10;

export async function chaosRun(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, durationMs, rate } = options;
  await using rig = await Rig.start({ seed, people: PEOPLE, rooms: ROOMS, rate }, (made) =>
    options.onRig?.(made),
  );
  const skipped: readonly FaultKind[] = rig.disk === undefined ? ["disk full"] : [];
  const schedule = scheduleOf({ seed, durationMs, resumable: options.resumable, without: skipped });
  options.onSchedule?.(schedule, skipped);
  using bounds = new BoundsWatch(rig);
  const hand = new FaultHand(rig);

  await rig.setLife(true);
  await pause(QUIET_MS);
  await hand.play(schedule.faults, (fault) => options.onFault?.(fault));
  await pause(QUIET_MS);
  await rig.setLife(false);
  const settling = await settle(rig, SETTLE_MAX_MS);
  const { ledger, witness } = rig;
  const told = witness.story.lines;
  const lost = witness.lost;
  await rig.stop();

  const findings: string[] = [];
  if (settling.difference !== undefined)
    findings.push(`R1 after ${settling.afterMs} ms: ${settling.difference}`);
  findings.push(...ledger.findings.map((finding) => `R2 ${finding}`));
  const committed = ledger.committed();
  if (schedule.resumable) findings.push(...storyFindings(told, lost, committed));
  const stored = storedFindings(rig.dataDir, schedule.resumable ? told : undefined);
  findings.push(...stored.map((finding) => `R4 ${finding}`));
  findings.push(...bounds.findings().map((finding) => `R5 ${finding}`));
  return {
    seed,
    resumable: schedule.resumable,
    faults: hand.counts,
    faultsMissed: hand.missed,
    skipped,
    deaths: rig.deaths,
    dispatches: witness.dispatches,
    lines: countLines(told),
    posts: ledger.posts,
    answersLost: rig.deliveryLink.answersLost,
    repeats: ledger.repeats,
    statuses: ledger.statuses,
    events: committed.length,
    snapshots: committed.filter(isSnapshot).length,
    settledAfterMs: settling.afterMs,
    most: bounds.most,
    findings,
    output: rig.output,
  };
}

function storyFindings(
  told: ReadonlyMap<string, readonly string[]>,
  lost: string | undefined,
  committed: readonly string[],
): readonly string[] {
  if (lost !== undefined) return [`R3 the witness is no witness: ${lost}`];
  const findings: string[] = [];
  const difference = storyDifference(told, eventStory(committed));
  if (difference !== undefined) findings.push(`R3 ${difference}`);
  const snapshots = committed.filter(isSnapshot).length;
  if (snapshots !== 1) findings.push(`R3 ${snapshots} snapshots instead of the first one alone`);
  return findings;
}

function isSnapshot(event: string): boolean {
  return event.includes('"type":"guild.snapshot"');
}
