import { createGatewayManager, TransportCompression } from "@discordeno/gateway";
import { gatewayBot, inCamelCase } from "../../suite/gateway-bot.ts";
import { dispatchCounter, INTENTS, readJob } from "./job.ts";

const COMPRESSION = {
  none: null,
  "zlib-stream": TransportCompression.zlib,
  "zstd-stream": TransportCompression.zstd,
};

const job = readJob();
const bot = inCamelCase(gatewayBot(job.gatewayUrl));
const count = dispatchCounter(job);
const manager = createGatewayManager({
  token: job.token,
  url: bot.url,
  intents: INTENTS,
  connection: bot,
  resharding: { enabled: false } as never,
  transportCompression: COMPRESSION[job.transport],
  events: {
    message: (_shard, { op }) => {
      if (op === 0) count();
    },
  },
});
await manager.spawnShards();
