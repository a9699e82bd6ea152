import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { readSecrets } from "@guildwire/events";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPost } from "../src/sending/post.ts";
import { outcomeOf } from "../src/settling/outcome.ts";

const SECRETS = [
  `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
  `whsec_${Buffer.alloc(32, 2).toString("base64")}`,
];
const BATCH = { id: "epoch_1_1", body: '{"source":"100","epoch":"epoch","events":[]}' };

/** A receiver on the loopback that answers as the test says, and the means to POST to it. */
async function setUp(receiver: RequestListener, login = "") {
  const server = createServer(receiver).listen(0, "127.0.0.1");
  await once(server, "listening");
  const secrets = readSecrets(SECRETS.join(" "));
  if (!secrets.ok) return expect.unreachable(secrets.problem);
  const url = `http://${login}127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  const { post, close } = createPost({ url, keys: secrets.keys });
  onTestFinished(async () => {
    await close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const send = async () => {
    const reply = await post(BATCH, new AbortController().signal);
    return reply.kind === "answer" ? outcomeOf(reply, Date.now()) : reply;
  };
  return { server, post: send };
}

async function postTo(receiver: RequestListener) {
  const { post } = await setUp(receiver);
  return await post();
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

  it("sends the user name and password of the URL as basic authentication", async () => {
    const seen: (string | undefined)[] = [];
    const { post } = await setUp((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"acked":1}');
    }, "guild:p%40ss%25w%C3%B6rd@");
    expect(await post()).toEqual({ kind: "delivered", acked: 1 });
    expect(seen).toEqual([`Basic ${Buffer.from("guild:p@ss%wörd").toString("base64")}`]);
  });

  it("asks for a login when the one in front of the receiver is missing", async () => {
    const outcome = await postTo((_, response) =>
      response.writeHead(401, { "www-authenticate": "Basic realm=proxy" }).end("<h1>401</h1>"),
    );
    expect(outcome).toMatchObject({ kind: "endpointWrong", detail: /asks for a login \(Basic\)/ });
  });

  it("does not follow a redirect", async () => {
    const paths: (string | undefined)[] = [];
    const outcome = await postTo((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(outcome).toMatchObject({ kind: "endpointWrong", status: 307 });
    expect(paths).toEqual(["/events"]);
  });

  it("is unreachable when the connection dies before an answer", async () => {
    expect(await postTo((request) => request.socket.destroy())).toMatchObject({ kind: "unreachable" });
  });

  it("reads no more of an answer than it needs", async () => {
    const outcome = await postTo((_, response) => response.writeHead(500).end("x".repeat(5_000_000)));
    expect(outcome).toMatchObject({ kind: "busy", status: 500 });
  });

  it("uses one connection for one POST after another", async () => {
    const { server, post } = await setUp((_, response) => response.end('{"acked":1}'));
    let connections = 0;
    server.on("connection", () => {
      connections += 1;
    });
    for (let posts = 0; posts < 5; posts += 1) expect(await post()).toMatchObject({ kind: "delivered" });
    expect(connections).toBe(1);
  });

  it("goes out once more, at once and under the same id, when a kept connection dies unanswered", async () => {
    const ids: unknown[] = [];
    const { post } = await setUp((request, response) => {
      ids.push(request.headers["webhook-id"]);
      if (ids.length === 2) request.socket.destroy();
      else response.end('{"acked":1}');
    });
    expect(await post()).toMatchObject({ kind: "delivered" });
    expect(await post()).toMatchObject({ kind: "delivered" });
    expect(ids).toEqual([BATCH.id, BATCH.id, BATCH.id]);
  });

  it("is not repeated when a connection of its own dies, nor twice", async () => {
    let requests = 0;
    const { post } = await setUp((request, response) => {
      requests += 1;
      if (requests === 1) response.end('{"acked":1}');
      else request.socket.destroy();
    });
    await post();
    expect(await post()).toMatchObject({ kind: "unreachable" });
    expect(requests).toBe(3);
    expect(await post()).toMatchObject({ kind: "unreachable" });
    expect(requests).toBe(4);
  });

  it("is not repeated when the answer had begun", async () => {
    let requests = 0;
    const { post } = await setUp((request, response) => {
      requests += 1;
      if (requests === 1) return void response.end('{"acked":1}');
      response.writeHead(200, { "content-length": "100" }).write("{");
      setImmediate(() => request.socket.destroy());
    });
    await post();
    expect(await post()).toMatchObject({ kind: "unreachable" });
    expect(requests).toBe(2);
  });
});
