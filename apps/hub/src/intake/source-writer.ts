/**
 * The one writer of one source in this process: takes deliveries in turn, computes what they change and commits it
 * together with the cursor: the guild's whole state, and each view of it. What it holds between turns is a copy of what
 * the engine has stored; another process that commits first makes the commit fail, and the writer loads again.
 *
 * The copy is changed in place, and only by what is stored: a change of one person must not cost a copy of thousands.
 */
import type { ReceivedDelivery } from "@guildwire/events";
import {
  type Op,
  type SourceCursor,
  type SourceRecord,
  type TopicEngine,
  type VoiceValue,
  voiceTopic,
} from "@guildwire/live";
import {
  type DeliveryPlan,
  epochsReplaced,
  planDelivery,
  type ReceivedEvent,
  type SnapshotPart,
} from "@guildwire/receiver";
import { stateTopic } from "../views/view.ts";
import type { NamedProjection } from "../views/views.ts";
import { projectEvents, staleOps } from "../voice-topic/project.ts";
import { applyOps, withOps } from "../voice-topic/voice-map.ts";
import { partsChange, partsOf, partsTopic } from "./kept-parts.ts";
import { isOldCopy, leapsOverAcknowledged } from "./old-copy.ts";
import { FIRST_NOTE, readSourceNote, type SourceNote } from "./source-note.ts";
import { areOutdated, fingerprints, setsOf, viewChanges } from "./view-changes.ts";

export const TURNS_WAITING_MAX = 16;
const COMMIT_ATTEMPTS_MAX = 5;
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

export interface SourceWriter {
  /** `app`: the application that sent it, when the delivery says so. */
  take(delivery: ReceivedDelivery, app?: string): Promise<TakeOutcome>;
  /** The worker lives, though it sends nothing of this source. What was shown as stale is as the worker last said. */
  alive(): Promise<void>;
  /** Shows the source as stale, if it is still silent when the turn comes. Resolves to whether that changed anything. */
  markStale(isSilent: () => boolean): Promise<boolean>;
  /**
   * Brings what is stored under the rules of today's views. Resolves to whether anything was. If it rejects, the views'
   * topics may still hold what is hidden now and must not be served.
   */
  applyViews(): Promise<boolean>;
}

export interface SourceWriterParts {
  readonly source: string;
  readonly engine: TopicEngine;
  readonly projections: readonly NamedProjection[];
  readonly nowMs: () => number;
  /** Called in the turn of every delivery that is taken. */
  readonly onHeard: () => void;
}

interface Held {
  readonly record: SourceRecord | undefined;
  readonly note: SourceNote;
  /** Goes on with each commit that is stored. */
  readonly map: Map<string, VoiceValue>;
  /** Of a snapshot whose last part has not come. */
  readonly parts: readonly SnapshotPart[];
  /** False for a source of before there were views: its state was the topic of the one view. */
  readonly isStateStored: boolean;
}

interface CommitManner {
  readonly parts?: readonly SnapshotPart[];
  /** Every topic begins a new log. */
  readonly anew?: boolean;
}

function placeOf(record: SourceRecord | undefined): string {
  return JSON.stringify(record?.cursor ?? null);
}

