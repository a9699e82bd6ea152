import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { startHttpServer } from "../../src/server/http-server.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { SECRET, startHub } from "../hub-at-work.ts";
import { signedHeaders } from "../signed-delivery.ts";
import { sendRaw } from "./raw-request.ts";

describe("stopping", () => {
  it("finishes a delivery that is half here, shows it to browsers, and only then says bye", async () => {
    const work = await startHub();
    using browser = await (await work.browser()).auth([{ topic: `voice/${GUILD.id}/public` }]);
    await browser.nextOf("subd");
    await browser.nextOf("snap");

    const body = JSON.stringify({ source: GUILD.id, epoch: "e1", events: [new GuildStory().snapshot()] });
    const timestampS = Math.floor(work.clock.wallMs() / 1_000);
    const post = request({
      host: "127.0.0.1",
      port: work.port,
      path: "/api/internal/events",
      method: "POST",
      headers: {
        "content-length": Buffer.byteLength(body),
        ...signedHeaders({ id: "d_1", timestampS, body }, SECRET),
      },
    });
    const answered = once(post, "response");
    post.write(body.slice(0, 20));
    // A later request on another connection shows that the first half has arrived.
    await work.request("/api/live");

    const stopping = work.stop();
    post.end(body.slice(20));
    const [response] = (await answered) as [{ readonly statusCode?: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
    await browser.nextOf("d");
    await browser.nextOf("bye");
    expect(await stopping).toBe(true);
  });

  it("does not wait for connections that idle", async () => {
    const work = await startHub();
    const idle = connect(work.port, "127.0.0.1");
    await once(idle, "connect");
    const ended = once(idle, "close");
    expect(await work.stop()).toBe(true);
    await ended;
  });
});

describe("an upgrade that is not a browser's socket", () => {
  it.each(["h2c", "TLS/1.0"])("to %s is ignored, and the delivery is taken", async (upgrade) => {
    await using work = await startHub();
    const body = JSON.stringify({ source: GUILD.id, epoch: "e1", events: [new GuildStory().snapshot()] });
    const timestampS = Math.floor(work.clock.wallMs() / 1_000);
    const post = request({
      host: "127.0.0.1",
      port: work.port,
      path: "/api/internal/events",
      method: "POST",
      headers: {
        connection: "Upgrade, HTTP2-Settings",
        upgrade,
        "http2-settings": "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
        "content-length": Buffer.byteLength(body),
        ...signedHeaders({ id: "d_1", timestampS, body }, SECRET),
      },
    });
    post.end(body);
    const [response] = (await once(post, "response")) as [IncomingMessage];
    expect([response.statusCode, (await response.toArray()).join("")]).toEqual([200, '{"acked":1}']);
  });

  it("is ignored when a POST offers WebSocket", async () => {
    await using work = await startHub();
    const head = "Host: hub\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nContent-Length: 0\r\n";
    expect((await sendRaw(work.port, `POST /api/live HTTP/1.1\r\n${head}\r\n`)).status).toBe(405);
  });
});

describe("a request that nothing can read", () => {
  it("is refused, and the hub goes on", async () => {
    await using work = await startHub();
    const text = "GET / HTTP/1.1\r\nHost: x:99999\r\nConnection: close\r\n\r\n";
    expect((await sendRaw(work.port, text)).status).toBe(400);
    expect((await work.request("/api/live")).status).toBe(200);
  });

  it("is answered 500 when a page throws at it, and logged once a minute", async () => {
    await using work = await startHub();
    const server = await startHttpServer({
      hub: work.hub,
      fetch: () => Promise.reject(new Error("a page broke")),
      port: 0,
      host: "127.0.0.1",
    });
    for (let i = 0; i < 3; i++) expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(500);
    expect(work.log.filter((line) => line.includes("request_failed"))).toHaveLength(1);
    await server.stop();
  });
});

it("says when the port cannot be had", async () => {
  await using work = await startHub();
  const second = startHttpServer({
    hub: work.hub,
    fetch: () => new Response(),
    port: work.port,
    host: "127.0.0.1",
  });
  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
});
