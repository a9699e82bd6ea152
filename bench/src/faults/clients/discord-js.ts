import { Client, Events } from "discord.js";
import { type ClientJob, INTENTS, print } from "./job.ts";

export async function start(job: ClientJob): Promise<void> {
  const client = new Client({ intents: INTENTS, rest: { api: job.apiUrl } });
  client.on(Events.Error, print("error"));
  client.on(Events.Warn, print("warn"));
  client.on(Events.ShardError, print("shardError"));
  await client.login(job.token);
}
