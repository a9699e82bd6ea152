/** Asks a receiver whether it would accept deliveries, without an event: a signed body with an empty list. */
import { randomBytes } from "node:crypto";
import type { Answer } from "../settling/outcome.ts";
import { createHttpClient } from "./http-client.ts";
import { answerOf, type Destination, describe, signedHeaders } from "./post.ts";

export type PingOutcome =
  | { readonly ok: true; readonly answer: Answer; readonly date: string | undefined }
  | { readonly ok: false; readonly detail: string };

const TIMEOUT_MS = 8_000;
const ANSWER_CHARACTERS_MAX = 300;

/** Never rejects. `source`: any stream the receiver may get. */
export async function ping({ url, keys, proxies = null }: Destination, source: string): Promise<PingOutcome> {
  const id = `ping_${randomBytes(8).toString("hex")}`;
  const body = JSON.stringify({ source, epoch: "ping", events: [] });
  const client = createHttpClient({ connections: 1, connectTimeoutMs: TIMEOUT_MS, proxies });
  try {
    const {
      statusCode,
      headers,
      body: answer,
    } = await client.request(url, {
      method: "POST",
      headers: signedHeaders({ id, body }, keys),
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const date = headers["date"];
    const text = (await answer.text()).slice(0, ANSWER_CHARACTERS_MAX);
    return {
      ok: true,
      answer: answerOf(statusCode, headers, text),
      date: typeof date === "string" ? date : undefined,
    };
  } catch (error) {
    return { ok: false, detail: describe(error) };
  } finally {
    await client.close();
  }
}
