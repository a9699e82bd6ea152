/** The deliveries taken by `node:http`. Run it: HUB_SECRET=… node src/node-http.ts */
import { createServer } from "node:http";
import { createReceiver, nodeHandler } from "@guildwire/receiver";
import { openRoomStore } from "./room-store.ts";

const store = openRoomStore(process.env["ROOMS_FILE"] ?? "rooms.sqlite");
const receive = nodeHandler(createReceiver({ secrets: process.env["HUB_SECRET"] ?? "", store }));

const server = createServer((request, response) => {
  const route = `${request.method} ${request.url}`;
  if (route === "POST /discord-events") return void receive(request, response);
  if (route === "GET /rooms") return void response.end(JSON.stringify(store.rooms()));
  response.writeHead(404).end();
});
server.listen(Number(process.env["PORT"] ?? 4000), () => console.log("listening", server.address()));
