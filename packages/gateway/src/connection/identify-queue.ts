import type { Clock } from "@guildwire/runtime/clock";

/**
 * Admits Identifies. Discord takes `maxConcurrency` of them per 5 s, one for each key `shard id % maxConcurrency`.
 * Several processes that share a bot would put one that coordinates in its place.
 * Source: https://discord.com/developers/docs/events/gateway#rate-limiting
 */
export interface IdentifyQueue {
  /** Calls back when this shard may identify; the returned function gives the place up. */
  enqueue(shardId: number, maxConcurrency: number, grant: () => void): () => void;
}

const WINDOW_MS = 5_000;
/** Discord's clock and ours differ by the way a frame travels. */
const MARGIN_MS = 250;

export function createIdentifyQueue(clock: Clock): IdentifyQueue {
  const freeAtMs = new Map<number, number>();
  return {
    enqueue(shardId, maxConcurrency, grant) {
      const key = shardId % maxConcurrency;
      const nowMs = clock.monotonicMs();
      const turnMs = Math.max(nowMs, freeAtMs.get(key) ?? 0);
      freeAtMs.set(key, turnMs + WINDOW_MS + MARGIN_MS);
      return clock.after(turnMs - nowMs, grant);
    },
  };
}
