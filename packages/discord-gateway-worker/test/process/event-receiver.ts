/** A receiver of deliveries, as an application would write one: the published library verifies, the test decides. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

export interface ReceivedEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, unknown>;
}

interface ReceivedPost {
  readonly webhookId: string;
  readonly body: string;
  readonly epoch: string;
  readonly source: string;
  readonly events: readonly ReceivedEvent[];
}

/** What to answer instead of taking the delivery. */
export interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

export class EventReceiver implements AsyncDisposable {
  readonly secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
  readonly posts: ReceivedPost[] = [];
  /** Events of the deliveries that were taken, in the order in which they came. */
  readonly events: ReceivedEvent[] = [];
  /** Consumed one per POST; without one the delivery is taken. */
  readonly answers: Answer[] = [];
  /** Asked for each POST that no answer waits for; `undefined` takes the delivery. */
  policy: (events: readonly ReceivedEvent[]) => Answer | undefined = () => undefined;
  /** Signatures the library did not accept. */
  readonly refused: unknown[] = [];
  readonly #server: Server;
  #news = Promise.withResolvers<void>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<EventReceiver> {
    const server = createServer();
    const receiver = new EventReceiver(server);
    server.on("request", async (request, response) => {
      const body = await text(request);
      const answer = receiver.#take(body, request.headers as Record<string, string>);
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(JSON.stringify(answer.body ?? {}));
      receiver.#news.resolve();
      receiver.#news = Promise.withResolvers<void>();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`;
  }

  /** Resolves when what arrived so far satisfies; the test's own time limit bounds the wait. */
  async until(satisfied: () => boolean): Promise<void> {
    while (!satisfied()) await this.#news.promise;
  }

  untilTaken(type: string): Promise<void> {
    return this.until(() => this.events.some((event) => event.type === type));
  }

  #take(body: string, headers: Record<string, string>): Answer {
    try {
      new Webhook(this.secret).verify(body, headers);
    } catch (error) {
      this.refused.push(error);
      return { status: 401, body: { error: { message: String(error) } } };
    }
    const { source, epoch, events } = JSON.parse(body) as Omit<ReceivedPost, "webhookId" | "body">;
    if (events.length === 0) return { status: 200, body: { pong: true } };
    this.posts.push({ webhookId: headers["webhook-id"] ?? "", body, source, epoch, events });
    const answer = this.answers.shift() ?? this.policy(events);
    if (answer !== undefined) return answer;
    this.events.push(...events);
    return { status: 200, body: { acked: events.at(-1)?.seq } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
