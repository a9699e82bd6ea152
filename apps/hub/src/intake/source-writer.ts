/**
 * The one writer of one source in this process: takes deliveries in turn, lets the projections compute what they
 * change and commits that together with the cursor. What it holds between turns is a copy of what the engine has stored;
 * another process that commits first makes the commit fail, and the writer loads again.
 */
import type { ReceivedDelivery } from "@guildwire/events";
import type { SourceCursor, SourceRecord, TopicEngine } from "@guildwire/live";
import {
  type DeliveryPlan,
  epochsReplaced,
  planDelivery,
  type ReceivedEvent,
  type SnapshotPart,
} from "@guildwire/receiver";
import { deliveredStep, newestOf, nothingNew } from "./delivered-step.ts";
import { partsChange, partsOf, partsTopic } from "./kept-parts.ts";
import { isOldCopy, leapsOverAcknowledged } from "./old-copy.ts";
import type { Projected, ProjectedSource, Projection, ProjectionStep } from "./projection.ts";
import { SILENT_AFTER_MS } from "./source-freshness.ts";
import { FIRST_NOTE, readSourceNote, type SourceNote } from "./source-note.ts";

export const TURNS_WAITING_MAX = 16;
const COMMIT_ATTEMPTS_MAX = 5;
const UNCHANGED: StaleOutcome = { type: "unchanged" };
/** Workers give a sign of life every 10 s. */
const HEARD_STORED_EVERY_MS = 8_000;

type WantSnapshot = Extract<DeliveryPlan, { readonly type: "wantSnapshot" }>;

export type TakeOutcome =
  | {
      readonly type: "taken";
      /** Everything up to here is committed. */
      readonly cursor: SourceCursor;
      /** The events that were new. */
      readonly events: readonly ReceivedEvent[];
      readonly startedEpoch: boolean;
    }
  | (WantSnapshot & {
      /** What was served before this store was put back is missing; all that is shown has just begun anew. */
      readonly isOldCopy?: true;
    })
  /** Another worker owns the source. */
  | { readonly type: "fenced"; readonly fence: number }
  /** Too many wait already. */
  | { readonly type: "busy" };

export type StaleOutcome =
  | { readonly type: "marked" }
  /** It is shown as stale already, or nothing of it is stored, or it is not silent any more. */
  | { readonly type: "unchanged" }
  /** Another process received it so many milliseconds ago. */
  | { readonly type: "heardElsewhere"; readonly agoMs: number };

export interface SourceWriter {
  /** `app`: the application that sent it, when the delivery says so. */
  take(delivery: ReceivedDelivery, app?: string): Promise<TakeOutcome>;
  /** The worker lives, though it sends nothing of this source. What was shown as stale is as the worker last said. */
  alive(): Promise<void>;
  /**
   * Shows the source as stale, if it is still silent when the turn comes. Where several processes share the store, what is
   * stored decides: a process that receives nothing of a source knows less than the one that does.
   */
  markStale(isSilent: () => boolean): Promise<StaleOutcome>;
  /**
   * Brings what is stored under the projections' rules of today. Resolves to whether anything was different. If it
   * rejects, topics may still hold what is hidden now and must not be served.
   */
  start(): Promise<boolean>;
}

export interface SourceWriterParts {
  readonly source: string;
  readonly engine: TopicEngine;
  readonly projections: readonly Projection[];
  readonly nowMs: () => number;
  /** Called in the turn of every delivery that is taken. */
  readonly onHeard: () => void;
}

interface Held {
  readonly record: SourceRecord | undefined;
  readonly note: SourceNote;
  readonly copies: readonly ProjectionCopy[];
  /** Of a snapshot whose last part has not come. */
  readonly parts: readonly SnapshotPart[];
}

interface ProjectionCopy {
  readonly projection: Projection;
  readonly source: ProjectedSource;
}

/** What each projection makes of one step. */
type Step = readonly (readonly [name: string, projected: Projected])[];

function placeOf(record: SourceRecord | undefined): string {
  return JSON.stringify(record?.cursor ?? null);
}

