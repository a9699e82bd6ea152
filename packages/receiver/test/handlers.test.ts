/** Receivers on real sockets: what a stranger may do to the way in. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { DELIVERY_BODY_BYTES_MAX } from "@guildwire/events";
import { expect, it, onTestFinished } from "vitest";
import { fetchHandler } from "../src/fetch-handler.ts";
import { nodeHandler } from "../src/node-handler.ts";
import { createReceiver } from "../src/receiver.ts";

/** Nothing that these send may reach the store. */
const receiver = createReceiver({
  secrets: "a-secret-for-this-test-of-32-characters",
  store: {
    load: () => expect.unreachable("the store was asked"),
    commit: () => expect.unreachable("the store was written"),
  },
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

it("says what is wrong when the body was read before it came here", async () => {
  const handle = nodeHandler(receiver);
  const port = await serve((incoming, outgoing) => {
    incoming.resume().once("end", () => void handle(incoming, outgoing));
  });
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "{}" });
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({ error: expect.stringContaining("before express.json()") });
});

it("lets go of a connection whose body does not come", async () => {
  const handle = nodeHandler(receiver, { bodyWaitMs: 50 });
  const port = await serve((incoming, outgoing) => void handle(incoming, outgoing));
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const closed = once(socket, "close");
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
  await closed;
});

it("stops reading a body of unstated length at the bound", async () => {
  const handle = nodeHandler(receiver);
  const port = await serve((incoming, outgoing) => void handle(incoming, outgoing));
  const post = request({ host: "127.0.0.1", port, method: "POST" });
  post.on("error", () => {});
  const answered = once(post, "response");
  // In chunks, without a Content-Length; the end never comes.
  for (let bytes = 0; bytes <= DELIVERY_BODY_BYTES_MAX; bytes += 65_536) post.write("x".repeat(65_536));
  const [response] = (await answered) as [IncomingMessage];
  expect(response.statusCode).toBe(413);
  expect(response.headers.connection).toBe("close");
  post.destroy();
});

it("stops reading a stream at the bound", async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  const init: RequestInit & { readonly duplex: "half" } = { method: "POST", body, duplex: "half" };
  const answer = await fetchHandler(receiver)(new Request("http://app.example/", init));
  expect(answer.status).toBe(413);
  expect(pulled).toBeLessThan(2 * DELIVERY_BODY_BYTES_MAX);
});
