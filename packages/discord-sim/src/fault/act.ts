/** Something done at once to live Gateway connections: to all of them, or to those an `ActTarget` means. */
export type Act =
  /** Op 7, and a close a little later for those who do not go by themselves. */
  | { readonly type: "reconnect" }
  /** The TCP connection is destroyed without a Close frame. */
  | { readonly type: "drop" }
  /** The TCP connection stays open, and from now on is neither read nor written. New connections are not affected. */
  | { readonly type: "halfOpen" }
  | { readonly type: "close"; readonly code: number }
  /** Op 1: the client is to send a Heartbeat now. */
  | { readonly type: "requestHeartbeat" }
  /** Op 9; the session is forgotten unless it is `resumable`. */
  | { readonly type: "invalidateSession"; readonly resumable: boolean }
  /** The last dispatch of each session is sent again with the same sequence. */
  | { readonly type: "duplicateDispatch" };

/** Which connections are meant; both given must both fit. Nothing given means all. */
export interface ActTarget {
  readonly sessionId?: string;
  /** A session without shards counts as shard 0. */
  readonly shard?: number;
}
