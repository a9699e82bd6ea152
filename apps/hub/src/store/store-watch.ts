/** What the store tells of itself, as log lines and numbers. A failure that goes on is one line, and one when it ends. */
import type { Clock } from "../clock.ts";
import type { HubMetrics } from "../hub-metrics.ts";
import type { Log } from "../log.ts";
import type { StoreObserver } from "./sqlite-engine.ts";
import type { StoreErrorCode } from "./store-error.ts";

export interface StoreWatch extends StoreObserver {
  /** Whether the last attempt to commit failed. */
  isFailing(): boolean;
}

const TO_DO: Readonly<Record<StoreErrorCode, string>> = {
  diskFull: "make room on the disk of DATA_DIR; workers keep their events and try again",
  unusable: "give the hub the right to write to DATA_DIR",
  damaged: "stop the hub, move hub.sqlite away and start it again; the workers send what is true now",
  locked: "find out what else opens hub.sqlite",
  newer: "run the version that wrote hub.sqlite",
  failed: "look at the disk of DATA_DIR",
};

export function watchStore(log: Log, metrics: HubMetrics, clock: Clock): StoreWatch {
  let failingSinceMs: number | undefined;
  let sizeBytes = 0;
  metrics.gauge("store_bytes", () => sizeBytes);
  metrics.gauge("store_failing", () => (failingSinceMs === undefined ? 0 : 1));
  return {
    committed(commits, seconds) {
      metrics.storeCommits.add(commits);
      metrics.storeSeconds.observe(seconds);
      if (failingSinceMs === undefined) return;
      log.info("store_recovered", { failedMs: clock.nowMs() - failingSinceMs });
      failingSinceMs = undefined;
    },
    failed(code, cause) {
      metrics.storeFailures.at(code).add();
      if (failingSinceMs !== undefined) return;
      failingSinceMs = clock.nowMs();
      log.error("store_failing", { code, cause: String(cause), toDo: TO_DO[code] });
    },
    measured(bytes) {
      sizeBytes = bytes;
    },
    isFailing: () => failingSinceMs !== undefined,
  };
}
