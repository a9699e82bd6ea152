import { createGatewayManager } from "@discordeno/gateway";
import { type ClientJob, gatewayBot, INTENTS } from "./job.ts";

export async function start(job: ClientJob): Promise<void> {
  const { url, shards, session_start_limit: limit } = gatewayBot(job);
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
    transportCompression: null,
    events: {},
  });
  await manager.spawnShards();
}
