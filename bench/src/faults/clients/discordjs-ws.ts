import { WebSocketManager, WebSocketShardEvents } from "@discordjs/ws";
import { gatewayBot } from "../../suite/gateway-bot.ts";
import { type ClientJob, INTENTS, print } from "./job.ts";

export async function start(job: ClientJob): Promise<void> {
  const manager = new WebSocketManager({
    token: job.token,
    intents: INTENTS as number,
    // All it wants of REST is the answer of `GET /gateway/bot`.
    rest: { get: () => Promise.resolve(gatewayBot(job.gatewayUrl)) } as never,
  });
  manager.on(WebSocketShardEvents.Error, print("error"));
  await manager.connect();
}
