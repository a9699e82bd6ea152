/** `ws` and a loop over all clients, as its README has it: `ws-loop.ts each|shared`, by how often a change is encoded. */
import { createServer } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { serve } from "./peer-orders.ts";

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
const encodesForEach = process.argv[2] === "each";

serve(server, (change) => {
  const text = JSON.stringify(change);
  for (const client of sockets.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(encodesForEach ? JSON.stringify(change) : text);
  }
});
