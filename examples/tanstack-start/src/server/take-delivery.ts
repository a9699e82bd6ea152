/** The worker's webhook: signature over the raw bytes, then the store. `docs/receiving.md` says what is behind it. */
import { createReceiver, fetchHandler } from "@guildwire/receiver";
import { voiceStore } from "./voice-store.ts";

let handler: ((request: Request) => Promise<Response>) | undefined;

/** Made at the first delivery: a build of the app loads this file where there is no secret. */
export async function takeDelivery(request: Request): Promise<Response> {
  handler ??= fetchHandler(createReceiver({ secrets: process.env["HUB_SECRET"] ?? "", store: voiceStore() }));
  return await handler(request);
}
