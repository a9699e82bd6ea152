/**
 * The least that reads a Gateway: `ws`, Identify, the Heartbeats that are asked for. Until the guilds have come it
 * parses all; then `takeBurst` has every message to itself.
 */
import { WebSocket } from "ws";
import { decompressor } from "../sync-zlib.ts";
import { addressOf, INTENTS, type SubjectJob } from "./job.ts";

export function startBareSocket(job: SubjectJob, takeBurst: (bytes: Buffer) => void): void {
  const inflate = job.transport === "none" ? undefined : decompressor(job.transport);
  const socket = new WebSocket(addressOf(job), { perMessageDeflate: false });
  let seq: number | null = null;
  let take = takeArrival;

  function takeArrival(bytes: Buffer): void {
    const { op, s } = JSON.parse(bytes.toString("utf8")) as { op: number; s: number | null };
    seq = s ?? seq;
    if (op === 10) {
      const properties = { os: "linux", browser: "bench", device: "bench" };
      socket.send(JSON.stringify({ op: 2, d: { token: job.token, intents: INTENTS, properties } }));
    } else if (op === 1) {
      take = takeBurst;
      socket.send(JSON.stringify({ op: 1, d: seq }));
    }
  }

  if (inflate === undefined) socket.on("message", (bytes: Buffer) => take(bytes));
  else socket.on("message", (bytes: Buffer) => take(inflate(bytes)));
}
