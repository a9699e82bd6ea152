/** Something done at once to every live Gateway connection. */
export type Act =
  /** Op 7, and a close a little later for those who do not go by themselves. */
  | { readonly type: "reconnect" }
  /** The TCP connection is destroyed without a Close frame. */
  | { readonly type: "drop" }
  | { readonly type: "close"; readonly code: number }
  /** Op 1: the client is to send a Heartbeat now. */
  | { readonly type: "requestHeartbeat" }
  /** Op 9; the session is forgotten unless it is `resumable`. */
  | { readonly type: "invalidateSession"; readonly resumable: boolean }
  /** The last dispatch of each session is sent again with the same sequence. */
  | { readonly type: "duplicateDispatch" };
