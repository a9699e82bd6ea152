/**
 * The line worker → hub, which reads what passes: each POST and the hub's own answer, whether or not the worker gets
 * to see it. So what the hub has acknowledged is known here, even of an answer that is lost on its way back.
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
} from "node:http";
import type { Ledger } from "./ledger.ts";
import { between } from "./schedule.ts";

export type DeliveryTrouble = "cut" | "answers lost" | "503" | "doubled" | "slow";

interface Post {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const SLOW_MS = [50, 1_500] as const;
/** Posts kept for `again`. */
const OLD_POSTS_MAX = 200;

export class DeliveryLink implements AsyncDisposable {
  readonly troubles = new Set<DeliveryTrouble>();
  /** Posts that the hub took and whose answer the worker never saw. */
  answersLost = 0;
  readonly #server: Server;
  readonly #hubPort: number;
  readonly #ledger: Ledger;
  readonly #old: Post[] = [];

  private constructor(hubPort: number, ledger: Ledger) {
    this.#hubPort = hubPort;
    this.#ledger = ledger;
    this.#server = createServer((incoming, response) => {
      void this.#pass(incoming).then(
        ({ status, headers, answer }) => response.writeHead(status, headers).end(answer),
        () => response.destroy(),
      );
    });
  }

  static async open(hubPort: number, ledger: Ledger): Promise<DeliveryLink> {
    const link = new DeliveryLink(hubPort, ledger);
    await new Promise<void>((resolve) => link.#server.listen(0, "127.0.0.1", resolve));
    return link;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  setTrouble(trouble: DeliveryTrouble, isOn: boolean): void {
    if (isOn) this.troubles.add(trouble);
    else this.troubles.delete(trouble);
    if (trouble === "cut" && isOn) this.#server.closeAllConnections();
  }

  /** A delivery of some time ago arrives once more, as one that lingered in the network. */
  async again(roll: number): Promise<void> {
    const post = this.#old[Math.floor(roll * this.#old.length)];
    if (post !== undefined) await this.#exchange(post).catch(() => undefined);
  }

  async #pass(incoming: IncomingMessage): Promise<Reply> {
    const body = await bodyOf(incoming);
    if (this.troubles.has("cut")) throw new Error("cut");
    if (this.troubles.has("503")) return { status: 503, headers: {}, answer: '{"error":"chaos"}' };
    if (this.troubles.has("slow")) await pause(between(Math.random(), SLOW_MS));
    const post = { path: incoming.url ?? "/", headers: incoming.headers, body };
    this.#old.push(post);
    if (this.#old.length > OLD_POSTS_MAX) this.#old.shift();
    if (this.troubles.has("doubled")) await this.#exchange(post).catch(() => undefined);
    const reply = await this.#exchange(post);
    if (this.troubles.has("answers lost")) {
      this.answersLost += 1;
      throw new Error("the answer was lost");
    }
    return reply;
  }

  async #exchange(post: Post): Promise<Reply> {
    const ackedBefore = this.#ledger.acked;
    this.#ledger.sent(post.body.toString("utf8"));
    const { status, headers, answer } = await forward(this.#hubPort, post);
    this.#ledger.answered({ status, answer, ackedBefore });
    return { status, headers, answer };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: string;
}

/** Longer than the worker waits for an answer. */
const ANSWER_MS = 20_000;

function forward(port: number, { path, headers, body }: Post): Promise<Reply> {
  const outcome = Promise.withResolvers<Reply>();
  const outgoing = request({
    host: "127.0.0.1",
    port,
    path,
    method: "POST",
    headers: { ...headers, connection: "close" },
    agent: false,
    timeout: ANSWER_MS,
  });
  outgoing.on("timeout", () => outgoing.destroy(new Error("the hub did not answer")));
  outgoing.on("error", outcome.reject);
  outgoing.on("response", (response) => {
    bodyOf(response).then((bytes) => {
      const { "retry-after": retryAfter, "guildwire-multi": multi } = response.headers;
      outcome.resolve({
        status: response.statusCode ?? 502,
        headers: {
          "content-type": "application/json",
          ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
          ...(typeof multi === "string" && { "guildwire-multi": multi }),
        },
        answer: bytes.toString("utf8"),
      });
    }, outcome.reject);
  });
  outgoing.end(body);
  return outcome.promise;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
