/**
 * Takes the Gateway's dispatches, keeps the guild's state, and commits state, events and cursor together. It is the
 * one place where the pure reducer and the store meet.
 */

import type { SnapshotRange } from "@guildwire/delivery";
import { type Dispatch, decodeDispatch } from "@guildwire/discord-wire";
import type { EventData, Happening, SourceStatus } from "@guildwire/events";
import type { DispatchBatch, RawDispatch, StoredSession } from "@guildwire/gateway";
import { snapshotOf } from "./guild/guild-create.ts";
import { reduce, reduceOutage } from "./guild/reduce.ts";
import { inParts } from "./guild/snapshot-part.ts";
import type { Change, GuildMemory, GuildState } from "./guild/state.ts";

/** What a group of dispatches, or something else, leads to: stored together, or not at all. */
export interface TrackedCommit {
  readonly session?: StoredSession;
  readonly changes: readonly Change[];
  readonly happenings: readonly Happening[];
  readonly nowIso: string;
}

export interface GuildTrackerOptions {
  readonly guildId: string;
  readonly memory: GuildMemory;
  /** Resolves once all is stored, with the places of the events; `null` without any. */
  readonly commit: (commit: TrackedCommit) => Promise<SnapshotRange | null>;
  /** Called after a commit that appended events, with their time; `seen`: Discord's dispatches reported them. */
  readonly onAppended: (happenings: readonly Happening[], seen: boolean, nowIso: string) => void;
  /** The session's cursor is on disk up to `seq`. */
  readonly onStored: (sessionId: string, seq: number) => void;
  readonly onDispatch: (note: DispatchNote) => void;
}

/** What became of one dispatch, for logs and metrics. `fate` follows the words of the metrics. */
export interface DispatchNote {
  readonly name: string;
  readonly fate: "mapped" | "ignored" | "malformed";
  readonly problem?: string;
  readonly dispatch?: Dispatch;
}

/** The status that a snapshot carries which no dispatch led to. */
export interface ReportedStatus {
  readonly status: SourceStatus;
  readonly sinceIso: string;
}

/** A cursor that moved over dispatches of no interest is written at most this often: each write is an fsync. */
const CURSOR_FLUSH_MS = 1_000;

export class GuildTracker {
  readonly #options: GuildTrackerOptions;
  #unsavedCursor: StoredSession | undefined;
  #savedSessionId: string | undefined;
  /** By the monotonic clock. */
  #savedAtMs = 0;

  constructor(options: GuildTrackerOptions) {
    this.#options = options;
  }

  get memory(): GuildState {
    return this.#options.memory;
  }

  /** Resolves once what it mapped is on disk. Rejects when it could not be stored. */
  async take(batch: DispatchBatch): Promise<void> {
    const nowIso = new Date().toISOString();
    const changes: Change[] = [];
    const happenings: Happening[] = [];
    for (const raw of batch.dispatches) this.#reduce(raw, nowIso, changes, happenings);
    const session = { ...batch.session, seq: batch.lastSeq };
    const dull = changes.length === 0 && happenings.length === 0;
    const sameSession = this.#savedSessionId === session.id;
    if (dull && sameSession && performance.now() - this.#savedAtMs < CURSOR_FLUSH_MS) {
      this.#unsavedCursor = session;
      return;
    }
    await this.#commit({ session, changes, happenings, nowIso }, true);
  }

  /** Reports something that Discord did not dispatch. */
  async report(...happenings: readonly Happening[]): Promise<void> {
    await this.#commit({ changes: [], happenings, nowIso: new Date().toISOString() }, false);
  }

  /** READY promised the guild and it did not come: Discord has lost it without a word. */
  async reportMissing(): Promise<void> {
    const { memory } = this.#options;
    const reduction = reduceOutage(memory);
    if (reduction.happenings.length === 0) return;
    memory.apply(reduction.changes);
    await this.#commit({ ...reduction, nowIso: new Date().toISOString() }, false);
  }

  /**
   * Appends a snapshot, with `withStatus` the status behind it, and resolves to their places; `null` while the guild has
   * never been seen.
   */
  async appendSnapshot(reported: ReportedStatus, withStatus: boolean): Promise<SnapshotRange | null> {
    if (this.#options.memory.guild === null) return null;
    const data = this.#snapshot(reported);
    const snapshot: Happening = { type: "guild.snapshot", data };
    const status: Happening = {
      type: "source.status",
      data: { status: data.status, since: reported.sinceIso },
    };
    const happenings = withStatus ? [snapshot, status] : [snapshot];
    return await this.#commit({ changes: [], happenings, nowIso: new Date().toISOString() }, false);
  }

  /** Writes a cursor that `take` put off. */
  async flushCursor(): Promise<void> {
    if (this.#unsavedCursor === undefined) return;
    await this.#commit({ changes: [], happenings: [], nowIso: "" }, false);
  }

  #reduce(raw: RawDispatch, nowIso: string, changes: Change[], happenings: Happening[]): void {
    const { memory, guildId, onDispatch } = this.#options;
    const outcome = decodeDispatch(raw.name, raw.d);
    if (outcome === undefined) {
      onDispatch({ name: raw.name, fate: "ignored" });
      return;
    }
    if (!outcome.ok) {
      onDispatch({ name: raw.name, fate: "malformed", problem: outcome.problem });
      return;
    }
    const reduction = reduce(memory, guildId, outcome.value, nowIso);
    memory.apply(reduction.changes);
    changes.push(...reduction.changes);
    happenings.push(...reduction.happenings);
    const fate = reduction.changes.length + reduction.happenings.length > 0 ? "mapped" : "ignored";
    onDispatch({ name: raw.name, fate, dispatch: outcome.value });
  }

  /** While the guild is there, the connection decides how fresh the picture is. */
  #snapshot({ status }: ReportedStatus): EventData<"guild.snapshot"> {
    const snapshot = snapshotOf(this.#options.memory);
    return snapshot.status === "live" ? { ...snapshot, status } : snapshot;
  }

  /** The order of the calls is the order in the log. */
  async #commit(commit: TrackedCommit, seen: boolean): Promise<SnapshotRange | null> {
    const session = commit.session ?? this.#unsavedCursor;
    this.#unsavedCursor = undefined;
    const happenings = commit.happenings.flatMap(inParts);
    if (session !== undefined) {
      this.#savedSessionId = session.id;
      this.#savedAtMs = performance.now();
    }
    const places = await this.#options.commit({ ...commit, happenings, ...(session && { session }) });
    if (session !== undefined) this.#options.onStored(session.id, session.seq);
    if (commit.happenings.length > 0) this.#options.onAppended(commit.happenings, seen, commit.nowIso);
    return places;
  }
}
