/** The deliveries taken by Express. Run it: HUB_SECRET=… node src/express.ts */
import { createReceiver, nodeHandler } from "@guildwire/receiver";
import express from "express";
import { openRoomStore } from "./room-store.ts";

const store = openRoomStore(process.env["ROOMS_FILE"] ?? "rooms.sqlite");
const receiver = createReceiver({ secrets: process.env["HUB_SECRET"] ?? "", store });

const app = express();
// Before express.json(): the signature is over the bytes as they came.
app.post("/discord-events", nodeHandler(receiver));
app.use(express.json());
app.get("/rooms", (_request, response) => void response.json(store.rooms()));

const server = app.listen(Number(process.env["PORT"] ?? 4000), () =>
  console.log("listening", server.address()),
);
