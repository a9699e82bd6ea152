import { CompressionMethod, WebSocketManager, WebSocketShardEvents } from "@discordjs/ws";
import { gatewayBot } from "../../suite/gateway-bot.ts";
import { dispatchCounter, INTENTS, readJob } from "./job.ts";

const COMPRESSION = { none: null, "zlib-stream": CompressionMethod.ZlibNative, "zstd-stream": undefined };

const job = readJob();
const compression = COMPRESSION[job.transport];
if (compression === undefined) throw new Error(`no ${job.transport}`);
const manager = new WebSocketManager({
  token: job.token,
  intents: INTENTS as number,
  compression,
  // Version 1 asks REST, version 2 this function.
  fetchGatewayInformation: () => Promise.resolve(gatewayBot(job.gatewayUrl)),
  rest: { get: () => Promise.resolve(gatewayBot(job.gatewayUrl)) },
} as never);
const count = dispatchCounter(job);
manager.on(WebSocketShardEvents.Dispatch, count);
manager.on(WebSocketShardEvents.Error, (error) => void process.stderr.write(`${String(error)}\n`));
await manager.connect();
