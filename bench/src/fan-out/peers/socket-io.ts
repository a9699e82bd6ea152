/** Socket.IO as its documentation has it: `socket-io.ts [recovery]`. */
import { createServer } from "node:http";
import { Server } from "socket.io";
import { serve } from "./peer-orders.ts";

const server = createServer();
const io = new Server(server, {
  serveClient: false,
  ...(process.argv[2] === "recovery" ? { connectionStateRecovery: {} } : {}),
});
serve(server, (change) => void io.emit("change", change));
