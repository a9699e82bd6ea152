import type { Compression } from "./compression.ts";
import { FrameReader } from "./frame-reader.ts";
import type { FrameScan, PassedOver } from "./frame-scan.ts";
import type { Incoming } from "./incoming.ts";
import type { GatewaySocket, OpenSocket } from "./socket.ts";

/** `consumer`: more dispatches wait than it may keep waiting. `backlog`: more bytes wait to be inflated. */
export type PauseReason = "consumer" | "backlog";

export interface ConnectionOptions {
  readonly compression: Compression;
  readonly scan: FrameScan | undefined;
  readonly openSocket: OpenSocket;
  readonly onOpen: () => void;
  readonly onFrame: (incoming: Incoming) => void;
  readonly onPassedOver: (passed: PassedOver) => void;
  readonly onClose: (code: number | null, detail: string) => void;
  /** The server does not speak the compression. */
  readonly onNotSpoken: () => void;
}

/** One connection to the Gateway, known by its number: its socket, what reads it, and why it is not read just now. */
export class Connection {
  readonly number: number;
  /** Of the answer that led here; how many shards may identify at once. */
  maxConcurrency = 1;
  readonly #closed = Promise.withResolvers<void>();
  readonly #pausedFor = new Set<PauseReason>();
  #socket: GatewaySocket | undefined;

  constructor(number: number) {
    this.number = number;
  }

  open(address: string, options: ConnectionOptions): void {
    const reader = new FrameReader({
      compression: options.compression,
      scan: options.scan,
      onFrame: options.onFrame,
      onPassedOver: options.onPassedOver,
      onNotSpoken: options.onNotSpoken,
      onBacklog: (full) => (full ? this.stopReading("backlog") : this.readOn("backlog")),
    });
    this.#socket = options.openSocket(address, {
      onOpen: options.onOpen,
      onMessage: (message) => reader.read(message),
      onClose: (code, detail) => {
        reader.close();
        this.#closed.resolve();
        options.onClose(code, detail);
      },
    });
  }

  /** Resolves when the socket is gone; at once when there never was one. */
  get closed(): Promise<void> {
    return this.#socket === undefined ? Promise.resolve() : this.#closed.promise;
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  close(code: number): void {
    this.#socket?.close(code);
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  stopReading(reason: PauseReason): void {
    if (this.#pausedFor.has(reason)) return;
    this.#pausedFor.add(reason);
    this.#socket?.pause();
  }

  readOn(reason: PauseReason): void {
    if (this.#pausedFor.delete(reason) && this.#pausedFor.size === 0) this.#socket?.resume();
  }
}
