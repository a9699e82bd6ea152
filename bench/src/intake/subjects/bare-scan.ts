/** Our look at the bytes on a bare socket, and a parse of what survives it: how little our client could cost. */
import { DISPATCH_NAMES } from "../../../../packages/discord-wire/src/index.ts";
import { createFrameScan } from "../../../../packages/gateway/src/connection/frame-scan.ts";
import { startBareSocket } from "./bare-socket.ts";
import { readJob, tellDone } from "./job.ts";

const job = readJob();
const scan = createFrameScan({ names: DISPATCH_NAMES, guildId: job.guildId });
let seen = 0;
startBareSocket(job, (bytes) => {
  if (scan(bytes) === undefined) {
    const { op } = JSON.parse(bytes.toString("utf8")) as { op: number };
    if (op !== 0) return;
  }
  seen += 1;
  if (seen === job.frames) tellDone();
});
