import { Gateway } from "detritus-client-socket";
import { type ClientJob, INTENTS, print } from "./job.ts";

export function start(job: ClientJob): void {
  const socket = new Gateway.Socket(job.token, { compress: false, encoding: "json", intents: INTENTS });
  socket.on("warn", print("warn"));
  socket.on("error", print("error"));
  socket.connect(job.gatewayUrl);
}
