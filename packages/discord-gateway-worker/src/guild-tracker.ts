/**
 * Takes the Gateway's dispatches, keeps the guild's state, and commits state, events and cursor together. It is the
 * one place where the pure reducer, the store and the sender meet.
 */
import { type Dispatch, decodeDispatch } from "@guildwire/discord-wire";
import type { Happening } from "@guildwire/events";
import type { DispatchBatch, RawDispatch, StoredSession } from "@guildwire/gateway";
import { snapshotOf } from "./guild/guild-create.ts";
import { reduce } from "./guild/reduce.ts";
import type { Change, GuildMemory, GuildState } from "./guild/state.ts";
import type { Commit } from "./store/worker-store.ts";

export interface GuildTrackerOptions {
  readonly guildId: string;
  readonly memory: GuildMemory;
  readonly commit: (commit: Commit) => void;
  /** Called after a commit that appended events. */
  readonly onAppended: (happenings: readonly Happening[]) => void;
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

/** A cursor that moved over dispatches of no interest is written at most this often: each write is an fsync. */
const CURSOR_FLUSH_MS = 1_000;

export class GuildTracker {
  readonly #options: GuildTrackerOptions;
  #unsavedCursor: StoredSession | undefined;
  #savedSessionId: string | undefined;
  #savedAtMs = 0;

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
    if (dull && sameSession && Date.now() - this.#savedAtMs < CURSOR_FLUSH_MS) {
      this.#unsavedCursor = session;
      return;
    }
    this.#commit({ session, changes, happenings, nowIso });
  }

  /** Tells something that Discord did not dispatch. */
  tell(...happenings: readonly Happening[]): void {
    this.#commit({ changes: [], happenings, nowIso: new Date().toISOString() });
  }

  /** `false` while the guild has never been seen, so that there is nothing to describe. */
  tellSnapshot(): boolean {
    const { memory } = this.#options;
    if (memory.guild === null) return false;
    this.tell({ type: "guild.snapshot", data: snapshotOf(memory) });
    return true;
  }

  /** Writes a cursor that `take` put off. */
  flushCursor(): void {
    if (this.#unsavedCursor !== undefined) this.#commit({ changes: [], happenings: [], nowIso: "" });
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

  #commit(commit: Commit): void {
    const session = commit.session ?? this.#unsavedCursor;
    this.#options.commit(session ? { ...commit, session } : commit);
    this.#unsavedCursor = undefined;
    if (session !== undefined) {
      this.#savedSessionId = session.id;
      this.#savedAtMs = Date.now();
      this.#options.onStored(session.id, session.seq);
    }
    if (commit.happenings.length > 0) this.#options.onAppended(commit.happenings);
  }
}
