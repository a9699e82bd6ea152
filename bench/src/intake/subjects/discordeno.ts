import { createGatewayManager, TransportCompression } from "@discordeno/gateway";
import { dispatchCounter, gatewayBot, INTENTS, readJob } from "./job.ts";

const COMPRESSION = {
  none: null,
  "zlib-stream": TransportCompression.zlib,
  "zstd-stream": TransportCompression.zstd,
};

const job = readJob();
const { url, shards, session_start_limit: limit } = gatewayBot(job);
const count = dispatchCounter(job);
const manager = createGatewayManager({
  token: job.token,
  url,
  intents: INTENTS,
  connection: {
    url,
    shards,
    sessionStartLimit: {
      total: limit.total,
      remaining: limit.remaining,
      resetAfter: limit.reset_after,
      maxConcurrency: limit.max_concurrency,
    },
  },
  resharding: { enabled: false } as never,
  transportCompression: COMPRESSION[job.transport],
  events: {
    message: (_shard, { op }) => {
      if (op === 0) count();
    },
  },
});
await manager.spawnShards();
