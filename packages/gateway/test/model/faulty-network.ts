/**
 * The way between a client and the simulator: real sockets on this machine, with a piece of string in between that can
 * be late, cut or dead. Rules: order is kept in each direction, as TCP does; what is under way when a link is cut is
 * lost; a link gone deaf tells neither end.
 */
import { GatewayOpcode } from "@guildwire/discord-wire";
import {
  type GatewaySocket,
  type OpenSocket,
  openWebSocket,
  type SocketListener,
} from "../../src/connection/socket.ts";
import type { UntimedObservation } from "./observation.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** After a Close that nobody answers, as the client's own sockets have it. */
const CLOSE_GRACE_MS = 500;

export interface NetworkMood {
  /** So many dials that come to nothing, without a word. */
  hangingDials: number;
  downDelayMs: number;
  upDelayMs: number;
}

export const CALM: NetworkMood = { hangingDials: 0, downDelayMs: 0, upDelayMs: 0 };

export class FaultyNetwork {
  readonly mood: NetworkMood = { ...CALM };
  readonly time: VirtualTime;
  readonly see: (observation: UntimedObservation) => void;
  readonly #links = new Set<Link>();
  #linksMade = 0;
  /** Moves whenever anything does; `settle` watches it. */
  activity = 0;

  constructor(time: VirtualTime, see: (observation: UntimedObservation) => void) {
    this.time = time;
    this.see = see;
  }

  /** The dials of one life. */
  dialler(life: number): OpenSocket {
    return (url, listener) => {
      this.#linksMade += 1;
      const link = new Link(this, { life, number: this.#linksMade, url, listener });
      this.#links.add(link);
      return link;
    };
  }

  get openLinks(): number {
    return this.#links.size;
  }

  get dialling(): boolean {
    return [...this.#links].some((link) => link.dialling);
  }

  each(act: (link: Link) => void): void {
    for (const link of [...this.#links]) act(link);
  }

  gone(link: Link): void {
    this.#links.delete(link);
  }
}

interface LinkOptions {
  readonly life: number;
  readonly number: number;
  readonly url: string;
  readonly listener: SocketListener;
}

export class Link implements GatewaySocket {
  readonly life: number;
  readonly #network: FaultyNetwork;
  readonly #options: LinkOptions;
  readonly #socket: GatewaySocket | undefined;
  #dialling = false;
  #deaf = false;
  #ended = false;
  #downDueMs = 0;
  #upDueMs = 0;

  constructor(network: FaultyNetwork, options: LinkOptions) {
    this.#network = network;
    this.#options = options;
    this.life = options.life;
    this.#see({ type: "dialled", ...this.#place, url: options.url });
    if (network.mood.hangingDials > 0) {
      network.mood.hangingDials -= 1;
      return;
    }
    this.#dialling = true;
    this.#socket = openWebSocket(options.url, {
      onOpen: () => {
        this.#dialling = false;
        this.#down(() => options.listener.onOpen());
      },
      onMessage: (message) => {
        const heard = message.binary ? BINARY : frameOf(message.bytes);
        if (heard.session !== null) this.#see({ type: "opened", session: heard.session });
        this.#down(() => {
          this.#see({ type: "heard", ...this.#place, ...heard });
          options.listener.onMessage(message);
        });
      },
      onClose: (code, detail) => {
        this.#dialling = false;
        this.#down(() => this.#end(code, detail));
      },
    });
  }

  get dialling(): boolean {
    return this.#dialling;
  }

  /** Cuts the link: what is under way is lost, and the client hears of it. */
  cut(): void {
    this.#deaf = true;
    this.#socket?.destroy();
    this.#end(null, "cut");
  }

  /** Nothing passes any more in either direction, and nobody is told. */
  goDeaf(): void {
    this.#deaf = true;
  }

  /** The process died: the system closes its sockets. */
  orphan(): void {
    this.#deaf = true;
    this.#ended = true;
    this.#network.gone(this);
    this.#socket?.destroy();
  }

  send(text: string): void {
    if (this.#ended) return;
    const { op, d } = JSON.parse(text) as { op: number; d: unknown };
    this.#see({ type: "sent", ...this.#place, op, d });
    this.#up(() => this.#socket?.send(text));
  }

  close(code: number): void {
    if (this.#ended) return;
    this.#see({ type: "closed", ...this.#place, how: `close ${code}` });
    this.#up(() => this.#socket?.close(code));
    this.#network.time.start(this, CLOSE_GRACE_MS, () => {
      this.#socket?.destroy();
      this.#end(null, "close unanswered");
    });
  }

  destroy(): void {
    if (this.#ended) return;
    this.#see({ type: "closed", ...this.#place, how: "destroy" });
    this.#socket?.destroy();
    queueMicrotask(() => this.#end(null, "destroyed"));
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  get #place(): { readonly life: number; readonly link: number } {
    return { life: this.life, link: this.#options.number };
  }

  #see(observation: UntimedObservation): void {
    this.#network.activity += 1;
    this.#network.see(observation);
  }

  #down(deliver: () => void): void {
    this.#downDueMs = this.#late(this.#downDueMs, this.#network.mood.downDelayMs, deliver);
  }

  #up(deliver: () => void): void {
    this.#upDueMs = this.#late(this.#upDueMs, this.#network.mood.upDelayMs, deliver);
  }

  /** At once when nothing is late, else in its turn; returns when the next one may go. */
  #late(lastDueMs: number, delayMs: number, deliver: () => void): number {
    const { time } = this.#network;
    const run = (): void => {
      if (this.#deaf || this.#ended) return;
      this.#network.activity += 1;
      deliver();
    };
    const dueMs = Math.max(lastDueMs, time.nowMs + delayMs);
    if (dueMs <= time.nowMs) run();
    else time.start(this, dueMs - time.nowMs, run);
    return dueMs;
  }

  #end(code: number | null, detail: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#network.activity += 1;
    this.#network.gone(this);
    this.#network.time.forget(this);
    this.#options.listener.onClose(code, detail);
  }
}

interface Heard {
  readonly op: number | null;
  readonly t: string | null;
  readonly s: number | null;
  readonly session: string | null;
  readonly resumable: boolean | null;
}

const BINARY: Heard = { op: null, t: null, s: null, session: null, resumable: null };

function frameOf(bytes: Buffer): Heard {
  try {
    const frame = JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;
    const { op, t, s, d } = frame;
    const ready = t === "READY" ? (d as { readonly session_id: string }).session_id : null;
    return {
      op: op as number,
      t: typeof t === "string" ? t : null,
      s: typeof s === "number" ? s : null,
      session: ready,
      resumable: op === GatewayOpcode.InvalidSession ? d === true : null,
    };
  } catch {
    return BINARY;
  }
}
