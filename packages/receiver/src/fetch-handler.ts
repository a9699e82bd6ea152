/** A receiver as a function of `Request` to `Response`: Next.js, TanStack Start, Hono, Remix, SvelteKit, Bun, Deno. */
import { DELIVERY_BODY_BYTES_MAX } from "@guildwire/events";
import { type Receiver, tooLarge } from "./receiver.ts";

export function fetchHandler(receiver: Receiver): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = await bodyOf(request);
    const { status, json, headers } =
      body === undefined ? tooLarge() : await receiver.take({ headers: request.headers, body });
    return Response.json(json, { status, headers });
  };
}

/** `undefined`: more than a delivery may have. The rest is not read. */
async function bodyOf(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > DELIVERY_BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
