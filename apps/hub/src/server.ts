/**
 * Start's server entry, the same in `vite dev` and in production: the hub's own API first, then the pages.
 * The API is answered before the router, which would cost every delivery more than the delivery itself.
 */
import handler, { createServerEntry } from "@tanstack/react-start/server-entry";
import { getRuntime } from "./server/runtime.ts";

// biome-ignore lint/style/noDefaultExport: TanStack Start takes the default export of this file.
export default createServerEntry({
  fetch: async (request, options) =>
    (await getRuntime().answerApi(request)) ?? (await handler.fetch(request, options)),
});
