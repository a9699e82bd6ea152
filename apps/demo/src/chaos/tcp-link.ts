/**
 * A line between two processes that can be cut, fall silent or be slow. It knows nothing of what passes: bytes in,
 * bytes out, in order.
 */
import { connect, createServer, type Server, type Socket } from "node:net";

/** One direction of one connection holds back at most this much while the line is silent; then the sender waits. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;

export class TcpLink implements AsyncDisposable {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #flows = new Set<Flow>();
  #isCut = false;
  #isSilent = false;
  #latencyMs = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async open(targetPort: number): Promise<TcpLink> {
    const link = new TcpLink(targetPort);
    await new Promise<void>((resolve) => link.#server.listen(0, "127.0.0.1", resolve));
    return link;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Every connection breaks, and new ones with them. */
  setCut(isCut: boolean): void {
    this.#isCut = isCut;
    if (isCut) for (const socket of this.#sockets) socket.destroy();
  }

  /** Connections stay, and nothing passes; what was sent meanwhile passes afterwards. */
  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
    for (const flow of this.#flows) flow.setSilent(isSilent);
  }

  /** Each piece takes this long on its way. */
  setLatency(latencyMs: number): void {
    this.#latencyMs = latencyMs;
  }

  #accept(near: Socket): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(this.#targetPort, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      const flow = new Flow(socket, other, () => this.#latencyMs);
      flow.setSilent(this.#isSilent);
      this.#flows.add(flow);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        this.#flows.delete(flow);
        other.destroy();
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** One direction of one connection: pieces leave in the order in which they came. */
class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #latencyMs: () => number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #isSilent = false;
  /** No piece leaves before the one in front of it, even when the line has become faster. */
  #lastLeavesAtMs = 0;

  constructor(from: Socket, to: Socket, latencyMs: () => number) {
    this.#from = from;
    this.#to = to;
    this.#latencyMs = latencyMs;
    from.on("data", (piece: Buffer) => this.#take(piece));
    from.on("end", () => this.#later(() => this.#to.end()));
  }

  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
    if (isSilent) return;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const piece of held) this.#pass(piece);
    this.#from.resume();
  }

  #take(piece: Buffer): void {
    this.#later(() => {
      if (!this.#isSilent) {
        this.#pass(piece);
        return;
      }
      this.#held.push(piece);
      this.#heldBytes += piece.byteLength;
      if (this.#heldBytes > HELD_BYTES_MAX) this.#from.pause();
    });
  }

  #later(deed: () => void): void {
    const nowMs = performance.now();
    const leavesAtMs = Math.max(nowMs + this.#latencyMs(), this.#lastLeavesAtMs);
    if (leavesAtMs <= nowMs) {
      deed();
      return;
    }
    this.#lastLeavesAtMs = leavesAtMs + 0.001;
    setTimeout(deed, leavesAtMs - nowMs);
  }

  #pass(piece: Buffer): void {
    if (!this.#to.destroyed) this.#to.write(piece);
  }
}
