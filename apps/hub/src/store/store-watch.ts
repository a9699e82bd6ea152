/** What the store tells of itself, as log lines and numbers. A failure that goes on is one line, and one when it ends. */
import type { Clock } from "@guildwire/runtime";
import { type StorageErrorCode, storageErrorCode } from "@guildwire/runtime/database";
import type { HubMetrics } from "../hub-metrics.ts";
import type { Log } from "../log.ts";
import type { StoreObserver } from "./sqlite-engine.ts";

export interface StoreWatch extends StoreObserver {
  facts(): StoreFacts;
}

export interface StoreFacts {
  /** `null` while the last attempt to commit succeeded. */
  readonly failing: StoreFailing | null;
  /** Monotonic ms, as are the other times here; `null` when it has not failed in this process. */
  readonly recoveredAtMs: number | null;
  /** Of the last commit by this process; `null` before the first. */
  readonly lastCommitAtMs: number | null;
  readonly sizeBytes: number;
}

export interface StoreFailing {
  readonly sinceMs: number;
  /** As in docs/errors.md. */
  readonly errorCode: string;
  readonly cause: string;
  readonly toDo: string;
}

const TO_DO: Readonly<Record<StorageErrorCode, string>> = {
  diskFull: "make room on the disk of DATA_DIR; workers keep their events and try again",
  unusable: "give the hub the right to write to DATA_DIR",
  damaged: "stop the hub, move hub.sqlite away and start it again; the workers send what is true now",
  locked: "find out what else opens hub.sqlite",
  newer: "run the version that wrote hub.sqlite",
  failed: "look at the disk of DATA_DIR",
};

export function watchStore(log: Log, metrics: HubMetrics, clock: Clock): StoreWatch {
  let failing: StoreFailing | null = null;
  let recoveredAtMs: number | null = null;
  let lastCommitAtMs: number | null = null;
  let sizeBytes = 0;
  metrics.gauge("store_bytes", () => sizeBytes);
  metrics.gauge("store_failing", () => (failing === null ? 0 : 1));
  return {
    committed(commits, seconds) {
      // None: a trial after a failure.
      if (commits > 0) {
        metrics.storeCommits.add(commits);
        metrics.storeSeconds.observe(seconds);
        lastCommitAtMs = clock.monotonicMs();
      }
      if (failing === null) return;
      const { errorCode, sinceMs } = failing;
      const fields = { errorCode, failedMs: clock.monotonicMs() - sinceMs };
      log.info("store_recovered", fields, "the store takes commits again");
      recoveredAtMs = clock.monotonicMs();
      failing = null;
    },
    failed(code, cause) {
      metrics.storeFailures.at(code).add();
      // The first reason stays: what comes after it is mostly its consequence.
      if (failing !== null) return;
      const { code: errorCode, name: errorName } = storageErrorCode(code);
      failing = { sinceMs: clock.monotonicMs(), errorCode, cause: String(cause), toDo: TO_DO[code] };
      const fields = { errorCode, errorName, code, cause: failing.cause, toDo: failing.toDo };
      log.error("store_failing", fields, `${errorCode} nothing can be stored: ${failing.toDo}`);
    },
    foundOlder(commitsMissing) {
      const toDo =
        "nothing, when a backup was put back: pages read everything again, workers send what is true now";
      log.warn("store_older", { commitsMissing, toDo }, "hub.sqlite is older than what was served from it");
    },
    measured(bytes) {
      sizeBytes = bytes;
    },
    facts: () => ({ failing, recoveredAtMs, lastCommitAtMs, sizeBytes }),
  };
}
