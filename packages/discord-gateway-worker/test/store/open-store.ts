import type { Happening } from "@guildwire/events";
import { onTestFinished } from "vitest";
import { type StoreIdentity, WorkerStore } from "../../src/store/worker-store.ts";

export const IDENTITY: StoreIdentity = { token: "token", intents: 129, guildId: "100" };
export const NOW = "2026-11-21T09:00:00.000Z";

export function status(status: "live" | "resync"): Happening {
  return { type: "source.status", data: { status, since: NOW } };
}

/** A store that is closed when the test is over. */
export function openStore(directory: string, identity = IDENTITY): WorkerStore {
  const store = WorkerStore.open(directory, identity);
  onTestFinished(() => {
    try {
      store.close();
    } catch {
      // The test closed it itself.
    }
  });
  return store;
}
