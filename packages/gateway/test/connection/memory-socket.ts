import type { GatewaySocket, OpenSocket, SocketListener } from "../../src/connection/socket.ts";

/** The other end of an in-memory Gateway connection. */
export class MemoryPeer {
  readonly url: string;
  readonly sent: { readonly op: number; readonly d: unknown }[] = [];
  closedWith: number | "destroyed" | undefined;
  paused = false;
  readonly #listener: SocketListener;

  constructor(url: string, listener: SocketListener) {
    this.url = url;
    this.#listener = listener;
  }

  open(): this {
    this.#listener.onOpen();
    return this;
  }

  say(frame: object): this {
    return this.sayText(JSON.stringify(frame));
  }

  sayText(text: string): this {
    this.#listener.onMessage({ bytes: Buffer.from(text), binary: false });
    return this;
  }

  sayBytes(bytes: Buffer): this {
    this.#listener.onMessage({ bytes, binary: true });
    return this;
  }

  close(code: number | null): this {
    this.#listener.onClose(code, "");
    return this;
  }

  /** What the client holds. */
  get socket(): GatewaySocket {
    const end = (how: number | "destroyed") => {
      if (this.closedWith !== undefined) return;
      this.closedWith = how;
      queueMicrotask(() => this.#listener.onClose(null, ""));
    };
    return {
      send: (text) => this.sent.push(JSON.parse(text)),
      close: end,
      destroy: () => end("destroyed"),
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
    };
  }
}

/** Hands every dialled connection to the test, newest last. */
export function memoryNetwork(): { readonly peers: MemoryPeer[]; readonly openSocket: OpenSocket } {
  const peers: MemoryPeer[] = [];
  return {
    peers,
    openSocket: (url, listener) => {
      const peer = new MemoryPeer(url, listener);
      peers.push(peer);
      return peer.socket;
    },
  };
}
