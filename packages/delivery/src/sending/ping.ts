/** Asks a receiver whether it would accept deliveries, without an event: a signed body with an empty list. */
import { randomBytes } from "node:crypto";
import { createHttpClient } from "./http-client.ts";
import { type Destination, describe, signedHeaders } from "./post.ts";

export type PingOutcome =
  | { readonly ok: true; readonly status: number; readonly date: string | undefined; readonly text: string }
  | { readonly ok: false; readonly detail: string };

const TIMEOUT_MS = 8_000;
const ANSWER_CHARACTERS_MAX = 300;

/** Never rejects. `source`: any stream the receiver may get. */
export async function ping({ url, keys }: Destination, source: string): Promise<PingOutcome> {
  const id = `ping_${randomBytes(8).toString("hex")}`;
  const body = JSON.stringify({ source, epoch: "ping", events: [] });
  const client = createHttpClient({ connections: 1 });
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
    return { ok: true, status: statusCode, date: typeof date === "string" ? date : undefined, text };
  } catch (error) {
    return { ok: false, detail: describe(error) };
  } finally {
    await client.close();
  }
}
