/** A receiver as a handler of `node:http`, and so of Express and Connect. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { DELIVERY_BODY_BYTES_MAX } from "@guildwire/events";
import { type Answer, type Receiver, tooLarge } from "./receiver.ts";

export interface NodeDoorOptions {
  /**
   * How long a body may take, ms; 15 s by default. It comes from one process nearby, and a stranger may not hold the
   * connection by sending a byte now and then.
   */
  readonly bodyWaitMs?: number;
}

const BODY_WAIT_MS = 15_000;

const BODY_READ_BEFORE: Answer = {
  status: 500,
  json: { error: "the body was read before the receiver saw it: put its route before express.json()" },
  headers: {},
};

export function nodeHandler(
  receiver: Receiver,
  { bodyWaitMs = BODY_WAIT_MS }: NodeDoorOptions = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const body = await bodyOf(request, bodyWaitMs);
    if (body === "broken") return void response.destroy();
    const { status, json, headers } = Buffer.isBuffer(body)
      ? await receiver.take({ headers: request.headers, body })
      : body === "tooLarge"
        ? tooLarge()
        : BODY_READ_BEFORE;
    // What was not read would be taken for the next request of this connection.
    const ends = request.complete ? {} : { connection: "close" };
    response.writeHead(status, { ...headers, ...ends, "content-type": "application/json" });
    response.end(JSON.stringify(json));
  };
}

async function bodyOf(
  request: IncomingMessage,
  waitMs: number,
): Promise<Buffer | "tooLarge" | "broken" | "readBefore"> {
  if (request.readableEnded || request.readableDidRead) return "readBefore";
  if (Number(request.headers["content-length"] ?? 0) > DELIVERY_BODY_BYTES_MAX) return "tooLarge";
  const deadline = setTimeout(() => request.destroy(), waitMs);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > DELIVERY_BODY_BYTES_MAX) return "tooLarge";
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return "broken";
  } finally {
    clearTimeout(deadline);
  }
}
