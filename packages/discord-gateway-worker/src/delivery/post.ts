/** Sends one signed POST. The only file that knows `undici` on this side; redirects are answers, not followed. */
import type { KeyObject } from "node:crypto";
import { signDelivery, WEBHOOK_HEADERS } from "@guildwire/events";
import { Agent, request } from "undici";
import type { Batch } from "./batch.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

export type Post = (batch: Batch, signal: AbortSignal) => Promise<Outcome>;

export interface Destination {
  readonly url: string;
  readonly keys: readonly KeyObject[];
}

const CONNECT_TIMEOUT_MS = 3_000;
const ANSWER_TIMEOUT_MS = 15_000;
/** Of an answer, no more is read: a receiver's error page must not fill the memory. */
const ANSWER_BYTES_MAX = 16 * 1024;

export function createPost(destination: Destination): { post: Post; close: () => Promise<void> } {
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  const post: Post = async (batch, signal) => {
    const nowMs = Date.now();
    const timestampS = Math.floor(nowMs / 1000);
    try {
      const { statusCode, headers, body } = await request(destination.url, {
        method: "POST",
        dispatcher: agent,
        signal,
        headers: {
          "content-type": "application/json",
          "user-agent": "guildwire-worker",
          [WEBHOOK_HEADERS.id]: batch.id,
          [WEBHOOK_HEADERS.timestamp]: String(timestampS),
          [WEBHOOK_HEADERS.signature]: signDelivery(
            { id: batch.id, timestampS, body: batch.body },
            destination.keys,
          ),
        },
        body: batch.body,
      });
      const retryAfter = headers["retry-after"];
      return outcomeOf(
        {
          status: statusCode,
          retryAfter: typeof retryAfter === "string" ? retryAfter : null,
          text: await readBounded(body),
        },
        nowMs,
      );
    } catch (error) {
      return { kind: "unreachable", detail: describe(error) };
    }
  };
  return { post, close: () => agent.close() };
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString("utf8");
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: string };
  return code ? `${code}: ${error.message}` : error.message;
}
