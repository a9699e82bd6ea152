/** A transport over nothing: what was sent is a list, and the test answers. */
import type { HttpRequest, HttpResult, Transport } from "../../src/client/transport.ts";

export interface Exchange {
  readonly request: HttpRequest;
  readonly answer: (status: number, body?: unknown, headers?: Readonly<Record<string, string>>) => void;
  readonly fail: (stage: "notSent" | "unknown") => void;
  isEnded: boolean;
}

export class MemoryTransport implements Transport {
  readonly exchanges: Exchange[] = [];
  isClosed = false;

  send(request: HttpRequest, done: (result: HttpResult) => void): () => void {
    const exchange: Exchange = {
      request,
      answer: (status, body = null, headers = {}) =>
        done({ stage: "answered", status, headers, text: body === null ? "" : JSON.stringify(body) }),
      fail: (stage) => done({ stage, cause: new Error("connection refused") }),
      isEnded: false,
    };
    this.exchanges.push(exchange);
    return () => {
      exchange.isEnded = true;
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  get last(): Exchange {
    const last = this.exchanges.at(-1);
    if (last === undefined) throw new Error("nothing was sent");
    return last;
  }
}
