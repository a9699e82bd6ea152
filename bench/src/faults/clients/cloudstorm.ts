import { Client } from "cloudstorm";
import { gatewayBot } from "../../suite/gateway-bot.ts";
import { type ClientJob, INTENTS, print } from "./job.ts";

export async function start(job: ClientJob): Promise<void> {
  const client = new Client(job.token, {
    intents: INTENTS,
    shards: "auto",
    ws: { compress: false, encoding: "json" },
    snowtransferInstance: { bot: { getGatewayBot: () => Promise.resolve(gatewayBot(job.gatewayUrl)) } },
  } as never);
  client.on("error", print("error"));
  client.on("disconnected", print("disconnected"));
  await client.connect();
}
