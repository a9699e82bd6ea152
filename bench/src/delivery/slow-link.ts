/**
 * The way between a sender and its receiver: a TCP relay that takes its time, and reads in passing what the receiver
 * says it has committed. So what is acknowledged is known to the moment, of every subject alike, and asking costs
 * neither of them anything.
 *
 * It delays and does not narrow: what a real line adds by its bandwidth or by a young connection's small window is not
 * in the figures.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface SlowLinkOptions {
  readonly targetPort: number;
  /** There and back, on top of loopback's own. */
  readonly roundTripMs: number;
}

export class SlowLink implements AsyncDisposable {
  readonly #options: SlowLinkOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;
  #acked = 0;
  #answers = 0;
  #postedAtMs = 0;
  #ackedAtMs = 0;
  #moved = Promise.withResolvers<void>();

  private constructor(options: SlowLinkOptions) {
    this.#options = options;
    this.#server = createServer((near) => this.#join(near));
  }

  static async open(options: SlowLinkOptions): Promise<SlowLink> {
    const link = new SlowLink(options);
    link.#server.listen(0, "127.0.0.1");
    await once(link.#server, "listening");
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The highest number that the receiver has named. */
  get acked(): number {
    return this.#acked;
  }

  /** How many answers named one. */
  get answers(): number {
    return this.#answers;
  }

  /** When the last piece of a delivery passed, Unix ms with fractions. */
  get postedAtMs(): number {
    return this.#postedAtMs;
  }

  /** When the last acknowledgement passed. */
  get ackedAtMs(): number {
    return this.#ackedAtMs;
  }

  /** A receiver that is away: what is connected breaks, and what comes is refused at the door. */
  shut(): void {
    this.#isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  reopen(): void {
    this.#isOpen = true;
  }

  /** Resolves when `acked` is at least `least`; rejects when that takes longer than `withinMs`. */
  async reached(least: number, withinMs: number): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`${this.#acked} of ${least} acknowledged within ${withinMs} ms`)),
      withinMs,
    );
    try {
      while (this.#acked < least) await Promise.race([this.#moved.promise, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves with the next acknowledgement, or when `withinMs` are over. */
  async movedWithin(withinMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, withinMs);
    await Promise.race([this.#moved.promise, over.promise]);
    clearTimeout(timer);
  }

  #join(near: Socket): void {
    if (!this.#isOpen) {
      near.destroy();
      return;
    }
    const far = connect(this.#options.targetPort, "127.0.0.1");
    const delayMs = this.#options.roundTripMs / 2;
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true);
      this.#sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      relay(from, to, delayMs);
    }
    near.on("data", () => {
      this.#postedAtMs = performance.timeOrigin + performance.now();
    });
    far.on("data", (piece: Buffer) => this.#read(piece));
  }

  /** Answers are small and come whole; one that were cut in two would be missed, and the next one tells of it too. */
  #read(piece: Buffer): void {
    for (const [, number] of piece.toString("latin1").matchAll(ACKED)) {
      this.#answers += 1;
      this.#ackedAtMs = performance.timeOrigin + performance.now();
      this.#acked = Math.max(this.#acked, Number(number));
    }
    const moved = this.#moved;
    this.#moved = Promise.withResolvers<void>();
    moved.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shut();
    this.#server.close();
    await once(this.#server, "close");
  }
}

const ACKED = /"acked":(\d+)/g;

/** Timers of one length fire in the order in which they were set, so pieces stay in order. */
function relay(from: Socket, to: Socket, delayMs: number): void {
  from.on("data", (piece: Buffer) => {
    if (delayMs === 0) to.write(piece);
    else setTimeout(() => void (to.destroyed || to.write(piece)), delayMs);
  });
}
