/** A page of somebody else's site, on an origin of its own, under the strictest policy a widget can live with. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export class OtherPage implements AsyncDisposable {
  readonly #server: Server;
  #body = "";
  #hubOrigin = "";

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<OtherPage> {
    const server = createServer();
    const page = new OtherPage(server);
    server.on("request", (_request, response) => {
      const hub = page.#hubOrigin;
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.setHeader(
        "content-security-policy",
        `default-src 'none'; script-src ${hub}; frame-src ${hub}; connect-src ${hub}; img-src ${hub} data:`,
      );
      response.end(
        `<!doctype html><title>Other page</title><link rel="icon" href="data:,"><body>${page.#body}`,
      );
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    return page;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What the page holds from now on, and which hub it lets in. */
  holds(body: string, hubUrl: string): void {
    this.#body = body;
    this.#hubOrigin = new URL(hubUrl).origin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }
}
