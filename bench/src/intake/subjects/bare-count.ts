import { startBareSocket } from "./bare-socket.ts";
import { readJob, tellDone } from "./job.ts";

const job = readJob();
let seen = 0;
startBareSocket(job, () => {
  seen += 1;
  if (seen === job.frames) tellDone();
});
