/** What is said between a benchmark and the stand-in. */
import type { Recording } from "./recording.ts";

export type StandOrder =
  /** The next connection gets this; those that are there are ended. */
  | { readonly type: "load"; readonly recording: Recording }
  | { readonly type: "burst" }
  /** One more request for a Heartbeat. */
  | { readonly type: "ask" };

export type StandReport =
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "loaded" }
  /** A client wanted another transport than the recording's, so that its figures would be of something else. */
  | { readonly type: "refused"; readonly reason: string }
  /** Unix milliseconds. */
  | { readonly type: "identified"; readonly atMs: number }
  /** A Heartbeat, and the sequence that it claims. */
  | { readonly type: "beat"; readonly seq: number }
  | { readonly type: "left"; readonly code: number }
  /** The hub got the event that the last frame of the burst makes; `events`: those since the burst began. */
  | { readonly type: "lastDelivered"; readonly events: number };