export function createSourceWriter(parts: SourceWriterParts): SourceWriter {
  const { source, engine, projections, nowMs, onHeard } = parts;
  const topic = stateTopic(source);
  const currentViews = fingerprints(projections);
  let held: Held | undefined;
  /** The cursor at which this store was found to be an old copy, and what it shows begun anew. */
  let admittedAt: string | undefined;
  let turns: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function load(): Promise<Held> {
    const [record, state, kept] = await Promise.all([
      engine.loadSource(source),
      engine.load(topic),
      engine.load(partsTopic(source)),
    ]);
    const isStateStored = record === undefined || state.position.offset > 0;
    const { entries } = isStateStored ? state : await engine.load(voiceTopic(source));
    const map = new Map(entries.map(([key, value]) => [key, value as VoiceValue]));
    const note = record === undefined ? FIRST_NOTE : readSourceNote(record.note);
    return { record, note, map, parts: partsOf(kept.entries), isStateStored };
  }

  /** `undefined`: another writer was first. */
  async function commit(
    before: Held,
    cursor: SourceCursor,
    note: SourceNote,
    ops: readonly Op[],
    atMs: number,
    { parts = before.parts, anew = false }: CommitManner = {},
  ): Promise<Held | undefined> {
    const after = withOps(before.map, ops);
    // Under rules that nobody has written under, each view's topic begins anew.
    const views = anew ? withoutRules(before.note.views) : before.note.views;
    const stored = before.record === undefined ? undefined : views;
    const change = { before: before.map, after, ops, atMs };
    const written: SourceNote = { ...note, views: currentViews };
    const outcome = await engine.commit({
      source,
      expectedVersion: before.record?.version ?? 0,
      cursor,
      note: written,
      topics: [
        {
          topic,
          ...(before.isStateStored && !anew ? { ops } : { ops: setsOf(after), restart: anew }),
          atMs,
          withoutRing: true,
        },
        ...viewChanges(source, projections, stored, change),
        ...partsChange(source, before.parts, parts, atMs),
      ],
    });
    if (outcome.type === "conflict") return undefined;
    applyOps(before.map, ops);
    return { record: outcome.record, note: written, map: before.map, parts, isStateStored: true };
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

    const fresh = plan.type === "apply" ? plan.events : [];
    const parts = plan.type === "apply" ? plan.parts : before.parts;
    const told = plan.type === "apply" ? plan.told : [];
    // A piece of a snapshot is no word of the worker's on how fresh the picture is: what is shown is the old one still.
    const isPiece = told.length === 0 && parts.length > 0;
    const { ops, said } = isPiece
      ? { ops: [], said: note.said }
      : projectEvents(before.map, note.said, told, nowMs());
    const outcome: TakeOutcome = {
      type: "taken",
      cursor: plan.cursor,
      events: fresh,
      startedEpoch: plan.type === "apply" && plan.startsEpoch,
    };
    if (fresh.length === 0 && ops.length === 0) return [outcome, before];

    const newestAtMs = fresh.reduce(
      (newest, { event }) => Math.max(newest, Date.parse(event.timestamp)),
      // A stored time that lies ahead since the clock was set back must not date what happens now.
      Math.min(note.newestAtMs, nowMs()),
    );
    const next: SourceNote = {
      ...note,
      said,
      newestAtMs,
      heardAtMs: nowMs(),
      ...(app !== undefined && { app }),
      ...(fence > 0 && { fence }),
      replacedEpochs: epochsReplaced(note.replacedEpochs, record?.cursor.epoch, plan.cursor.epoch),
    };
    const anew = admittedAt !== placeOf(record) && leapsOverAcknowledged(record, plan.cursor, fresh);
    const after = await commit(before, plan.cursor, next, ops, newestAtMs, { parts, anew });
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
    const after = await commit(before, record.cursor, note, [], note.newestAtMs, { anew: true });
    if (after === undefined) return undefined;
    admittedAt = place;
    return [{ ...plan, isOldCopy: true }, after];
  }

  async function markStaleNow(before: Held): Promise<readonly [boolean, Held] | undefined> {
    const ops = staleOps(before.map, nowMs());
    if (before.record === undefined || ops.length === 0) return [false, before];
    const after = await commit(before, before.record.cursor, before.note, ops, nowMs());
    return after && [true, after];
  }

  async function aliveNow(before: Held): Promise<readonly [undefined, Held] | undefined> {
    const { record, note, map } = before;
    if (record === undefined) return [undefined, before];
    const { ops, said } = projectEvents(map, note.said, [], nowMs());
    // Stored now and then: a hub that starts again has to know when the worker was last received.
    if (ops.length === 0 && nowMs() - note.heardAtMs < HEARD_STORED_EVERY_MS) return [undefined, before];
    const after = await commit(before, record.cursor, { ...note, said, heardAtMs: nowMs() }, ops, nowMs());
    return after && [undefined, after];
  }

  async function applyViewsNow(before: Held): Promise<readonly [boolean, Held] | undefined> {
    const { record, note, isStateStored } = before;
    if (record === undefined || (isStateStored && !areOutdated(note.views, projections))) {
      return [false, before];
    }
    const after = await commit(before, record.cursor, note, [], nowMs());
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
      return await inTurn(async () => isSilent() && (await attempt(markStaleNow)));
    },
    async applyViews() {
      return await inTurn(async () => await attempt(applyViewsNow));
    },
  };
}

function withoutRules(views: SourceNote["views"]): SourceNote["views"] {
  return Object.fromEntries(Object.keys(views).map((name) => [name, ""]));
}
