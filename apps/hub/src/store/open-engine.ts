/** The engine on this directory's file, found out first whether the file is as new as what was served from it. */
import type { TopicEngine } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import { type OpenOptions, openWith } from "@guildwire/runtime/database";
import { HUB_FILE, LOCK_WAIT_MS } from "./hub-file.ts";
import { renewIfOlder, withMark } from "./restored-store.ts";
import { createSqliteEngine, type StoreObserver } from "./sqlite-engine.ts";

export interface EngineParts {
  readonly clock: Clock;
  /** Letters and digits, new at each call. */
  readonly randomText: () => string;
  readonly dataDir: string;
  readonly observer: StoreObserver;
}

/** Rejects with `StorageError`. */
export async function openEngine(
  { clock, randomText, dataDir, observer }: EngineParts,
  options: OpenOptions = { lockWaitMs: LOCK_WAIT_MS },
): Promise<TopicEngine> {
  const open = (database: Parameters<typeof renewIfOlder>[0]): TopicEngine => {
    const missing = renewIfOlder(database, dataDir, randomText);
    if (missing > 0) observer.foundOlder(missing);
    const engine = createSqliteEngine({ database, newEpoch: randomText, clock, observer });
    return withMark(engine, database, dataDir, clock);
  };
  return openWith(dataDir, HUB_FILE, open, options);
}
