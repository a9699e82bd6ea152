/** Sends one signed POST. Redirects are answers, not followed. */
import type { KeyObject } from "node:crypto";
import { signDelivery, WEBHOOK_HEADERS } from "@guildwire/events";
import type { Proxies } from "../proxies.ts";
import type { Batch } from "./batch.ts";
import { createHttpClient } from "./http-client.ts";
import { type Answer, type Outcome, outcomeOf } from "./outcome.ts";

export type Post = (batch: Batch, signal: AbortSignal) => Promise<Outcome>;

export interface Destination {
  readonly url: string;
  readonly keys: readonly KeyObject[];
  /** `null` or absent: the receiver is reached directly. */
  readonly proxies?: Proxies | null;
}

const CONNECT_TIMEOUT_MS = 3_000;
const ANSWER_TIMEOUT_MS = 15_000;
/** Of an answer, no more is read: a receiver's error page must not fill the memory. */
const ANSWER_BYTES_MAX = 16 * 1024;

/** What undici says when a connection died; with no byte of an answer, so that nobody knows whether it was heard. */
const CONNECTION_DIED: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

export function createPost(destination: Destination): { post: Post; close: () => Promise<void> } {
  const client = createHttpClient({
    connections: 1,
    pipelining: 1,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    proxies: destination.proxies ?? null,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  /** The last answer was read to its end, so that its connection may be used again. */
  let connectionIsKept = false;
  /** The attempt that runs may be on such a connection, and no byte of its answer has come. */
  let mayBeStale = false;

  async function attempt(batch: Batch, signal: AbortSignal): Promise<Outcome> {
    const { statusCode, headers, body } = await client.request(destination.url, {
      method: "POST",
      signal,
      headers: signedHeaders(batch, destination.keys),
      body: batch.body,
    });
    mayBeStale = false;
    const { text, complete } = await readBounded(body);
    connectionIsKept = complete;
    return outcomeOf(answerOf(statusCode, headers, text), Date.now());
  }

  const post: Post = async (batch, signal) => {
    // A receiver closes a kept connection whenever it likes, and may do so at the moment in which it is used again.
    // That says nothing of the receiver: the same message goes out once more, at once, on a connection of its own.
    mayBeStale = connectionIsKept;
    connectionIsKept = false;
    try {
      return await attempt(batch, signal).catch((error: unknown) => {
        if (!mayBeStale || !CONNECTION_DIED.has(codeOf(error) ?? "")) throw error;
        return attempt(batch, signal);
      });
    } catch (error) {
      return { kind: "unreachable", detail: describe(error) };
    }
  };
  return { post, close: () => client.close() };
}

export function answerOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  text: string,
): Answer {
  const header = (name: string) => {
    const value = headers[name];
    return (typeof value === "string" ? value : value?.[0]) ?? null;
  };
  return { status, retryAfter: header("retry-after"), challenge: header("www-authenticate"), text };
}

/** Of a message that is signed now. */
export function signedHeaders(
  { id, body }: Pick<Batch, "id" | "body">,
  keys: readonly KeyObject[],
): Record<string, string> {
  const timestampS = Math.floor(Date.now() / 1000);
  return {
    "content-type": "application/json",
    "user-agent": "guildwire-worker",
    [WEBHOOK_HEADERS.id]: id,
    [WEBHOOK_HEADERS.timestamp]: String(timestampS),
    [WEBHOOK_HEADERS.signature]: signDelivery({ id, timestampS, body }, keys),
  };
}

interface ReadAnswer {
  readonly text: string;
  /** `false`: there was more than the bound, and the connection was given up with it. */
  readonly complete: boolean;
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<ReadAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= ANSWER_BYTES_MAX) break;
  }
  const text = Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString("utf8");
  return { text, complete: bytes < ANSWER_BYTES_MAX };
}

function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string }).code;
}

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  return code ? `${code}: ${error.message}` : error.message;
}
