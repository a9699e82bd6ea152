import type { VoiceSnapshot } from "../compose.ts";
import { getRuntime } from "./runtime.ts";

/** What the page at `/` starts from; the browser goes on from `position` over the socket. */
export async function readVoiceSnapshot(): Promise<VoiceSnapshot> {
  return await getRuntime().readVoiceSnapshot();
}
