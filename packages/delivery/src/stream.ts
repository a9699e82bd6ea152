/** A stream: one ordered log of events with an epoch and a sequence of its own, sent as `source`. */

/** A *state* stream may be replaced by a snapshot. A *fact* stream never is: what is lost is recorded. */
export type StreamKind = "state" | "fact";

/** Requests of different lanes do not wait for each other. */
export const LANES = ["state", "facts", "interactions"] as const;
export type LaneName = (typeof LANES)[number];

export const STREAM_ID = /^[a-z0-9_/-]{1,128}$/;

/** What a stream is; it does not change while the stream exists. */
export interface StreamDefinition {
  /** Matches `STREAM_ID`. */
  readonly id: string;
  readonly kind: StreamKind;
  /** Receivers subscribe to families, like `rooms`. */
  readonly family: string;
  readonly lane: LaneName;
  /** The only receiver of this stream; without it, every receiver of the family. */
  readonly receiver?: string | undefined;
}

/** A stream with its place: what a store keeps of it. */
export interface Stream extends StreamDefinition {
  /** One life of the log: letters, digits and `_`, at most 64. */
  readonly epoch: string;
  /** The last sequence number given out; 0 before the first. */
  readonly top: number;
  /** Grows each time another process takes the stream over; 0 while it never moved, and then it is not sent. */
  readonly fence: number;
}
