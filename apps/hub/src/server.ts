/**
 * Start's server entry, the same in `vite dev` and in production: the hub's own API first, then the pages.
 * The API is answered before the router, which would cost every delivery more than the delivery itself.
 */
import { randomBytes } from "node:crypto";
import handler, { createServerEntry } from "@tanstack/react-start/server-entry";
import { READ } from "./http/route-table.ts";
import { fetchPageTicket, getRoomHistory, getVoiceSnapshot } from "./page-data.ts";
import { compressedPage } from "./server/compressed-page.ts";
import { securePage } from "./server/page-security.ts";
import { getRuntime } from "./server/runtime.ts";

const NONCE_BYTES = 16;
const FUNCTIONS_PATH = "/_serverFn/";
const FUNCTION_PATHS: ReadonlySet<string> = new Set(
  [fetchPageTicket, getRoomHistory, getVoiceSnapshot].map(({ url }) => url),
);

async function answerPage(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith(FUNCTIONS_PATH)) return await answerFunction(request, pathname);
  if (!READ.includes(request.method)) return onlyBy(READ);
  const nonce = randomBytes(NONCE_BYTES).toString("base64");
  // A fresh object each time: Start hands it to the loaders and to `pageNonce`.
  const response = await handler.fetch(request, { context: { nonce } as never });
  const { embedOrigins } = await getRuntime();
  const secured = securePage(response, { pathname, nonce, embedOrigins, isDevelopment: import.meta.env.DEV });
  return compressedPage(request, secured);
}

/**
 * What Start's client calls on the server. Start prints a stack and answers 500 for an unknown function and for input
 * that it cannot read; none of ours has input, so it is left out.
 */
async function answerFunction({ url, method, headers }: Request, pathname: string): Promise<Response> {
  if (!FUNCTION_PATHS.has(pathname)) return new Response("not found\n", { status: 404 });
  // A Request cannot be made for every method.
  if (![...READ, "POST"].includes(method)) return onlyBy([...READ, "POST"]);
  const kept = new Headers(headers);
  kept.delete("content-type");
  const request = new Request(new URL(pathname, url), { method, headers: kept });
  return await handler.fetch(request, { context: {} as never });
}

function onlyBy(methods: readonly string[]): Response {
  const allow = methods.join(", ");
  return new Response(`this takes ${allow}\n`, { status: 405, headers: { allow } });
}

// biome-ignore lint/style/noDefaultExport: TanStack Start takes the default export of this file.
export default createServerEntry({
  async fetch(request) {
    const { answerApi } = await getRuntime();
    return (await answerApi(request)) ?? (await answerPage(request));
  },
});
