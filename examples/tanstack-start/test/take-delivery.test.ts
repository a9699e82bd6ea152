/** The app's route against all that a receiver has to do. */
import { createSecretKey, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { readSecrets } from "@guildwire/receiver";
import { receiverChecks } from "@guildwire/receiver/testing";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { takeDelivery } from "../src/server/take-delivery.ts";
import { voiceStore } from "../src/server/voice-store.ts";

const SECRET = "a-secret-for-this-test-of-32-characters";
const secrets = readSecrets(SECRET);
if (!secrets.ok) throw new Error(secrets.problem);
const { keys } = secrets;

let server: Server;

beforeAll(async () => {
  vi.stubEnv("VOICE_FILE", ":memory:");
  server = createServer(async (incoming, outgoing) => {
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const init: RequestInit & { readonly duplex: "half" } = {
      ...{ method: "POST", headers, duplex: "half" },
      body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>,
    };
    const answer = await takeDelivery(new Request("http://app.example/api/discord-events", init));
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  voiceStore().close();
  vi.unstubAllEnvs();
});

it("names the variable when it has no secret, and goes on once it has one", async () => {
  vi.stubEnv("HUB_SECRET", "");
  await expect(takeDelivery(new Request("http://app.example/", { method: "POST" }))).rejects.toThrow(
    "HUB_SECRET) is empty",
  );
  vi.stubEnv("HUB_SECRET", SECRET);
  expect((await takeDelivery(new Request("http://app.example/", { method: "POST" }))).status).toBe(401);
});

it.each(receiverChecks(createSecretKey(randomBytes(32))))("$title", async ({ run }) => {
  const { port } = server.address() as AddressInfo;
  const receiver = { url: `http://127.0.0.1:${port}/`, keys, source: "900000000000000009" };
  await expect(run(receiver)).resolves.toBeUndefined();
});
