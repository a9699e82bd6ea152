/** A web site of somebody else's, on an origin of its own: each page is what a test says, headers included. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface SitePage {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What stands in the head. */
  readonly head?: string;
}

export class Site implements AsyncDisposable {
  readonly #server: Server;
  readonly #pages: ReadonlyMap<string, SitePage>;

  private constructor(server: Server, pages: ReadonlyMap<string, SitePage>) {
    this.#server = server;
    this.#pages = pages;
  }

  /** `pages` by path, such as `/isolated`. */
  static async start(pages: Readonly<Record<string, SitePage>>): Promise<Site> {
    const server = createServer();
    const site = new Site(server, new Map(Object.entries(pages)));
    server.on("request", (request, response) => {
      const page = site.#pages.get(request.url ?? "/");
      response.writeHead(page === undefined ? 404 : 200, {
        "content-type": "text/html; charset=utf-8",
        ...page?.headers,
      });
      response.end(
        `<!doctype html><html lang="en"><head><title>Somebody's site</title><link rel="icon" href="data:,">${page?.head ?? ""}</head><body>${page?.body ?? ""}</body></html>`,
      );
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    return site;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }
}
