/** Sends one signed POST. Redirects are answers, not followed. */
import type { KeyObject } from "node:crypto";
import { MULTI_HEADER, SENT_AT_HEADER, signDelivery, WEBHOOK_HEADERS } from "@guildwire/events";
import type { Answer } from "../settling/outcome.ts";
import { createHttpClient, type Proxies } from "./http-client.ts";

/** One POST: a retry sends the same one. */
export interface Message {
  readonly id: string;
  readonly body: string;
  /** Adds the time of each attempt, so that the receiver knows the age of what it gets. */
  readonly withSentAt?: boolean;
}

export type Reply =
  | (Answer & { readonly kind: "answer"; readonly isMulti: boolean })
  /** No answer: connection, TLS, name or deadline. */
  | { readonly kind: "unreachable"; readonly detail: string };

export type Post = (message: Message, signal: AbortSignal) => Promise<Reply>;

export interface Destination {
  readonly url: string;
  readonly keys: readonly KeyObject[];
  /** `null` or absent: the receiver is reached directly. */
  readonly proxies?: Proxies | null;
}

const CONNECT_TIMEOUT_MS = 3_000;
const ANSWER_TIMEOUT_MS = 15_000;
/** Of an answer, no more is read: a receiver's error page must not fill the memory. 64 results fit. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** undici's codes for a connection that died; without a byte of an answer, it is not known whether it arrived. */
const CONNECTION_DIED: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/** Has one connection, so requests through it follow each other. */
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

  async function attempt(message: Message, signal: AbortSignal): Promise<Reply> {
    const { statusCode, headers, body } = await client.request(destination.url, {
      method: "POST",
      signal,
      headers: signedHeaders(message, destination.keys),
      body: message.body,
    });
    mayBeStale = false;
    const { text, complete } = await readBounded(body);
    connectionIsKept = complete;
    const isMulti = headers[MULTI_HEADER] === "1";
    return { kind: "answer", ...answerOf(statusCode, headers, text), isMulti };
  }

  const post: Post = async (message, signal) => {
    // A receiver may close a kept connection at any time, also at the moment in which it is used again. That tells
    // nothing about the receiver: the same message goes out once more, at once, on a connection of its own.
    mayBeStale = connectionIsKept;
    connectionIsKept = false;
    try {
      return await attempt(message, signal).catch((error: unknown) => {
        if (!mayBeStale || !CONNECTION_DIED.has(codeOf(error) ?? "")) throw error;
        return attempt(message, signal);
      });
    } catch (error) {
      return { kind: "unreachable", detail: describe(error) };
    }
  };
  return { post, close: () => client.close() };
}

/** The part of an answer that is looked at. */
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

/** Headers of a message that is signed now. */
export function signedHeaders(
  { id, body, withSentAt = false }: Message,
  keys: readonly KeyObject[],
): Record<string, string> {
  const nowMs = Date.now();
  const timestampS = Math.floor(nowMs / 1000);
  return {
    ...(withSentAt && { [SENT_AT_HEADER]: String(nowMs) }),
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

/** An error in one line, with its code. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  return code ? `${code}: ${error.message}` : error.message;
}
