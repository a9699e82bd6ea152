import { startBareSocket } from "./bare-socket.ts";
import { readJob, tellDone } from "./job.ts";

const job = readJob();
let seen = 0;
startBareSocket(job, (bytes) => {
  const { op } = JSON.parse(bytes.toString("utf8")) as { op: number };
  if (op !== 0) return;
  seen += 1;
  if (seen === job.frames) tellDone();
});
