/**
 * A page's side without a page: our client as it is, following one topic, as a process: `viewer.ts <url> <topic>`. When
 * its store has taken a frame in and told its listeners, it notes whose state the frame changed.
 */
import { WebSocket } from "ws";
import { createHubClient } from "../../../packages/client/src/index.ts";
import type { Following, Seen, ViewerOrder } from "./viewer-message.ts";

const [url = "", topic = ""] = process.argv.slice(2);
let changes: [person: string, atMs: number][] = [];
let frames = 0;

interface Delta {
  readonly t: string;
  readonly ops?: readonly (readonly [op: string, key: string])[];
}

/** `ws`, but it tells of each frame once it has been taken in. */
class WatchedSocket extends WebSocket {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const heard = super.emit(event as "message", ...(args as [Buffer, boolean]));
    if (event === "message") note(String(args[0]), performance.timeOrigin + performance.now());
    return heard;
  }
}

function note(text: string, atMs: number): void {
  const { t, ops = [] } = JSON.parse(text) as Delta;
  if (t !== "d") return;
  frames += 1;
  for (const [, key = ""] of ops) if (key.startsWith("u:")) changes.push([key.slice(2), atMs]);
}

const client = createHubClient({ url, topics: [topic], WebSocket: WatchedSocket });
const store = client.topic(topic);
let isFollowing = false;
store.subscribe(() => {
  if (isFollowing || store.getSnapshot().sync.name !== "following") return;
  isFollowing = true;
  process.send?.({ type: "following" } satisfies Following);
});

process.on("message", (order: ViewerOrder) => {
  if (order === "tell") process.send?.({ type: "seen", changes, frames } satisfies Seen);
  changes = [];
  frames = 0;
});
