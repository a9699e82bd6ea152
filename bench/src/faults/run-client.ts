/** The process one client runs in: `run-client.ts <name> <job as JSON>`. A crash of it is a result. */
import type { Socket } from "node:net";
import { CLIENTS } from "./client-table.ts";
import type { ClientJob } from "./clients/job.ts";

const [name, job] = process.argv.slice(2);
const client = CLIENTS.find((entry) => entry.name === name);
if (client === undefined || job === undefined)
  throw new Error(`usage: run-client.ts <client> <job>; got ${name}`);
// Whoever started this process holds the other end of stdin: when that is gone, so is the trial.
process.stdin.on("end", () => process.exit()).resume();
(process.stdin as Socket).unref();
const { start } = await client.load();
await start(JSON.parse(job) as ClientJob);
