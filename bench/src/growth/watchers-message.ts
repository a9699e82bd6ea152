/** What the process of the watchers says. */
interface Watching {
  readonly type: "watching";
}

interface Counted {
  readonly type: "counted";
  readonly deltas: number;
}

export type WatchersMessage = Watching | Counted;

export function isWatching(message: unknown): message is Watching {
  return (message as WatchersMessage).type === "watching";
}

export function isCounted(message: unknown): message is Counted {
  return (message as WatchersMessage).type === "counted";
}
