import { once } from "node:events";
import { createInflate, createZstdDecompress, inflateSync } from "node:zlib";
import { type GatewayFrame, GatewayOpcode } from "@guildwire/discord-wire";
import { WebSocket } from "ws";

/** A small Gateway client on a real socket: collects frames, and lets a test wait for the one it wants. */
export class SessionClient implements AsyncDisposable {
  readonly frames: GatewayFrame[] = [];
  /** WebSocket messages as they came: `text` or the bytes of a binary one. */
  readonly messages: ("text" | Buffer)[] = [];
  readonly undecodable: string[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #socket: WebSocket;
  readonly #inflate: ((bytes: Buffer) => void) | undefined;
  #waiters: (() => void)[] = [];

  constructor(url: string, compress: "zlib-stream" | "zstd-stream" | undefined = undefined) {
    const query = `?v=10&encoding=json${compress === undefined ? "" : `&compress=${compress}`}`;
    this.#socket = new WebSocket(url + query);
    this.#inflate = compress === undefined ? undefined : this.#inflateWith(compress);
    this.#socket.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    this.#socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    this.#socket.on("error", () => this.#wake());
  }

  send(op: number, d: unknown = null): void {
    this.#socket.send(JSON.stringify({ op, d }));
  }

  async identify(token: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.op(GatewayOpcode.Hello);
    const properties = { os: "test", browser: "test", device: "test" };
    this.send(GatewayOpcode.Identify, { token, intents: 129, properties, ...more });
  }

  /** Waits for the first frame with this opcode. */
  op(op: number): Promise<GatewayFrame> {
    return this.#until(() => this.frames.find((frame) => frame.op === op));
  }

  /** Waits for the first event of this name and returns its data. */
  async event(name: string): Promise<Readonly<Record<string, unknown>>> {
    const frame = await this.#until(() => this.frames.find(({ t }) => t === name));
    return frame.d as Readonly<Record<string, unknown>>;
  }

  /** Waits for the end of the connection and returns its code. */
  async end(): Promise<number> {
    return (await this.#until(() => this.closed)).code;
  }

  /** Sequences of all events so far. */
  get sequences(): readonly (number | null)[] {
    return this.frames.filter(({ op }) => op === GatewayOpcode.Dispatch).map(({ s }) => s);
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.terminate();
    await once(this.#socket, "close");
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.messages.push(isBinary ? data : "text");
    if (this.#inflate !== undefined) this.#inflate(data);
    else this.#read(isBinary ? inflateSync(data).toString() : data.toString());
  }

  /** Joins all inflated chunks until they make JSON: good enough where every message is one document. */
  #inflateWith(compress: "zlib-stream" | "zstd-stream"): (bytes: Buffer) => void {
    const stream = compress === "zlib-stream" ? createInflate() : createZstdDecompress();
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      text += chunk;
      if (!isJson(text)) return;
      this.#read(text);
      text = "";
    });
    stream.on("error", (error) => {
      this.undecodable.push(error.message);
      this.#wake();
    });
    return (bytes) => void stream.write(bytes);
  }

  #read(text: string): void {
    if (isJson(text)) this.frames.push(JSON.parse(text) as GatewayFrame);
    else this.undecodable.push(text);
    this.#wake();
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.closed !== undefined) throw new Error(`closed with ${this.closed.code} while waiting`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
