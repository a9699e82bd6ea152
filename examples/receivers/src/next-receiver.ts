/** One store for all routes. Made at the first request: `next build` loads routes where there is no secret yet. */
import { createReceiver, fetchHandler } from "@guildwire/receiver";
import { openRoomStore, type RoomStore } from "./room-store";

let store: RoomStore | undefined;
let handler: ((request: Request) => Promise<Response>) | undefined;

export function rooms(): RoomStore {
  store ??= openRoomStore(process.env["ROOMS_FILE"] ?? "rooms.sqlite");
  return store;
}

export function receive(request: Request): Promise<Response> {
  handler ??= fetchHandler(createReceiver({ secrets: process.env["HUB_SECRET"] ?? "", store: rooms() }));
  return handler(request);
}
