/** The deliveries taken by Fastify. Run it: HUB_SECRET=… node src/fastify.ts */
import { createReceiver } from "@guildwire/receiver";
import { fastify } from "fastify";
import { openRoomStore } from "./room-store.ts";

const store = openRoomStore(process.env["ROOMS_FILE"] ?? "rooms.sqlite");
const receiver = createReceiver({ secrets: process.env["HUB_SECRET"] ?? "", store });

const app = fastify();
// A scope of its own, so that other routes keep their JSON parser: here a body stays the bytes that came.
await app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<Buffer>(
    "*",
    { parseAs: "buffer" },
    async (_request: unknown, body: Buffer) => body,
  );
  scope.post<{ Body: Buffer | undefined }>("/discord-events", async ({ headers, body }, reply) => {
    const answer = await receiver.take({ headers, body: body ?? "" });
    return await reply.code(answer.status).headers(answer.headers).send(answer.json);
  });
});
app.get("/rooms", async () => store.rooms());

await app.listen({ port: Number(process.env["PORT"] ?? 4000), host: "127.0.0.1" });
console.log("listening", app.server.address());
