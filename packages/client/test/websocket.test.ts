import type { AddressInfo } from "node:net";
import type { ClientMessage } from "@guildwire/live";
import { afterEach, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { createHubClient, type HubClient } from "../src/hub-client.ts";
import { hi, snapshot } from "./memory-hub.ts";

const topic = "voice/1/public";
let server: WebSocketServer | undefined;

afterEach(async () => {
  for (const socket of server?.clients ?? []) socket.terminate();
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  server = undefined;
});

/** Resolves when the client's topic or status makes `isTrue` true. */
function until(client: HubClient, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isTrue()) return;
      for (const stop of stops) stop();
      resolve();
    };
    const stops = [client.status.subscribe(look), client.topic(topic).subscribe(look)];
    look();
  });
}

it("follows a topic over a real socket, through a deploy, and leaves nothing behind", async () => {
  const auths: ClientMessage[] = [];
  server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "hub.v1" });
  await new Promise((resolve) => server?.once("listening", resolve));
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as ClientMessage;
      if (message.t !== "auth") return;
      auths.push(message);
      const isFirst = auths.length === 1;
      if (!isFirst) {
        socket.send(
          JSON.stringify([
            hi(message.id),
            { t: "subd", id: message.id, topic, e: "e1", o: 2, how: "resumed" },
          ]),
        );
        return;
      }
      const subscribed = { t: "subd", id: message.id, topic, e: "e1", o: 1, how: "snapshot" };
      const first = snapshot(topic, 1, [["m", { guild: { id: "1" } }, 1]]);
      socket.send(JSON.stringify([hi(message.id, Date.now()), subscribed, first]));
      const joined = { t: "d", topic, f: 1, o: 2, at: Date.now(), ops: [["s", "u:1", { name: "Ada" }]] };
      socket.send(JSON.stringify(joined));
      socket.send(JSON.stringify({ t: "bye", code: 4100, after: 0, spread: 10 }));
      socket.close(4100);
    });
  });

  const { port } = server.address() as AddressInfo;
  const client = createHubClient({ url: `ws://127.0.0.1:${port}/ws`, topics: [topic] });
  await until(client, () => client.topic(topic).getSnapshot().entries.size === 2);
  await until(client, () => auths.length === 2 && client.status.getSnapshot().name === "live");
  expect(auths[1]).toMatchObject({ t: "auth", subs: [{ topic, e: "e1", o: 2 }] });
  expect(client.topic(topic).getSnapshot().sync.name).toBe("following");

  const closed = new Promise((resolve) => [...(server?.clients ?? [])][0]?.once("close", resolve));
  client[Symbol.dispose]();
  await closed;
  expect(client.status.getSnapshot()).toMatchObject({ name: "stopped", code: 1000 });
});
