import { Client } from "eris";
import { gatewayBot } from "../../suite/gateway-bot.ts";
import { dispatchCounter, INTENTS, readJob } from "./job.ts";

const job = readJob();
// It compresses with zlib-sync or pako alone, of which neither is here.
if (job.transport !== "none") throw new Error(`no ${job.transport}`);
const client = new Client(`Bot ${job.token}`, { intents: INTENTS, maxShards: 1, restMode: false });
client.getBotGateway = () => Promise.resolve(gatewayBot(job.gatewayUrl)) as never;
const count = dispatchCounter(job);
client.on("rawWS", (packet) => {
  if ((packet as { readonly op: number }).op === 0) count();
});
client.on("error", (error) => void process.stderr.write(`${String(error)}\n`));
await client.connect();
