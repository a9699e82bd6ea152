/**
 * Whether the process goes on: pure. It is not about being connected or delivering, which may fail for reasons that a
 * restart does not change, but about a part that ought to have moved by now and did not.
 */
import { TURN_MS_MAX } from "@guildwire/runtime";

export interface Movement {
  readonly lastTurnAtMs: number;
  readonly gatewayDueAtMs: number;
  /** When the POST in flight began; `null` without one. */
  readonly postSinceMs: number | null;
}

/** A POST has 3 s to connect and 15 s twice for the answer, and is sent a second time at most. */
const POST_MS_MAX = 120_000;

/** What does not move, in words; `null` when all does. */
export function stuckPart(
  { lastTurnAtMs, gatewayDueAtMs, postSinceMs }: Movement,
  nowMs: number,
): string | null {
  if (nowMs - lastTurnAtMs > TURN_MS_MAX) return "timers do not fire";
  if (nowMs > gatewayDueAtMs) return "the Gateway client has said nothing for too long";
  if (postSinceMs !== null && nowMs - postSinceMs > POST_MS_MAX) return "a POST to a receiver does not end";
  return null;
}
