import { Client } from "oceanic.js";
import { gatewayBot, inCamelCase } from "../../suite/gateway-bot.ts";
import { dispatchCounter, INTENTS, readJob } from "./job.ts";

const job = readJob();
const bot = inCamelCase(gatewayBot(job.gatewayUrl));
const client = new Client({
  auth: `Bot ${job.token}`,
  rest: { baseURL: `${job.apiUrl}/v10` },
  gateway: {
    intents: INTENTS,
    compress: job.transport === "none" ? false : job.transport,
    compressLibrary: "native",
    override: {
      appendQuery: true,
      gatewayURLIsResumeURL: false,
      getBot: () => Promise.resolve(bot),
    },
  },
});
const count = dispatchCounter(job);
client.on("packet", ({ op }: { readonly op: number }) => {
  if (op === 0) count();
});
client.on("error", (error) => void process.stderr.write(`${String(error)}\n`));
await client.connect();
