/** What one client may cost the health port, tried with real sockets. The deadlines are short. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startHealthServer } from "../../src/health/health-server.ts";

const BYTE_EVERY_MS = 10;

async function serve(connectionsMax = 64): Promise<number> {
  const server = await startHealthServer({
    port: 0,
    report: () => ({ state: "CONNECTED", stuck: null, ready: true, details: {} }),
    metrics: () => "",
    control: async () => ({ status: 401, json: {} }),
    limits: { requestMs: 200, stalledMs: 400, lookEveryMs: 25, connectionsMax },
  });
  onTestFinished(async () => await server.close());
  return server.port;
}

async function visit(port: number, begin: (socket: Socket) => void): Promise<{ ended: Promise<string> }> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => {});
  await once(socket, "connect");
  begin(socket);
  // Not by `once` of events, which would fail with the socket: being reset is one way of being cut off.
  const ended = new Promise<string>((resolve) =>
    socket.once("close", () => resolve(Buffer.concat(chunks).toString())),
  );
  return { ended };
}

function drip(socket: Socket, text: string): void {
  let sent = 0;
  const timer = setInterval(() => {
    const byte = text[sent++];
    if (byte !== undefined && !socket.destroyed) socket.write(byte);
  }, BYTE_EVERY_MS);
  // Whoever writes on after the answer is reset, and what it did not read yet is lost.
  for (const end of ["data", "end", "close"]) socket.once(end, () => clearInterval(timer));
}

const HEAD = "POST /control HTTP/1.1\r\nhost: worker\r\ncontent-length: 4000\r\n";

describe("a client of the health port", () => {
  it.each([
    ["says nothing", () => {}, /^/],
    ["sends its head byte by byte", (socket: Socket) => drip(socket, HEAD), /^HTTP\/1.1 408/],
    [
      "sends its body byte by byte",
      (socket: Socket) => {
        socket.write(`${HEAD}\r\n`);
        drip(socket, "x".repeat(4_000));
      },
      /^HTTP\/1.1 408/,
    ],
    [
      "promises a body and sends none",
      (socket: Socket) => void socket.write(`${HEAD}\r\n`),
      /^HTTP\/1.1 408/,
    ],
  ])("that %s is cut off, and others are served meanwhile", async (_, begin, answered) => {
    const port = await serve();
    const slow = await Promise.all(Array.from({ length: 20 }, () => visit(port, begin)));
    expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200);
    for (const { ended } of slow) expect(await ended).toMatch(answered);
  });

  it("that sends too large a head is refused", async () => {
    const port = await serve();
    const head = `GET /live HTTP/1.1\r\nhost: worker\r\nx: ${"x".repeat(10_000)}\r\n\r\n`;
    const { ended } = await visit(port, (socket) => void socket.write(head));
    expect(await ended).toMatch(/^HTTP\/1.1 431/);
  });

  it("that is one too many is not let in", async () => {
    const port = await serve(1);
    await visit(port, () => {});
    const { ended } = await visit(port, () => {});
    expect(await ended).toBe("");
  });
});

describe("an odd request to the health port", () => {
  it.each([
    ["Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings, close\r\nHTTP2-Settings: AAMAAABk", 200],
    ["Upgrade: TLS/1.0\r\nConnection: Upgrade, close", 200],
    ["Upgrade: websocket\r\nConnection: Upgrade, close", 200],
    ["Expect: weird\r\nConnection: close", 417],
  ])("with %.20s is answered %i", async (headers, status) => {
    const port = await serve();
    const head = `GET /live HTTP/1.1\r\nhost: worker\r\n${headers}\r\n\r\n`;
    const { ended } = await visit(port, (socket) => void socket.write(head));
    expect(await ended).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it.each([
    ["GET", "//", 404],
    ["GET", "/%E0%A4%A", 404],
    ["GET", "http://worker/live", 200],
    ["GET", "http://[::1", 404],
    ["GET", "*", 404],
    ["GET", "/control", 404],
    ["POST", "/live", 405],
    ["TRACE", "/live", 405],
    ["OPTIONS", "*", 405],
    ["CONNECT", "x:443", 405],
    ["FOO", "/live", 400],
  ])("%s %s is answered %i", async (method, target, status) => {
    const port = await serve();
    const head = `${method} ${target} HTTP/1.1\r\nhost: worker\r\nconnection: close\r\n\r\n`;
    const { ended } = await visit(port, (socket) => void socket.write(head));
    expect(await ended).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});
