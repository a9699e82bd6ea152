/** How bytes go out and come back: over undici, or in a test over nothing. */
import { Agent, type Dispatcher } from "undici";

export interface HttpRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export type HttpResult =
  | {
      readonly stage: "answered";
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly text: string;
    }
  /** `notSent`: no byte of the request left. */
  | { readonly stage: "notSent" | "unknown"; readonly cause: Error };

export interface Transport {
  /** Calls `done` exactly once. The returned function ends the call, after which `done` is not called. */
  send(request: HttpRequest, done: (result: HttpResult) => void): () => void;
  close(): Promise<void>;
}

/** A larger answer is not read to its end. Discord's largest, 1,000 members, is below 2 MiB. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 5_000;
const CONNECTIONS_MAX = 256;
/** Below Discord's own, so that an idle connection is rarely closed under a request. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Over connections of its own to `origin`, or over those of a dispatcher of the caller's, such as a proxy's agent, which
 * stays open at `close`. Redirects are answers, not followed.
 */
export function undiciTransport(origin: string, dispatcher?: Dispatcher): Transport {
  const agent =
    dispatcher ??
    new Agent({
      connections: CONNECTIONS_MAX,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      keepAliveTimeout: KEEP_ALIVE_MS,
    });
  return {
    send(request, done) {
      const call = new Call(done);
      // The limiter has time-outs of its own, by the job.
      agent.dispatch({ origin, ...request, headersTimeout: 0, bodyTimeout: 0 }, call);
      return () => call.end();
    },
    close: async () => {
      if (dispatcher === undefined) await agent.destroy();
    },
  };
}

class Call implements Dispatcher.DispatchHandler {
  readonly #done: (result: HttpResult) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #isOver = false;
  #status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(done: (result: HttpResult) => void) {
    this.#done = done;
  }

  end(): void {
    this.#isOver = true;
    this.#controller?.abort(new Error("no longer awaited"));
  }

  /** A connection is there, and the request is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error("no longer awaited"));
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > ANSWER_BYTES_MAX)
      controller.abort(new Error(`the answer has more than ${ANSWER_BYTES_MAX} bytes`));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const text = Buffer.concat(this.#chunks).toString("utf8");
    this.#finish({ stage: "answered", status: this.#status, headers: this.#headers, text });
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    this.#finish({ stage: this.#controller === undefined ? "notSent" : "unknown", cause });
  }

  #finish(result: HttpResult): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#done(result);
  }
}
