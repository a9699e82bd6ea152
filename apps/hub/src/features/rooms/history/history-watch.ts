/** What the histories tell of themselves. A failure that goes on is one log line, and one when it ends. */
import type { Clock } from "@guildwire/runtime";
import {
  StorageError,
  type StorageErrorCode,
  storageErrorCode,
  storageFailureOf,
} from "@guildwire/runtime/database";
import type { HubMetrics } from "../../../hub-metrics.ts";
import type { Log } from "../../../log.ts";

/** `steps`: one by one. `difference`: to the whole topic. `anew`: from nothing. */
export type CatchUp = "steps" | "difference" | "anew";

export interface HistoryWatch {
  /** `failing`: kept in memory alone; since when, in monotonic ms, and why. */
  facts(): { readonly topics: number; readonly failing: HistoryFailing | null };
  countTopics(read: () => number): void;
  saved(): void;
  failed(cause: unknown): void;
  caughtUp(how: CatchUp): void;
  /** There are too many topics. */
  refused(topic: string): void;
}

export interface HistoryFailing {
  readonly sinceMs: number;
  /** As in docs/errors.md. */
  readonly errorCode: string;
  readonly toDo: string;
}

const IN_MEMORY = "until then the last day is kept in memory alone, and everything else goes on";

const TO_DO: Readonly<Record<StorageErrorCode, string>> = {
  diskFull: `make room on the disk of DATA_DIR; ${IN_MEMORY}`,
  unusable: `give the hub the right to write to DATA_DIR, and restart it; ${IN_MEMORY}`,
  damaged: `stop the hub, move history.sqlite away and start it again; ${IN_MEMORY}`,
  locked: `find out what else opens history.sqlite, and restart the hub; ${IN_MEMORY}`,
  newer: `run the version that wrote history.sqlite, or move it away; ${IN_MEMORY}`,
  failed: `look at the disk of DATA_DIR; ${IN_MEMORY}`,
};

export function watchHistory(log: Log, metrics: HubMetrics, clock: Clock): HistoryWatch {
  let failing: HistoryFailing | null = null;
  let countTopics = (): number => 0;
  let isFull = false;
  metrics.gauge("history_failing", () => (failing === null ? 0 : 1));
  return {
    facts: () => ({ topics: countTopics(), failing }),
    countTopics(read) {
      countTopics = read;
      metrics.gauge("history_topics", read);
    },
    saved() {
      metrics.historySaves.at("saved").add();
      if (failing === null) return;
      const { errorCode, sinceMs } = failing;
      const fields = { errorCode, failedMs: clock.monotonicMs() - sinceMs };
      log.info("history_recovered", fields, "the last day is saved again");
      failing = null;
    },
    failed(cause) {
      metrics.historySaves.at("failed").add();
      if (failing !== null) return;
      const code = cause instanceof StorageError ? cause.code : (storageFailureOf(cause) ?? "failed");
      const { code: errorCode, name: errorName } = storageErrorCode(code);
      failing = { sinceMs: clock.monotonicMs(), errorCode, toDo: TO_DO[code] };
      const fields = { errorCode, errorName, code, cause: String(cause), toDo: TO_DO[code] };
      log.error("history_failing", fields, `${errorCode} the last day cannot be saved: ${TO_DO[code]}`);
    },
    caughtUp: (how) => metrics.historyCatchUps.at(how).add(),
    refused(topic) {
      if (!isFull) log.warn("history_full", { topic, toDo: "serve fewer guilds or views from one hub" });
      isFull = true;
    },
  };
}
