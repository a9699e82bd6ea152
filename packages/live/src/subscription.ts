/**
 * One topic on one connection, seen from the hub: pure.
 *
 *          sub, resync                     answered
 *   (none) ───────────▶ reading(buffered) ──────────▶ live ──socket fills up──▶ behind(position)
 *                          ▲      │ more than                                       │ socket drained
 *                          │      ▼ BUFFERED_FRAMES_MAX frames                       │
 *                          └──────┴──────────────────────────────────────────────────┘
 *
 * Rules:
 *   S1  A subscription hears of changes from before its read starts, so nothing falls between the two.
 *   S2  What comes during the read waits, and follows the answer; what the answer already holds is dropped.
 *   S3  Frames of a live subscription are not looked at one by one: the topic's one frame goes to every live socket.
 *       A frame may then start below what this browser holds; ops are absolute, so it takes the frame as it is.
 *   S4  A socket that fills up gets nothing more; when it has drained, one squashed delta or a snapshot.
 *   S5  An answer to an older read than the last is dropped.
 */
import type { Position } from "./position.ts";

/** Frames kept for one reading subscription (a window is 25 ms or more, so over 1.5 s); at the bound it reads afresh. */
export const BUFFERED_FRAMES_MAX = 64;

/** A delta message, encoded once for all who get it. */
export interface DeltaFrame {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

export type Subscription =
  | {
      readonly name: "reading";
      readonly readId: number;
      /** The browser's message that the answer is for; `undefined` when the hub reads of its own accord (S4). */
      readonly requestId: number | undefined;
      readonly buffered: readonly DeltaFrame[];
    }
  | { readonly name: "live" }
  | { readonly name: "behind"; readonly position: Position };

export function readingSubscription(readId: number, requestId: number | undefined): Subscription {
  return { name: "reading", readId, requestId, buffered: [] };
}

/** `undefined`: too many wait, read afresh. */
export function withBuffered(
  subscription: Extract<Subscription, { readonly name: "reading" }>,
  frame: DeltaFrame,
): Subscription | undefined {
  if (subscription.buffered.length >= BUFFERED_FRAMES_MAX) return undefined;
  return { ...subscription, buffered: [...subscription.buffered, frame] };
}

/** The buffered frames that lead on from an answer at `position`, or `undefined` when they do not join on (a gap). */
export function framesAfter(
  position: Position,
  buffered: readonly DeltaFrame[],
): readonly DeltaFrame[] | undefined {
  const rest: DeltaFrame[] = [];
  let offset = position.offset;
  for (const frame of buffered) {
    if (frame.epoch !== position.epoch) return undefined;
    if (frame.to <= offset) continue;
    if (frame.from > offset) return undefined;
    rest.push(frame);
    offset = frame.to;
  }
  return rest;
}
