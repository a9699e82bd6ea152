import { createGatewayManager } from "@discordeno/gateway";
import { gatewayBot, inCamelCase } from "../../suite/gateway-bot.ts";
import { type ClientJob, INTENTS } from "./job.ts";

export async function start(job: ClientJob): Promise<void> {
  const bot = inCamelCase(gatewayBot(job.gatewayUrl));
  const manager = createGatewayManager({
    token: job.token,
    url: bot.url,
    intents: INTENTS,
    connection: bot,
    resharding: { enabled: false } as never,
    transportCompression: null,
    events: {},
  });
  await manager.spawnShards();
}
