/** A reverse proxy for tests: passes requests on as a proxy of HTTP/1.1 does, upgrades only when it is told to. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface ProxyOptions {
  readonly passesUpgrades?: boolean;
  /** A path that it takes off, such as `/voice`; what is not below it is answered 404. */
  readonly prefix?: string;
  /** In place of what the browser sent. */
  readonly host?: string;
}

export class RefusingProxy implements AsyncDisposable {
  passesUpgrades: boolean;
  /** Upgrades that were asked for. */
  upgrades = 0;
  readonly #server = createServer();
  readonly #sockets = new Set<Socket>();

  private constructor(to: number, { passesUpgrades = false, prefix = "", host }: ProxyOptions) {
    this.passesUpgrades = passesUpgrades;
    const headersOf = (from: IncomingMessage) => ({ ...from.headers, ...(host !== undefined && { host }) });
    const pathOf = (from: IncomingMessage) => (from.url ?? "").slice(prefix.length) || "/";
    this.#server.on("request", (from: IncomingMessage, back: ServerResponse) => {
      if (!from.url?.startsWith(prefix)) {
        back.writeHead(404).end("nothing here");
        return;
      }
      const { method } = from;
      const onward = request(
        { host: "127.0.0.1", port: to, method, path: pathOf(from), headers: headersOf(from), agent: false },
        (answer) => {
          back.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(back);
        },
      );
      onward.on("error", () => back.destroy());
      back.on("close", () => onward.destroy());
      from.pipe(onward);
    });
    this.#server.on("upgrade", (from: IncomingMessage, socket: Socket) => {
      this.upgrades += 1;
      socket.on("error", () => undefined);
      if (!this.passesUpgrades) {
        socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        return;
      }
      const onward = connect(to, "127.0.0.1");
      onward.on("error", () => undefined);
      onward.on("close", () => socket.destroy());
      socket.on("close", () => onward.destroy());
      const head = Object.entries(headersOf(from)).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      onward.write(`GET ${pathOf(from)} HTTP/1.1\r\n${head.join("")}\r\n`);
      socket.pipe(onward).pipe(socket);
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(to: number, options: ProxyOptions = {}): Promise<RefusingProxy> {
    const proxy = new RefusingProxy(to, options);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}
