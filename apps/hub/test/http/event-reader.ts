/** What a browser's EventSource would make of a stream, with a real socket and event by event. */
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";

export interface StreamEvent {
  readonly event: string;
  /** The last id so far, as a browser keeps it. */
  readonly id: string;
  readonly data: unknown;
}

export class EventReader implements Disposable {
  readonly response: IncomingMessage;
  readonly ended: Promise<void>;
  readonly #request: ClientRequest;
  readonly #events: StreamEvent[] = [];
  #arrived = Promise.withResolvers<void>();
  #text = "";
  #isOver = false;
  lastId = "";
  retryMs: number | undefined;

  private constructor(sent: ClientRequest, response: IncomingMessage) {
    this.#request = sent;
    this.response = response;
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    response.setEncoding("utf8");
    response.on("data", (text: string) => this.#take(text));
    response.on("error", () => undefined);
    response.on("close", () => {
      this.#isOver = true;
      ended.resolve();
      this.#wake();
    });
  }

  static async open(
    port: number,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EventReader> {
    const sent = request({ host: "127.0.0.1", port, path, headers, agent: false });
    sent.on("error", () => undefined);
    const answered = once(sent, "response");
    sent.end();
    const [response] = (await answered) as [IncomingMessage];
    return new EventReader(sent, response);
  }

  #wake(): void {
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }

  #take(text: string): void {
    this.#text += text;
    const blocks = this.#text.split("\n\n");
    this.#text = blocks.pop() ?? "";
    for (const block of blocks) this.#takeBlock(block);
    this.#wake();
  }

  #takeBlock(block: string): void {
    const fields = new Map(
      block.split("\n").map((line) => {
        const [name = "", ...rest] = line.split(": ");
        return [name, rest.join(": ")] as const;
      }),
    );
    const retry = fields.get("retry");
    if (retry !== undefined) this.retryMs = Number(retry);
    this.lastId = fields.get("id") ?? this.lastId;
    const data = fields.get("data");
    if (data === undefined) return;
    this.#events.push({ event: fields.get("event") ?? "message", id: this.lastId, data: JSON.parse(data) });
  }

  /** Rejects when the stream ends first. */
  async next(): Promise<StreamEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (this.#isOver) throw new Error("the stream ended before another event came");
      await this.#arrived.promise;
    }
  }

  [Symbol.dispose](): void {
    this.#request.destroy();
  }
}
