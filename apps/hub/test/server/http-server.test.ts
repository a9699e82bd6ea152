import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { startHttpServer } from "../../src/server/http-server.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { SECRET, startHub } from "../hub-at-work.ts";
import { signedHeaders } from "../signed-delivery.ts";

describe("stopping", () => {
  it("finishes a delivery that is half here, shows it to browsers, and only then says bye", async () => {
    const work = await startHub();
    using browser = await (await work.browser()).auth([{ topic: `voice/${GUILD.id}/public` }]);
    await browser.nextOf("subd");
    await browser.nextOf("snap");

    const body = JSON.stringify({ source: GUILD.id, epoch: "e1", events: [new GuildStory().snapshot()] });
    const timestampS = Math.floor(work.clock.nowMs() / 1_000);
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

describe("a request that nothing can read", () => {
  it("is refused, and the hub goes on", async () => {
    await using work = await startHub();
    const socket = connect(work.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x:99999\r\nConnection: close\r\n\r\n");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(socket, "close");
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect((await work.request("/api/live")).status).toBe(200);
  });

  it("is answered 500 and logged when a page throws at it", async () => {
    await using work = await startHub();
    const server = await startHttpServer({
      hub: work.hub,
      fetch: () => Promise.reject(new Error("a page broke")),
      port: 0,
      host: "127.0.0.1",
    });
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(500);
    expect(work.log.join("\n")).toContain("request_failed");
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