export function createSourceWriter(parts: SourceWriterParts): SourceWriter {
  const { source, engine, projections, nowMs, onHeard } = parts;
  let held: Held | undefined;
  /** The cursor at which this store was found to be an old copy, and what it shows begun anew. */
  let admittedAt: string | undefined;
  let turns: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function load(): Promise<Held> {
    const [record, kept] = await Promise.all([engine.loadSource(source), engine.load(partsTopic(source))]);
    const note = record === undefined ? FIRST_NOTE : readSourceNote(record.note);
    const copies = await Promise.all(
      projections.map(async (projection): Promise<ProjectionCopy> => {
        const own = note.projections[projection.name];
        const stored = { source, engine, note: own, sourceNote: record?.note };
        return { projection, source: await projection.open(stored) };
      }),
    );
    return { record, note, copies, parts: partsOf(kept.entries) };
  }

  function project({ copies }: Held, step: ProjectionStep): Step {
    return copies.map(({ projection, source: copy }) => {
      if (step.type !== "events") return [projection.name, copy.project(step)];
      const events = step.events.filter(({ type }) => projection.accepts(type));
      return [projection.name, copy.project({ ...step, events })];
    });
  }

  /** `undefined`: another writer was first. */
  async function commit(
    before: Held,
    cursor: SourceCursor,
    note: SourceNote,
    step: Step,
    parts = before.parts,
  ): Promise<Held | undefined> {
    const notes = Object.fromEntries(step.map(([name, projected]) => [name, projected.note]));
    const written: SourceNote = { ...note, projections: { ...note.projections, ...notes } };
    const outcome = await engine.commit({
      source,
      expectedVersion: before.record?.version ?? 0,
      cursor,
      note: written,
      topics: [
        ...step.flatMap(([, projected]) => projected.changes),
        ...partsChange(source, before.parts, parts, note.newestAtMs),
      ],
    });
    if (outcome.type === "conflict") return undefined;
    for (const [, projected] of step) projected.stored();
    return { ...before, record: outcome.record, note: written, parts };
  }

  /** Where several processes share the store, each has to know what the others receive. */
  function isHeardDue({ heardAtMs }: SourceNote, now: number): boolean {
    return engine.capabilities.multiProcess && now - heardAtMs >= HEARD_STORED_EVERY_MS;
  }

  async function takeNow(
    before: Held,
    delivery: ReceivedDelivery,
    app: string | undefined,
  ): Promise<readonly [TakeOutcome, Held] | undefined> {
    const { record, note } = before;
    const { fence = 0 } = delivery;
    if (fence < (note.fence ?? 0)) return [{ type: "fenced", fence: note.fence ?? 0 }, before];
    const plan = planDelivery(record && { cursor: record.cursor, ...note, parts: before.parts }, delivery);
    if (plan.type === "wantSnapshot") {
      return await askForSnapshot(plan, before, delivery);
    }

    const {
      events: fresh,
      parts,
      told,
      startsEpoch: startedEpoch,
    } = plan.type === "apply" ? plan : nothingNew(before.parts);
    const now = nowMs();
    // A stored time that lies ahead since the clock was set back must not date what happens now.
    const newestAtMs = newestOf(fresh, Math.min(note.newestAtMs, now));
    const restart = admittedAt !== placeOf(record) && leapsOverAcknowledged(record, plan.cursor, fresh);
    const step = project(before, deliveredStep(told, parts, restart, { atMs: newestAtMs, nowMs: now }));
    const outcome: TakeOutcome = { type: "taken", cursor: plan.cursor, events: fresh, startedEpoch };
    const isNothingNew = fresh.length === 0 && isUnchanged(step);
    if (isNothingNew && !isHeardDue(note, now)) return [outcome, before];

    const next: SourceNote = {
      ...note,
      newestAtMs,
      heardAtMs: now,
      ...(app !== undefined && { app }),
      ...(fence > 0 && { fence }),
      replacedEpochs: epochsReplaced(note.replacedEpochs, record?.cursor.epoch, plan.cursor.epoch),
    };
    const after = await commit(before, plan.cursor, next, step, parts);
    return after && [outcome, after];
  }

  async function askForSnapshot(
    plan: WantSnapshot,
    before: Held,
    delivery: ReceivedDelivery,
  ): Promise<readonly [TakeOutcome, Held] | undefined> {
    const { record } = before;
    // The copy may be old: another process may have taken what seems to be missing.
    const stored = await engine.loadSource(source);
    if (stored?.version !== record?.version) return undefined;
    return isOldCopy(plan, record, delivery) ? await admitLoss(plan, before) : [plan, before];
  }

  /**
   * This store was put back from a backup. Its offsets were used before for something else, and must not be used again
   * under the same epochs.
   */
  async function admitLoss(
    plan: WantSnapshot,
    before: Held,
  ): Promise<readonly [TakeOutcome, Held] | undefined> {
    const { record, note } = before;
    const place = placeOf(record);
    if (record === undefined || place === admittedAt) return [plan, before];
    const step = project(before, { type: "restart", atMs: note.newestAtMs, nowMs: nowMs() });
    const after = await commit(before, record.cursor, note, step);
    if (after === undefined) return undefined;
    admittedAt = place;
    return [{ ...plan, isOldCopy: true }, after];
  }

  /** The worker lives, though it sent nothing of this source: a status `stale` is replaced by what it last said. */
  async function aliveNow(before: Held): Promise<readonly [undefined, Held] | undefined> {
    const { record, note } = before;
    if (record === undefined) return [undefined, before];
    const now = nowMs();
    const step = project(before, { type: "events", events: [], restart: false, atMs: now, nowMs: now });
    // Stored now and then: a hub that starts again has to know when the worker was last received.
    if (isUnchanged(step) && now - note.heardAtMs < HEARD_STORED_EVERY_MS) return [undefined, before];
    const after = await commit(before, record.cursor, { ...note, heardAtMs: now }, step);
    return after && [undefined, after];
  }

  async function markStaleNow(before: Held): Promise<readonly [StaleOutcome, Held] | undefined> {
    if (engine.capabilities.multiProcess) {
      const stored = await engine.loadSource(source);
      if (stored?.version !== before.record?.version) return undefined;
      const agoMs = Math.max(0, nowMs() - before.note.heardAtMs);
      if (stored !== undefined && agoMs < SILENT_AFTER_MS) return [{ type: "heardElsewhere", agoMs }, before];
    }
    const done = await takeStep(before, "silent");
    return done && [done[0] ? { type: "marked" } : UNCHANGED, done[1]];
  }

  /** Resolves to whether the step changed anything. */
  async function takeStep(
    before: Held,
    type: "silent" | "started",
  ): Promise<readonly [boolean, Held] | undefined> {
    const { record, note } = before;
    if (record === undefined) return [false, before];
    const step = project(before, { type, atMs: nowMs(), nowMs: nowMs() });
    if (isUnchanged(step)) return [false, before];
    const after = await commit(before, record.cursor, note, step);
    return after && [true, after];
  }

  async function attempt<Result>(
    work: (before: Held) => Promise<readonly [Result, Held] | undefined>,
  ): Promise<Result> {
    for (let tries = 0; tries < COMMIT_ATTEMPTS_MAX; tries++) {
      const before = held ?? (await load());
      // A commit that fails half-way leaves it open what is stored: load again.
      held = undefined;
      const done = await work(before);
      if (done === undefined) continue;
      held = done[1];
      return done[0];
    }
    throw new Error(`another process kept writing source ${source}; is a second hub serving the same store?`);
  }

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    waiting += 1;
    const turn = turns.then(work);
    turns = turn.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await turn;
    } finally {
      waiting -= 1;
    }
  }

  return {
    async take(delivery, app) {
      if (waiting >= TURNS_WAITING_MAX) return { type: "busy" };
      return await inTurn(async () => {
        const outcome = await attempt((before) => takeNow(before, delivery, app));
        if (outcome.type === "taken") onHeard();
        return outcome;
      });
    },
    async alive() {
      if (waiting < TURNS_WAITING_MAX) await inTurn(async () => await attempt(aliveNow));
    },
    async markStale(isSilent) {
      return await inTurn(async () => (isSilent() ? await attempt(markStaleNow) : UNCHANGED));
    },
    async start() {
      return await inTurn(async () => await attempt((before) => takeStep(before, "started")));
    },
  };
}

function isUnchanged(step: Step): boolean {
  return step.every(([, { changes }]) => changes.length === 0);
}
