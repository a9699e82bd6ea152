/**
 * A network that is left only through a proxy: names that no resolver knows, a proxy that opens tunnels to them
 * (CONNECT), and behind it one TLS server that stands for Discord and for the receiver.
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { temporaryDirectory } from "../temporary-directory.ts";

export const DISCORD_HOST = "discord.test";
export const RECEIVER_HOST = "receiver.test";

export interface ProxiedNetwork extends AsyncDisposable {
  /** With a user and a password, which the proxy demands. */
  readonly proxyUrl: string;
  /** The file that makes a Node process trust the TLS server, for `NODE_EXTRA_CA_CERTS`. */
  readonly certificateFile: string;
  /** `host:port` of every CONNECT that was granted, in order. */
  readonly tunnels: readonly string[];
  /** What came to the proxy without a tunnel: `POST http://host/path`. */
  readonly forwarded: readonly string[];
}

export interface Behind {
  /** `http://127.0.0.1:port` of the simulator. */
  readonly discordOrigin: string;
  /** `http://127.0.0.1:port` of the receiver. */
  readonly receiverOrigin: string;
}

export async function createProxiedNetwork(behind: Behind): Promise<ProxiedNetwork> {
  const sockets = new Set<Socket>();
  const { key, cert, certificateFile } = selfSigned();
  const tls = createTlsServer({ key, cert }, (incoming, response) => pass(incoming, response, behind));
  tls.on("upgrade", (incoming: IncomingMessage, socket: Socket) => {
    const upstream = connect(Number(new URL(behind.discordOrigin).port), "127.0.0.1");
    const lines = incoming.rawHeaders.map((text, index) => text + (index % 2 === 0 ? ": " : "\r\n"));
    upstream.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join("")}\r\n`);
    connectBoth(socket, upstream, sockets);
  });
  const tunnels: string[] = [];
  const forwarded: string[] = [];
  const proxy = createServer((incoming, response) => {
    forwarded.push(`${incoming.method} ${incoming.url}`);
    response.writeHead(502).end();
  });
  proxy.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    const pair = Buffer.from("guild:wire").toString("base64");
    if (incoming.headers["proxy-authorization"] !== `Basic ${pair}`) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    tunnels.push(incoming.url ?? "");
    const upstream = connect(portOf(tls), "127.0.0.1");
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    connectBoth(socket, upstream, sockets);
  });
  for (const server of [tls, proxy]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  return {
    proxyUrl: `http://guild:wire@127.0.0.1:${portOf(proxy)}`,
    certificateFile,
    tunnels,
    forwarded,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      for (const server of [tls, proxy]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

/** REST calls and deliveries, with the Gateway's address as it is from outside. */
function pass(incoming: IncomingMessage, response: ServerResponse, behind: Behind): void {
  const isDiscord = incoming.headers.host === DISCORD_HOST;
  const origin = isDiscord ? behind.discordOrigin : behind.receiverOrigin;
  const upstream = request(
    origin + incoming.url,
    { method: incoming.method ?? "GET", headers: incoming.headers },
    async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      // The simulator takes the name from the request, and does not know that TLS ends here.
      const body = Buffer.concat(chunks).toString("utf8").replaceAll('"ws://', '"wss://');
      response.writeHead(answer.statusCode ?? 502, { "content-type": "application/json" }).end(body);
    },
  );
  upstream.on("error", () => response.destroy());
  incoming.pipe(upstream);
}

function connectBoth(one: Socket, other: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    sockets.add(from);
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function selfSigned() {
  const directory = temporaryDirectory();
  const [keyFile, certificateFile] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
  execFileSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ],
      ...[
        "-subj",
        "/CN=guildwire test",
        "-addext",
        `subjectAltName=DNS:${DISCORD_HOST},DNS:${RECEIVER_HOST}`,
      ],
      ...["-keyout", keyFile, "-out", certificateFile],
    ],
    { stdio: "ignore" },
  );
  return { key: readFileSync(keyFile), cert: readFileSync(certificateFile), certificateFile };
}
