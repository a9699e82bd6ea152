/**
 * A line between two processes that can be cut, fall silent or be slow. It knows nothing of what passes: bytes in,
 * bytes out, in order.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { Flow } from "./flow.ts";

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
