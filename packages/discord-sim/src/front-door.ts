import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Door } from "./gateway/gateway-state.ts";
import type { RestAnswer, RestRequest } from "./rest/rest-answer.ts";
import { failure } from "./rest/rest-error.ts";
import { SimError } from "./sim-error.ts";

/**
 * The one port: HTTP in, sorted by path into REST (`/api/v10/…`) and control (`/control/…`), and WebSocket upgrades
 * into the Gateway's two doors (`/gateway`, `/resume`).
 */
export interface FrontDoorTargets {
  /** Answers after `restDelayMs`, whence the callback. `host` is the authority the client reached us by. */
  rest(request: RestRequest, host: string, reply: (answer: RestAnswer) => void): void;
  control(method: string, path: string, body: string): { readonly status: number; readonly body: unknown };
  /** A file by its signed address; `undefined` for 404. */
  file(
    path: string,
    query: URLSearchParams,
  ): { readonly bytes: Buffer; readonly contentType: string } | undefined;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, door: Door, host: string): void;
}

/** Bodies above these are refused with 413. Discord takes 25 MiB, because of files. */
const BODY_BYTES_MAX = { control: 64 * 1024, rest: 25 * 1024 * 1024 } as const;

export async function openFrontDoor(host: string, port: number, targets: FrontDoorTargets): Promise<Server> {
  const server = createServer((request, response) => route(request, response, targets));
  server.on("upgrade", (request, socket, head) => routeUpgrade(request, socket, head, targets));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen(port, host, resolve);
  });
  return server;
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): SimError {
  if (cause.code === "EADDRINUSE") {
    return new SimError("PORT_TAKEN", `port ${port} on ${host} is taken`, { field: "port", cause });
  }
  return new SimError("LISTEN_FAILED", `cannot listen on ${host}:${port}: ${cause.message}`, { cause });
}

function route(request: IncomingMessage, response: ServerResponse, targets: FrontDoorTargets): void {
  const path = pathOf(request);
  const method = request.method ?? "GET";
  if (path.startsWith("/control/")) {
    readBody(request, BODY_BYTES_MAX.control, (body) => {
      if (body === undefined)
        reply(response, { status: 413, headers: {}, body: { error: "body too large" } });
      else {
        reply(response, {
          headers: {},
          ...targets.control(method, path.slice("/control".length), body.toString("utf8")),
        });
      }
    });
    return;
  }
  if (path.startsWith("/attachments/")) {
    request.resume();
    replyFile(response, targets.file(path.slice(1), new URL(request.url ?? "/", "http://sim").searchParams));
    return;
  }
  const version = /^\/api(?:\/v(\d+))?(\/.*)$/.exec(path);
  if (version?.[1] !== "10") {
    request.resume();
    reply(response, failure(version === null ? "NotFound" : "InvalidVersion"));
    return;
  }
  readBody(request, BODY_BYTES_MAX.rest, (body) => {
    if (body === undefined) {
      reply(response, {
        status: 413,
        headers: {},
        body: { message: "Request entity too large", code: 40_005 },
      });
      return;
    }
    targets.rest(
      {
        method,
        path: version[2] ?? "/",
        query: new URL(request.url ?? "/", "http://sim").searchParams,
        body,
        contentType: request.headers["content-type"],
        authorization: request.headers.authorization,
        userAgent: request.headers["user-agent"],
        auditReason: headerOf(request, "x-audit-log-reason"),
      },
      hostOf(request),
      (answer) => reply(response, answer),
    );
  });
}

function routeUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  targets: FrontDoorTargets,
): void {
  // A client that is gone before the handshake has nobody to tell.
  socket.on("error", () => undefined);
  const path = pathOf(request).replace(/\/$/, "");
  if (path === "/gateway" || path === "/resume") {
    const door = path === "/gateway" ? "gateway" : "resume";
    targets.upgrade(request, socket, head, door, hostOf(request));
    return;
  }
  const refusal = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  socket.end(refusal, () => socket.destroy());
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function pathOf(request: IncomingMessage): string {
  const target = request.url ?? "/";
  return target.split("?", 1)[0] ?? "/";
}

/** What the client calls us: behind a port mapping only that leads back here. */
function hostOf(request: IncomingMessage): string {
  const { host } = request.headers;
  if (host !== undefined && /^[\w.[\]:-]+$/.test(host)) return host;
  return `${request.socket.localAddress ?? "127.0.0.1"}:${request.socket.localPort ?? 0}`;
}

function readBody(
  request: IncomingMessage,
  bytesMax: number,
  done: (body: Buffer | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  request.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.byteLength;
    if (sizeBytes <= bytesMax) chunks.push(chunk);
  });
  request.on("end", () => {
    done(sizeBytes > bytesMax ? undefined : Buffer.concat(chunks));
  });
}

function replyFile(
  response: ServerResponse,
  file: { readonly bytes: Buffer; readonly contentType: string } | undefined,
): void {
  if (file === undefined) {
    response.writeHead(404, { "content-type": "text/plain" }).end("This content is no longer available.");
    return;
  }
  response.writeHead(200, { "content-type": file.contentType, "content-length": file.bytes.byteLength });
  response.end(file.bytes);
}

function reply(response: ServerResponse, answer: RestAnswer): void {
  if (answer.held === true) return;
  if (answer.lost === true) {
    response.destroy();
    return;
  }
  if (answer.status === 204) {
    response.writeHead(204, answer.headers).end();
    return;
  }
  const body = answer.html ?? answer.json ?? JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": answer.html === undefined ? "application/json" : "text/html",
    "content-length": Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(body);
}
