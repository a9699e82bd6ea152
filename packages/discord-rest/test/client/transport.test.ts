/** What became of a request, on real sockets. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type HttpResult, undiciTransport } from "../../src/client/transport.ts";
import { RestClient, type RestEvent, restRoute } from "../../src/index.ts";

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const POST = {
  method: "POST",
  path: "/x",
  headers: { "content-type": "application/json" },
  body: "{}",
} as const;

async function sent(origin: string): Promise<HttpResult> {
  const transport = undiciTransport(origin);
  const result = await new Promise<HttpResult>((resolve) => transport.send(POST, resolve));
  await transport.close();
  return result;
}

describe("a request on a socket", () => {
  it("is not sent when no connection is made", async () => {
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();
    expect((await sent(server.origin)).stage).toBe("notSent");
  });

  it("has an unknown outcome when the connection is lost before the answer, or in it", async () => {
    await using dropping = await serve((request) => request.socket.destroy());
    expect((await sent(dropping.origin)).stage).toBe("unknown");
    await using halfway = await serve((request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => request.socket.destroy());
    });
    expect((await sent(halfway.origin)).stage).toBe("unknown");
  });

  it("comes back with status, headers in lower case and text", async () => {
    await using server = await serve((_, response) => response.writeHead(201, { "X-Some": "1" }).end("é"));
    expect(await sent(server.origin)).toMatchObject({
      stage: "answered",
      status: 201,
      headers: { "x-some": "1" },
      text: "é",
    });
  });

  it("is ended when its answer is no longer awaited, and reports nothing", async () => {
    const closed = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    await using server = await serve((request) => {
      request.socket.on("close", () => closed.resolve());
      arrived.resolve();
    });
    const transport = undiciTransport(server.origin);
    const results: HttpResult[] = [];
    const end = transport.send(POST, (result) => results.push(result));
    await arrived.promise;
    end();
    await closed.promise;
    expect(results).toEqual([]);
    await transport.close();
  });

  it("is held back, with all others, after a 429 of Cloudflare's", async () => {
    await using server = await serve((_, response) =>
      response
        .writeHead(429, { "content-type": "text/html", "retry-after": "120" })
        .end("<html>error code: 1015</html>"),
    );
    const events: RestEvent[] = [];
    const options = {
      apiUrl: `${server.origin}/api/v10`,
      token: null,
      userAgent: "DiscordBot (https://example.org, 1)",
    };
    const rest = await RestClient.open({ ...options, onEvent: (event) => events.push(event) });
    const route = (id: string) =>
      restRoute("POST", "/interactions/{interactionId}/{interactionToken}/callback", {
        interactionId: id,
        interactionToken: "t",
      });
    const late = { stage: "notSent", error: { code: "deadline_unreachable" } };
    expect(await rest.request(route("1"))).toMatchObject({ ...late, attempts: 1 });
    expect(await rest.request(route("2"))).toMatchObject({ ...late, attempts: 0 });
    expect(events).toContainEqual(expect.objectContaining({ type: "limited", paused: "everything" }));
    await rest.close(0);
  });
});
