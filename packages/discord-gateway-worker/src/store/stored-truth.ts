/** The store and all that a worker starts with, read at once: what cannot be read is found before anything connects. */
import type { StoredSession } from "@guildwire/gateway";
import type { GuildMemory } from "../guild/state.ts";
import { isWorthResuming } from "../session-age.ts";
import { workerStorageError } from "./open-database.ts";
import { type StoreIdentity, WorkerStore } from "./worker-store.ts";

export interface StoredTruth {
  readonly store: WorkerStore;
  readonly guild: GuildMemory;
  /** What is resumed; `undefined` unless `sessionFate` says so. */
  readonly session: StoredSession | undefined;
  readonly sessionFate: "none" | "resumed" | "too_old";
}

/** Rejects with a ProcessError when the directory is locked, damaged, newer or cannot be written. */
export async function openStoredTruth(dataDir: string, identity: StoreIdentity): Promise<StoredTruth> {
  const store = WorkerStore.open(dataDir, identity);
  try {
    const guild = await store.loadGuild();
    const kept = await store.loadSession();
    if (kept === undefined) return { store, guild, session: undefined, sessionFate: "none" };
    if (!isWorthResuming(kept.lastAliveMs, Date.now())) {
      return { store, guild, session: undefined, sessionFate: "too_old" };
    }
    return { store, guild, session: kept.session, sessionFate: "resumed" };
  } catch (error) {
    throw workerStorageError(error, dataDir);
  }
}
