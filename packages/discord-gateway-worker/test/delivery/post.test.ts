import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { readSecrets } from "@guildwire/events";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Batch } from "../../src/delivery/batch.ts";
import { createPost } from "../../src/delivery/post.ts";

const SECRETS = [
  `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
  `whsec_${Buffer.alloc(32, 2).toString("base64")}`,
];
const BATCH: Batch = {
  id: "epoch_1_1",
  body: '{"source":"100","epoch":"epoch","events":[]}',
  firstSeq: 1,
  lastSeq: 1,
  events: 1,
  oldestTimestamp: "",
};

/** Sends one batch to a receiver on the loopback that answers as the test says. */
async function postTo(receiver: RequestListener) {
  const server = createServer(receiver).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const secrets = readSecrets(SECRETS.join(" "));
  if (!secrets.ok) return expect.unreachable(secrets.problem);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  const { post, close } = createPost({ url, keys: secrets.keys });
  const outcome = await post(BATCH, new AbortController().signal);
  await close();
  return outcome;
}

describe("a POST", () => {
  it("is accepted by the published library with either of two secrets", async () => {
    const accepted: unknown[] = [];
    const outcome = await postTo(async (request, response) => {
      const body = await text(request);
      const headers = request.headers as Record<string, string>;
      for (const secret of SECRETS) accepted.push(new Webhook(secret).verify(body, headers));
      response.setHeader("content-type", "application/json").end('{"acked":1}');
    });
    expect(outcome).toEqual({ kind: "delivered", acked: 1 });
    expect(accepted).toEqual([JSON.parse(BATCH.body), JSON.parse(BATCH.body)]);
  });

  it("does not follow a redirect", async () => {
    const paths: (string | undefined)[] = [];
    const outcome = await postTo((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(outcome).toMatchObject({ kind: "busy", status: 307 });
    expect(paths).toEqual(["/events"]);
  });

  it("is unreachable when the connection dies before an answer", async () => {
    expect(await postTo((request) => request.socket.destroy())).toMatchObject({ kind: "unreachable" });
  });

  it("reads no more of an answer than it needs", async () => {
    const outcome = await postTo((_, response) => response.writeHead(500).end("x".repeat(5_000_000)));
    expect(outcome).toMatchObject({ kind: "busy", status: 500 });
  });
});
