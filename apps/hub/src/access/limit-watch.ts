/** Says that connections are refused for their number. */

import type { Clock } from "@guildwire/runtime";
import { onceAMinute } from "@guildwire/runtime";
import { ERROR_CODES } from "@guildwire/runtime/errors";
import type { Log } from "../log.ts";
import type { LimitReached } from "./connection-limits.ts";

/** `connections`: of the port, before it is known what they are for. */
export type ReachedLimit = LimitReached | "connections";

export interface LimitWatch {
  refused(limit: ReachedLimit): void;
}

export function watchLimits(log: Log, clock: Pick<Clock, "monotonicMs">): LimitWatch {
  const { code: errorCode, name: errorName } = ERROR_CODES.connectionLimit;
  return {
    refused: onceAMinute(clock, (limit, refused) => {
      const fields = { errorCode, errorName, limit, refused };
      log.warn(
        "connection_limit",
        fields,
        `${errorCode} connections are refused: the limit is reached (${limit})`,
      );
    }),
  };
}
