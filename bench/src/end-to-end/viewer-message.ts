/** What the process of the browser's client says. */
export interface Following {
  readonly type: "following";
}

export interface Seen {
  readonly type: "seen";
  /** Each change of a person, in order: whose it is, and when the page could show it, Unix ms with fractions. */
  readonly changes: readonly (readonly [person: string, atMs: number])[];
  /** Frames in which they came. */
  readonly frames: number;
}

export type ViewerOrder = "reset" | "tell";

export function isFollowing(message: unknown): message is Following {
  return (message as Following).type === "following";
}

export function isSeen(message: unknown): message is Seen {
  return (message as Seen).type === "seen";
}
