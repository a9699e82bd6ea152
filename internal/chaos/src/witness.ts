/** A plain Gateway connection of its own, undisturbed by any fault: what Discord told, in the order it told it. */
import { WebSocket } from "ws";
import { DispatchStory } from "./voice-story.ts";

/** GUILDS, GUILD_MEMBERS, GUILD_VOICE_STATES. */
const INTENTS = 1 | 2 | 128;

interface Frame {
  readonly op: number;
  readonly d: Readonly<Record<string, unknown>>;
  readonly s: number | null;
  readonly t: string | null;
}

export class Witness implements Disposable {
  readonly story = new DispatchStory();
  dispatches = 0;
  sessionId = "";
  /** Set when it missed something, and its word is worth nothing. */
  lost: string | undefined;
  readonly #socket: WebSocket;
  readonly #token: string;
  readonly #ready = Promise.withResolvers<void>();
  #sequence: number | null = null;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(gatewayUrl: string, token: string) {
    this.#token = token;
    this.#socket = new WebSocket(`${gatewayUrl}/?v=10&encoding=json`);
    this.#socket.on("message", (data) => this.#take(JSON.parse(String(data)) as Frame));
    this.#socket.on("error", (error) => this.#end(String(error)));
    this.#socket.on("close", (code) => this.#end(`closed with ${code}`));
  }

  /** Resolves when the server as it was at the beginning is known. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  #take({ op, d, s, t }: Frame): void {
    if (op === 10) {
      const beat = () => this.#send({ op: 1, d: this.#sequence });
      this.#heartbeat = setInterval(beat, Number(d["heartbeat_interval"]) * 0.8);
      const properties = { os: "any", browser: "witness", device: "witness" };
      this.#send({ op: 2, d: { token: this.#token, intents: INTENTS, properties } });
    }
    if (op === 9) this.#end("its session was not opened");
    if (op !== 0 || t === null) return;
    if (this.#sequence !== null && s !== this.#sequence + 1) this.#end(`${s} came after ${this.#sequence}`);
    this.#sequence = s;
    this.dispatches += 1;
    if (t === "READY") this.sessionId = String(d["session_id"]);
    this.story.take(t, d);
    if (t === "GUILD_CREATE") this.#ready.resolve();
  }

  #send(frame: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #end(why: string): void {
    this.lost ??= why;
    clearInterval(this.#heartbeat);
    this.#ready.reject(new Error(`the witness lost its connection: ${why}`));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat);
    this.#socket.removeAllListeners("close");
    this.#socket.terminate();
  }
}
