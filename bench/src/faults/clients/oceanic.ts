import { Client } from "oceanic.js";
import { type ClientJob, gatewayBot, INTENTS, print } from "./job.ts";

export async function start(job: ClientJob): Promise<void> {
  const { url, shards, session_start_limit: limit } = gatewayBot(job);
  const client = new Client({
    auth: `Bot ${job.token}`,
    rest: { baseURL: `${job.apiUrl}/v10` },
    gateway: {
      intents: INTENTS,
      compress: false,
      override: {
        appendQuery: true,
        gatewayURLIsResumeURL: false,
        getBot: () =>
          Promise.resolve({
            url,
            shards,
            sessionStartLimit: {
              total: limit.total,
              remaining: limit.remaining,
              resetAfter: limit.reset_after,
              maxConcurrency: limit.max_concurrency,
            },
          }),
      },
    },
  });
  client.on("error", print("error"));
  client.on("warn", print("warn"));
  client.on("disconnect", print("disconnect"));
  client.on("shardDisconnect", print("shardDisconnect"));
  await client.connect();
}
