import http from "node:http";
import https from "node:https";
import { ShardManager } from "seyfert";
import { gatewayBot } from "../../suite/gateway-bot.ts";
import { type ClientJob, INTENTS } from "./job.ts";

/** It speaks to port 443 over TLS only, so its `https.request` is pointed at our ports before it dials. */
export async function start(job: ClientJob): Promise<void> {
  const request = (options: http.RequestOptions): http.ClientRequest => {
    const port = options.path?.startsWith("/resume") ? job.resumePort : job.mainPort;
    return http.request({ ...options, port });
  };
  (https as { request: unknown }).request = request;
  const manager = new ShardManager({
    token: job.token,
    intents: INTENTS,
    info: gatewayBot(job.gatewayUrl),
    handlePayload: () => undefined,
  } as never);
  await manager.spawnShards();
}
