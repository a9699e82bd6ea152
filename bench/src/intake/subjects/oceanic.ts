import { Client } from "oceanic.js";
import { dispatchCounter, gatewayBot, INTENTS, readJob } from "./job.ts";

const job = readJob();
const { url, shards, session_start_limit: limit } = gatewayBot(job);
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
const count = dispatchCounter(job);
client.on("packet", ({ op }: { readonly op: number }) => {
  if (op === 0) count();
});
client.on("error", (error) => void process.stderr.write(`${String(error)}\n`));
await client.connect();
