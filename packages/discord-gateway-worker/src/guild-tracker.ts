/**
 * Takes the Gateway's dispatches, keeps the guild's state, and commits state, events and cursor together. It is the
 * one place where the pure reducer, the store and the sender meet.
 */
import { type Dispatch, decodeDispatch } from "@guildwire/discord-wire";
import type { Compacted, EventData, Happening, SourceStatus } from "@guildwire/events";
import type { DispatchBatch, RawDispatch, StoredSession } from "@guildwire/gateway";
import { snapshotOf } from "./guild/guild-create.ts";
import { reduce, reduceOutage } from "./guild/reduce.ts";
import { inParts } from "./guild/snapshot-part.ts";
import type { Change, GuildMemory, GuildState } from "./guild/state.ts";
import type { ParkedChoice } from "./store/outbox-view.ts";
import type { Commit } from "./store/worker-store.ts";

export interface GuildTrackerOptions {
  readonly guildId: string;
  readonly memory: GuildMemory;
  readonly commit: (commit: Commit) => void;
  readonly compact: (
    tell: (compacted: Compacted) => readonly Happening[],
    nowIso: string,
  ) => Compacted | undefined;
  readonly replay: (parked: ParkedChoice, snapshot: readonly Happening[], nowIso: string) => number;
  /** Called after a commit that appended events, with their time; `seen`: Discord's dispatches told them. */
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

/** What the receiver is to be told of the connection beside a snapshot that no dispatch led to. */
export interface SaidStatus {
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
  /** A commit failed: what is in memory is ahead of what is on disk, and only a restart makes them agree. */
  #broken = false;

  constructor(options: GuildTrackerOptions) {
    this.#options = options;
  }

  get memory(): GuildState {
    return this.#options.memory;
  }

  /** Synchronous: when it returns, what it mapped is on disk. Throws when it could not be stored. */
  take(batch: DispatchBatch): void {
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
    this.#commit({ session, changes, happenings, nowIso }, true);
  }

  /** Tells something that Discord did not dispatch. */
  tell(...happenings: readonly Happening[]): void {
    this.#commit({ changes: [], happenings, nowIso: new Date().toISOString() }, false);
  }

  /** READY promised the guild and it did not come: Discord has lost it without saying so. */
  tellMissing(): void {
    const { memory } = this.#options;
    const reduction = reduceOutage(memory);
    if (reduction.happenings.length === 0) return;
    memory.apply(reduction.changes);
    this.#commit({ ...reduction, nowIso: new Date().toISOString() }, false);
  }

  /** `false` while the guild has never been seen, so that there is nothing to describe. */
  tellSnapshot(said: SaidStatus): boolean {
    if (this.#options.memory.guild === null) return false;
    this.tell({ type: "guild.snapshot", data: this.#snapshot(said) });
    return true;
  }

  /**
   * All that waits gives way to a snapshot and a `source.status`, both of which say so. `undefined` when nothing waits
   * or the guild has never been seen.
   */
  compact(said: SaidStatus): Compacted | undefined {
    if (this.#options.memory.guild === null) return undefined;
    const snapshot = this.#snapshot(said);
    const { status } = snapshot;
    return this.#written(() =>
      this.#options.compact(
        (compacted) => [
          ...inParts({ type: "guild.snapshot", data: { ...snapshot, compacted } }),
          { type: "source.status", data: { status, since: said.sinceIso, compacted } },
        ],
        new Date().toISOString(),
      ),
    );
  }

  /** Parked events in line again, and a snapshot behind them. `undefined` while the guild has never been seen. */
  replay(parked: ParkedChoice, said: SaidStatus): number | undefined {
    if (this.#options.memory.guild === null) return undefined;
    const snapshot: Happening = { type: "guild.snapshot", data: this.#snapshot(said) };
    const parts = inParts(snapshot);
    const nowIso = new Date().toISOString();
    const count = this.#written(() => this.#options.replay(parked, parts, nowIso));
    this.#options.onAppended([snapshot], false, nowIso);
    return count;
  }

  /** Writes a cursor that `take` put off. */
  flushCursor(): void {
    if (this.#unsavedCursor === undefined || this.#broken) return;
    this.#commit({ changes: [], happenings: [], nowIso: "" }, false);
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
  #snapshot({ status }: SaidStatus): EventData<"guild.snapshot"> {
    const snapshot = snapshotOf(this.#options.memory);
    return snapshot.status === "live" ? { ...snapshot, status } : snapshot;
  }

  #commit(commit: Commit, seen: boolean): void {
    const session = commit.session ?? this.#unsavedCursor;
    const happenings = commit.happenings.flatMap(inParts);
    this.#written(() => this.#options.commit({ ...commit, happenings, ...(session && { session }) }));
    this.#unsavedCursor = undefined;
    if (session !== undefined) {
      this.#savedSessionId = session.id;
      this.#savedAtMs = performance.now();
      this.#options.onStored(session.id, session.seq);
    }
    if (commit.happenings.length > 0) this.#options.onAppended(commit.happenings, seen, commit.nowIso);
  }

  /** After a failure nothing more is written: a later cursor must not pass over what was not stored. */
  #written<Result>(write: () => Result): Result {
    if (this.#broken) throw new Error("nothing is written after a failed commit");
    try {
      return write();
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }
}
