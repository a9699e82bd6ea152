/** The body of one POST in its two forms: pure. */
import { createHash } from "node:crypto";
import type { Batch } from "./batch.ts";
import type { Message } from "./post.ts";

/** How fresh a whole shard of a bot is; a guild's shard is `(id >> 22) % of`. */
export interface ShardStatus {
  /** Id of the application. */
  readonly app: string;
  readonly id: number;
  readonly of: number;
  readonly status: string;
  /** ISO 8601. */
  readonly since: string;
  /** When anything last came from Discord, ISO 8601. */
  readonly receivedAt?: string;
  readonly reason?: string;
}

export const DELIVERIES_MAX = 64;
export const MULTI_EVENTS_MAX = 1_024;
/** Of the whole body; what is left of 1 MiB is for the shards and the frame. */
export const MULTI_BYTES_MAX = 1_048_576 - 48 * 1_024;
export const SNAPSHOTS_MAX = 8;

/** Whether one more batch fits into a body that holds these. A single one always does. */
export function fits(batches: readonly Batch[], next: Batch, bytesMax = MULTI_BYTES_MAX): boolean {
  if (batches.length === 0) return true;
  const sum = (of: (batch: Batch) => number) => batches.reduce((total, batch) => total + of(batch), of(next));
  return (
    batches.length < DELIVERIES_MAX &&
    sum(({ events }) => events) <= MULTI_EVENTS_MAX &&
    sum(({ bytes }) => bytes + 1) <= bytesMax &&
    sum(({ hasSnapshot }) => Number(hasSnapshot)) <= SNAPSHOTS_MAX
  );
}

/** The single form is one batch; `multiMessage` carries many. */
export function singleMessage({ id, body }: Batch): Message {
  return { id, body };
}

/** Without batches it is a heartbeat, and `nonce` makes its id. */
export function multiMessage(
  batches: readonly Batch[],
  shards: readonly ShardStatus[],
  nonce: string,
): Message {
  const shardsText = JSON.stringify(shards);
  const deliveries = batches.map(({ body }) => body).join(",");
  const body = `{"deliveries":[${deliveries}],"shards":${shardsText}}`;
  if (batches.length === 0) return { id: `heartbeat_${nonce}`, body };
  // The same batches are the same message, as in the single form; other shards make another body, and so another one.
  const content = `${batches.map(({ stream, id }) => `${stream} ${id}`).join("\n")}\n${shardsText}`;
  return { id: `multi_${createHash("sha256").update(content).digest("hex").slice(0, 32)}`, body };
}
