/**
 * Start's server entry, the same in `vite dev` and in production: the hub's own API first, then the pages.
 * The API is answered before the router, which would cost every delivery more than the delivery itself.
 */
import { randomBytes } from "node:crypto";
import handler, { createServerEntry } from "@tanstack/react-start/server-entry";
import { compressedPage } from "./server/compressed-page.ts";
import { securePage } from "./server/page-security.ts";
import { getRuntime } from "./server/runtime.ts";

const NONCE_BYTES = 16;

async function answerPage(request: Request): Promise<Response> {
  const nonce = randomBytes(NONCE_BYTES).toString("base64");
  // A fresh object each time: Start hands it to the loaders and to `pageNonce`.
  const response = await handler.fetch(request, { context: { nonce } as never });
  const secured = securePage(response, {
    pathname: new URL(request.url).pathname,
    nonce,
    embedOrigins: getRuntime().embedOrigins,
    isDevelopment: import.meta.env.DEV,
  });
  return compressedPage(request, secured);
}

// biome-ignore lint/style/noDefaultExport: TanStack Start takes the default export of this file.
export default createServerEntry({
  fetch: async (request) => (await getRuntime().answerApi(request)) ?? (await answerPage(request)),
});
