/** So many clients of one topic, as a process: `watchers.ts <url> <sockets> <topic>`. It counts the deltas that come. */
import { WebSocket } from "ws";
import type { WatchersMessage } from "./watchers-message.ts";

const [url = "", sockets = "0", topic = ""] = process.argv.slice(2);
/** Handshakes under way at once. */
const OPENING_MAX = 32;
const DELTA = '"t":"d"';
let deltas = 0;
let following = 0;
let opened = 0;

const say = (message: WatchersMessage): void => void process.send?.(message);

function open(): void {
  if (opened >= Number(sockets)) return;
  opened += 1;
  const socket = new WebSocket(url, "hub.v1", { perMessageDeflate: false });
  socket.on("open", () => socket.send(JSON.stringify({ t: "auth", id: 0, v: 1, subs: [{ topic }] })));
  socket.on("message", (data: Buffer) => {
    const text = data.toString("latin1");
    deltas += text.split(DELTA).length - 1;
    if (!text.includes('"last":true')) return;
    following += 1;
    open();
    if (following === Number(sockets)) say({ type: "watching" });
  });
  socket.on("error", (error) => process.stderr.write(`${error.message}\n`));
}

process.on("message", () => say({ type: "counted", deltas }));
for (let index = 0; index < OPENING_MAX; index += 1) open();
