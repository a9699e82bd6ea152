import { Client } from "eris";
import { gatewayBot } from "../../suite/gateway-bot.ts";
import { type ClientJob, INTENTS, print } from "./job.ts";

export async function start(job: ClientJob): Promise<void> {
  const client = new Client(`Bot ${job.token}`, { intents: INTENTS, maxShards: 1, restMode: false });
  client.getBotGateway = () => Promise.resolve(gatewayBot(job.gatewayUrl)) as never;
  client.on("error", print("error"));
  client.on("warn", print("warn"));
  client.on("disconnect", print("disconnect"));
  client.on("shardDisconnect", print("shardDisconnect"));
  await client.connect();
}
