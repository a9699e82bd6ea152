import { Client } from "oceanic.js";
import { gatewayBot, inCamelCase } from "../../suite/gateway-bot.ts";
import { type ClientJob, INTENTS, print } from "./job.ts";

export async function start(job: ClientJob): Promise<void> {
  const bot = inCamelCase(gatewayBot(job.gatewayUrl));
  const client = new Client({
    auth: `Bot ${job.token}`,
    rest: { baseURL: `${job.apiUrl}/v10` },
    gateway: {
      intents: INTENTS,
      compress: false,
      override: {
        appendQuery: true,
        gatewayURLIsResumeURL: false,
        getBot: () => Promise.resolve(bot),
      },
    },
  });
  client.on("error", print("error"));
  client.on("warn", print("warn"));
  client.on("disconnect", print("disconnect"));
  client.on("shardDisconnect", print("shardDisconnect"));
  await client.connect();
}
