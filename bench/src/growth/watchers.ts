/** So many clients of one topic, as a process: `watchers.ts <url> <sockets> <topic>`. It counts the deltas that come. */
import { WebSocket } from "ws";
import type { WatchersMessage } from "./watchers-message.ts";

const [url = "", sockets = "0", topic = ""] = process.argv.slice(2);
/** Handshakes under way at once. */
const LANES = 32;
/** The hub takes so many handshakes a second and answers the others with 503: they ask again, sooner than a page would. */
const AGAIN_AFTER_MS = 50;
const DELTA = '"t":"d"';
let deltas = 0;
let following = 0;
let begun = 0;

const say = (message: WatchersMessage): void => void process.send?.(message);

function next(): void {
  if (begun >= Number(sockets)) return;
  begun += 1;
  watch();
}

function watch(): void {
  const socket = new WebSocket(url, "hub.v1", { perMessageDeflate: false });
  socket.on("open", () => socket.send(JSON.stringify({ t: "auth", id: 0, v: 1, subs: [{ topic }] })));
  socket.on("message", (data: Buffer) => {
    const text = data.toString("latin1");
    deltas += text.split(DELTA).length - 1;
    if (!text.includes('"last":true')) return;
    following += 1;
    next();
    if (following === Number(sockets)) say({ type: "watching" });
  });
  socket.on("unexpected-response", (request, { statusCode }) => {
    request.destroy();
    if (statusCode === 503) setTimeout(watch, AGAIN_AFTER_MS);
    else process.stderr.write(`the handshake was answered with ${statusCode}\n`);
  });
  socket.on("error", (error) => process.stderr.write(`${error.message}\n`));
}

process.on("message", () => say({ type: "counted", deltas }));
for (let lane = 0; lane < LANES; lane += 1) next();
