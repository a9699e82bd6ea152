import type { RoomHistory } from "../history/room-history.ts";
import { getRuntime } from "./runtime.ts";

/** The last day of what the page at `/` shows, and of nothing else; `null` where none is kept. */
export async function readPageHistory(): Promise<RoomHistory | null> {
  const hub = getRuntime();
  const { topic } = await hub.readVoiceSnapshot();
  return topic === null ? null : hub.readHistory(topic);
}
