/** What one client may cost the port, tried with real sockets. The deadlines are short; how they end is not changed by that. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { DELIVERY_BODY_BYTES_MAX } from "@guildwire/events";
import { describe, expect, it, onTestFinished } from "vitest";
import { httpLimits } from "../../src/server/http-limits.ts";
import { startHttpServer } from "../../src/server/http-server.ts";
import { GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";

const SHORT = { headMs: 200, requestMs: 400, idleMs: 300, stalledMs: 500, lookEveryMs: 25 };
const BYTE_EVERY_MS = 10;

async function hubWith(limits: Parameters<typeof startHub>[1] = { limits: SHORT }): Promise<HubAtWork> {
  const work = await startHub({}, limits);
  onTestFinished(async () => void (await work.stop()));
  return work;
}

interface Visit {
  readonly socket: Socket;
  /** All that was answered, once the hub has ended the connection. */
  readonly ended: Promise<string>;
}

async function visit(port: number): Promise<Visit> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A cut may come as a reset.
  socket.on("error", () => {});
  const ended = new Promise<string>((resolve) => {
    socket.once("close", () => resolve(Buffer.concat(chunks).toString()));
  });
  await once(socket, "connect");
  return { socket, ended };
}

/** Byte after byte, until the connection is gone. */
function drip({ socket, ended }: Visit, text: string): void {
  let sent = 0;
  const timer = setInterval(() => {
    const byte = text[sent++];
    if (byte !== undefined && !socket.destroyed) socket.write(byte);
  }, BYTE_EVERY_MS);
  void ended.then(() => clearInterval(timer));
}

const HEAD = "POST /api/internal/events HTTP/1.1\r\nhost: hub\r\ncontent-length: 100000\r\n";

describe("a client that is slow", () => {
  it.each([
    ["says nothing", () => {}, ""],
    ["sends its head byte by byte", (slow: Visit) => drip(slow, HEAD), "HTTP/1.1 408"],
    ["begins a head and stops", ({ socket }: Visit) => void socket.write(HEAD), "HTTP/1.1 408"],
    [
      "sends its body byte by byte",
      (slow: Visit) => {
        slow.socket.write(`${HEAD}\r\n`);
        drip(slow, "x".repeat(100_000));
      },
      "HTTP/1.1 408",
    ],
    [
      "promises a body and sends none",
      ({ socket }: Visit) => void socket.write(`${HEAD}\r\n`),
      "HTTP/1.1 408",
    ],
  ])("and %s is cut off, and others are served meanwhile", async (_, begin, answered) => {
    const work = await hubWith();
    const slow = Array.from({ length: 20 }, () => visit(work.port));
    for (const one of await Promise.all(slow)) begin(one);
    const startedAtMs = performance.now();
    expect(await work.deliver([new GuildStory().snapshot()])).toMatchObject({ status: 200 });
    for (const { ended } of await Promise.all(slow)) expect(await ended).toMatch(new RegExp(`^${answered}`));
    // Far from the bounds of a machine that is busy, and further from those that a hub has.
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  });

  it("and reads none of its answer is cut off", async () => {
    const work = await hubWith();
    const givenUp = Promise.withResolvers<void>();
    const endless = () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => givenUp.resolve(),
      });
    const server = await startHttpServer({
      ...{ hub: work.hub, fetch: () => new Response(endless()), port: 0, host: "127.0.0.1" },
      limits: { ...work.hub.httpLimits, ...SHORT },
    });
    onTestFinished(async () => void (await server.stop()));
    const { socket } = await visit(server.port);
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nhost: hub\r\n\r\n");
    await givenUp.promise;
  });
});

describe("what is too large", () => {
  it.each([
    ["a head", `GET / HTTP/1.1\r\nhost: hub\r\nx: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["an address", `GET /?${"x".repeat(9_000)} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n`, 414],
    [
      "a body of a stated length",
      `POST /api/internal/events HTTP/1.1\r\nhost: hub\r\ncontent-length: ${DELIVERY_BODY_BYTES_MAX + 1}\r\nconnection: close\r\n\r\n`,
      413,
    ],
    [
      "a body of any length",
      `POST /api/internal/events HTTP/1.1\r\nhost: hub\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${"40000\r\n".concat("x".repeat(0x40000), "\r\n").repeat(5)}0\r\n\r\n`,
      413,
    ],
  ])("such as %s is refused by a status of its own", async (_, request, status) => {
    const work = await hubWith();
    const large = await visit(work.port);
    large.socket.write(request);
    expect(await large.ended).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await work.request("/api/live")).status).toBe(200);
  });
});

describe("too many connections", () => {
  it("of one address are cut, until some of them end", async () => {
    const work = await hubWith({ limits: { connectionsPerAddressMax: 3 } });
    const held = await Promise.all([visit(work.port), visit(work.port), visit(work.port)]);
    expect(await (await visit(work.port)).ended).toBe("");
    expect(work.log.join("")).toContain('"event":"connection_limit","errorCode":"E010"');
    held[0].socket.destroy();
    await held[0].ended;
    // The hub hears of it in a later turn than this side.
    for (;;) {
      const again = await visit(work.port);
      again.socket.write("GET /api/live HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n");
      if ((await again.ended).startsWith("HTTP/1.1 200")) return;
    }
  });

  it("of all are cut, and it is said", async () => {
    const work = await hubWith({ limits: { connectionsMax: 2 } });
    await Promise.all([visit(work.port), visit(work.port)]);
    expect(await (await visit(work.port)).ended).toBe("");
    expect(work.log.join("")).toContain('"limit":"connections","refused":1');
  });

  it("are bounded by address only where addresses are visitors'", () => {
    const sockets = { connectionsMax: 20_000, perAddressMax: 100, heldPerAddressMax: 64 };
    expect(httpLimits({ ...sockets, trustedProxies: 0 }).connectionsPerAddressMax).toBe(228);
    expect(httpLimits({ ...sockets, trustedProxies: 1 }).connectionsPerAddressMax).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});
