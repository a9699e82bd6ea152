/** The deliveries taken by Hono. Run it on Node: HUB_SECRET=… node src/hono.ts */
import { createReceiver, fetchHandler } from "@guildwire/receiver";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { openRoomStore } from "./room-store.ts";

const store = openRoomStore(process.env["ROOMS_FILE"] ?? "rooms.sqlite");
const receive = fetchHandler(createReceiver({ secrets: process.env["HUB_SECRET"] ?? "", store }));

const app = new Hono();
app.post("/discord-events", (context) => receive(context.req.raw));
app.get("/rooms", (context) => context.json(store.rooms()));

serve({ fetch: app.fetch, port: Number(process.env["PORT"] ?? 4000) }, (address) =>
  console.log("listening", address),
);
