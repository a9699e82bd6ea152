import type { Outcome } from "../settling/outcome.ts";
import type { Verdict } from "../settling/settle.ts";
import type { LaneName } from "../stream.ts";
import type { Batch } from "./batch.ts";
import type { Message } from "./post.ts";

/** What one POST led to, for the streams with the same outcome; for logs and metrics. */
export interface Attempt {
  readonly lane: LaneName;
  readonly webhookId: string;
  /** With the same outcome. */
  readonly batches: readonly Batch[];
  readonly events: number;
  readonly bytes: number;
  readonly oldestTimestamp: string;
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  readonly durationMs: number;
  readonly failures: number;
  readonly retryInMs: number | null;
}

type Facts = Pick<Attempt, "outcome" | "verdict" | "retryInMs" | "failures" | "durationMs">;

/** `batches`: at least one. */
export function attemptOf(
  lane: LaneName,
  message: Message,
  batches: readonly Batch[],
  facts: Facts,
): Attempt {
  const [first, ...others] = batches;
  return {
    lane,
    webhookId: message.id,
    batches,
    events: others.reduce((sum, { events }) => sum + events, first?.events ?? 0),
    bytes: message.body.length,
    oldestTimestamp: batches.map(({ oldestTimestamp }) => oldestTimestamp).toSorted()[0] ?? "",
    ...facts,
  };
}
