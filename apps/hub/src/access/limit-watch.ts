/** Says that browsers are refused for their number: one record at once, and one a minute while it goes on. */
import { ERROR_CODES } from "@guildwire/events/errors";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { LimitReached } from "./connection-limits.ts";

const TELL_AGAIN_AFTER_MS = 60_000;

/** `connections`: of the port, before it is known what they are for. */
export type ReachedLimit = LimitReached | "connections";

export interface LimitWatch {
  refused(limit: ReachedLimit): void;
}

export function watchLimits(log: Log, clock: Pick<Clock, "nowMs">): LimitWatch {
  const told = new Map<ReachedLimit, { atMs: number; untold: number }>();
  return {
    refused(limit) {
      const last = told.get(limit) ?? { atMs: Number.NEGATIVE_INFINITY, untold: 0 };
      told.set(limit, last);
      last.untold += 1;
      if (clock.nowMs() - last.atMs < TELL_AGAIN_AFTER_MS) return;
      const { code: errorCode, name: errorName } = ERROR_CODES.connectionLimit;
      const fields = { errorCode, errorName, limit, refused: last.untold };
      log.warn(
        "connection_limit",
        fields,
        `${errorCode} connections are refused: the limit is reached (${limit})`,
      );
      last.atMs = clock.nowMs();
      last.untold = 0;
    },
  };
}
