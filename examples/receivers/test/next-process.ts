/** Serves route handlers as Next.js would, by their paths: to try them without building an app around them. */
import { createServer } from "node:http";
import { registerHooks } from "node:module";
import { Readable } from "node:stream";

type Handler = (request: Request) => Response | Promise<Response>;

const app = new URL("../src/app/", import.meta.url);

// Next.js has imports of its own files without an extension, which Node does not know.
registerHooks({
  resolve: (specifier, context, next) =>
    next(/^\.\.?\/(?:.*\/)?[\w-]+$/.test(specifier) ? `${specifier}.ts` : specifier, context),
});

const server = createServer(async (incoming, outgoing) => {
  const url = new URL(incoming.url ?? "/", "http://next.example");
  const route = (await import(new URL(`.${url.pathname}/route.ts`, app).href)) as Readonly<
    Record<string, Handler>
  >;
  const method = incoming.method ?? "GET";
  const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const body = method === "GET" ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
  const init: RequestInit & { readonly duplex: "half" } = { method, headers, body, duplex: "half" };
  const answer = await route[method]?.(new Request(url, init));
  outgoing.writeHead(answer?.status ?? 405, Object.fromEntries(answer?.headers ?? []));
  outgoing.end(await answer?.text());
});
server.listen(0, () => process.stdout.write(`listening ${JSON.stringify(server.address())}\n`));
