/**
 * The shell around the session machine: one mailbox that steps, then performs the effects in order. It owns the
 * socket, the timers and the queue towards the consumer, and decides nothing.
 */
import type { SessionEffect, SessionEvent } from "../session/effect.ts";
import type { CommandPayload, DialFailure, SessionInput, Stamp, TimerName } from "../session/input.ts";
import {
  initialState,
  type Session,
  type SessionState,
  type StateName,
  sessionOf,
} from "../session/state.ts";
import { step } from "../session/step.ts";
import { DEFAULT_TIMING, type SessionTiming } from "../session/timing.ts";
import { type Clock, nodeClock } from "./clock.ts";
import { createDeliveryQueue, type DeliveryQueue, type DispatchBatch } from "./delivery-queue.ts";
import { FrameReader } from "./frame-reader.ts";
import { createFrameScan, type DispatchFilter, type FrameScan } from "./frame-scan.ts";
import { AddressBook, type FetchGatewayBot, gatewayAddress } from "./gateway-address.ts";
import { createIdentifyQueue, type IdentifyQueue } from "./identify-queue.ts";
import type { Incoming } from "./incoming.ts";
import { availableCompression, type Compression, fallbackOf } from "./inflate.ts";
import { encodeOutgoing, FRAME_BYTES_MAX, type Identity } from "./outgoing.ts";
import { type GatewaySocket, type OpenSocket, openWebSocket } from "./socket.ts";

export interface GatewayClientOptions {
  /** Without the `Bot ` prefix. */
  readonly token: string;
  readonly intents: number;
  /** Takes dispatches in order, a batch at a time; what it returns is awaited before the next batch. */
  readonly onDispatches: (batch: DispatchBatch) => void | Promise<void>;
  /** Everything else worth knowing, for logs, health and metrics. Must not throw. */
  readonly onEvent: (event: GatewayEvent) => void;
  readonly fetchGatewayBot: FetchGatewayBot;
  /** Which dispatches the consumer wants; the others are passed over unparsed. Without one it gets all of them. */
  readonly filter?: DispatchFilter | undefined;
  /** A session stored by an earlier process, to be resumed. */
  readonly session?: StoredSession | undefined;
  readonly shard?: readonly [id: number, count: number] | undefined;
  /** Default `zstd-stream`. */
  readonly compression?: Compression | undefined;
  readonly timing?: Partial<SessionTiming> | undefined;
  readonly identifyQueue?: IdentifyQueue | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly openSocket?: OpenSocket | undefined;
}

/** What to keep so that another process can resume. */
export interface StoredSession {
  readonly id: string;
  readonly resumeUrl: string;
  readonly seq: number;
}

export type GatewayEvent =
  | SessionEvent
  /** The server does not speak the compression asked for, or this Node lacks it: the next connection asks for `to`. */
  | { readonly type: "compressionChanged"; readonly from: Compression; readonly to: Compression }
  /** The consumer threw: the client has stopped, its session can be resumed from what was stored. */
  | { readonly type: "consumerFailed"; readonly error: unknown };

export interface GatewayStatus {
  readonly state: StateName;
  readonly connection: number;
  readonly sessionId: string | null;
  readonly heartbeatLatencyMs: number | null;
}

interface Current {
  readonly connection: number;
  socket: GatewaySocket | undefined;
  reader: FrameReader | undefined;
  maxConcurrency: number;
  closed: PromiseWithResolvers<void>;
  /** Why the socket is not read just now; empty while it is. */
  readonly pausedFor: Set<PauseReason>;
}

/** `consumer`: more dispatches wait than it may keep waiting. `backlog`: more bytes wait to be inflated. */
type PauseReason = "consumer" | "backlog";

export class GatewayClient {
  readonly #options: GatewayClientOptions;
  readonly #timing: SessionTiming;
  readonly #clock: Clock;
  readonly #addresses: AddressBook;
  readonly #identifyQueue: IdentifyQueue;
  readonly #deliveries: DeliveryQueue;
  readonly #scan: FrameScan | undefined;
  readonly #identity: Identity;
  readonly #timers = new Map<TimerName, () => void>();
  readonly #mailbox: { input: SessionInput; incoming: Incoming | undefined }[] = [];
  #state: SessionState;
  #compression: Compression;
  #stepping = false;
  #current: Current | undefined;
  #leaveIdentifyQueue: (() => void) | undefined;
  #heartbeatLatencyMs: number | null = null;

  constructor(options: GatewayClientOptions) {
    this.#options = options;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#clock = options.clock ?? nodeClock;
    this.#addresses = new AddressBook(options.fetchGatewayBot);
    this.#identifyQueue = options.identifyQueue ?? createIdentifyQueue(this.#clock);
    this.#state = initialState(restored(options.session));
    this.#compression = availableCompression(options.compression ?? "zstd-stream");
    this.#identity = { token: options.token, intents: options.intents, shard: options.shard };
    this.#scan = options.filter === undefined ? undefined : createFrameScan(options.filter);
    this.#deliveries = createDeliveryQueue({
      consume: options.onDispatches,
      onRoom: () => this.#readOn("consumer"),
      onFailure: (error) => {
        options.onEvent({ type: "consumerFailed", error });
        this.#take({ ...this.#stamp(), type: "stopRequested", keepSession: true });
      },
    });
  }

  start(): void {
    this.#take({ ...this.#stamp(), type: "connectRequested" });
  }

  /** Everything up to `seq` of the session is on disk; from now on Heartbeats and Resumes claim it. */
  confirmStored(sessionId: string, seq: number): void {
    this.#take({ ...this.#stamp(), type: "stored", sessionId, seq });
  }

  /**
   * Asks to have a frame sent. It goes out in order as the send budget allows; one that cannot be sent is told of as a
   * `commandRefused` event, a frame above 4,096 bytes among them.
   */
  send(payload: CommandPayload): void {
    if (Buffer.byteLength(encodeOutgoing(payload, this.#identity)) > FRAME_BYTES_MAX) {
      this.#options.onEvent({ type: "commandRefused", kind: payload.kind, reason: "too_large" });
      return;
    }
    this.#take({ ...this.#stamp(), type: "sendRequested", payload });
  }

  /**
   * Stops for good. With `keepSession` Discord is told nothing final, and a later process can resume. Resolves when
   * the socket is gone and the consumer has seen everything that was read.
   */
  async stop(how: { readonly keepSession: boolean }): Promise<void> {
    const { closed } = this.#current ?? {};
    this.#take({ ...this.#stamp(), type: "stopRequested", keepSession: how.keepSession });
    if (this.#current?.socket !== undefined) await closed?.promise;
    await this.#deliveries.drained();
  }

  get status(): GatewayStatus {
    return {
      state: this.#state.name,
      connection: this.#current?.connection ?? 0,
      sessionId: sessionOf(this.#state)?.id ?? null,
      heartbeatLatencyMs: this.#heartbeatLatencyMs,
    };
  }

  #stamp(): Stamp {
    return { atMs: this.#clock.nowMs(), roll: (this.#options.random ?? Math.random)() };
  }

  /** The mailbox: one input at a time, each effect performed before the next input is looked at. */
  #take(input: SessionInput, incoming?: Incoming): void {
    this.#mailbox.push({ input, incoming });
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#mailbox.shift(); next !== undefined; next = this.#mailbox.shift()) {
        const transition = step(this.#state, next.input, this.#timing);
        this.#state = transition.state;
        for (const effect of transition.effects) this.#perform(effect, next.incoming);
      }
    } finally {
      this.#stepping = false;
    }
  }

  #perform(effect: SessionEffect, incoming: Incoming | undefined): void {
    switch (effect.type) {
      case "connect":
        this.#connect(effect.connection, effect.purpose, effect.url);
        return;
      case "send":
        this.#current?.socket?.send(encodeOutgoing(effect.payload, this.#identity));
        return;
      case "closeSocket":
        if (effect.how === "destroy") this.#current?.socket?.destroy();
        else this.#current?.socket?.close(effect.code);
        return;
      case "startTimer":
        this.#startTimer(effect.timer, effect.afterMs);
        return;
      case "cancelTimer":
        this.#cancelTimer(effect.timer);
        return;
      case "cancelAllTimers":
        for (const timer of [...this.#timers.keys()]) this.#cancelTimer(timer);
        this.#leaveIdentifyQueue?.();
        return;
      case "requestIdentifyTurn":
        this.#requestIdentifyTurn(effect.connection);
        return;
      case "deliver":
        this.#deliver(effect.seq, incoming);
        return;
      case "emit":
        if (effect.event.type === "heartbeatAcknowledged") this.#heartbeatLatencyMs = effect.event.latencyMs;
        this.#options.onEvent(effect.event);
        return;
    }
  }

  #connect(connection: number, purpose: "identify" | "resume", url: string | null): void {
    const current: Current = {
      connection,
      socket: undefined,
      reader: undefined,
      maxConcurrency: 1,
      closed: Promise.withResolvers<void>(),
      pausedFor: new Set(),
    };
    this.#current = current;
    if (url !== null) {
      this.#open(current, url);
      return;
    }
    this.#addresses.mainUrl(purpose).then(
      (outcome) => {
        if (this.#current !== current || this.#state.name !== "connecting") return;
        if (!outcome.ok) return this.#dialFailed(connection, outcome.reason);
        current.maxConcurrency = outcome.maxConcurrency;
        this.#open(current, outcome.url);
      },
      (error: unknown) => this.#dialFailed(connection, { kind: "unreachable", detail: String(error) }),
    );
  }

  #dialFailed(connection: number, reason: DialFailure): void {
    this.#take({ ...this.#stamp(), type: "dialFailed", connection, reason });
  }

  #open(current: Current, url: string): void {
    const { connection } = current;
    const compression = this.#compression;
    const reader = new FrameReader({
      compression,
      scan: this.#scan,
      onFrame: (incoming) => {
        this.#take({ ...this.#stamp(), type: "received", connection, frame: incoming.frame }, incoming);
      },
      onNotSpoken: () => this.#fallBack(),
      onBacklog: (full) => (full ? this.#stopReading("backlog") : this.#readOn("backlog")),
    });

    current.reader = reader;
    const openSocket = this.#options.openSocket ?? openWebSocket;
    current.socket = openSocket(gatewayAddress(url, compression), {
      onOpen: () => this.#take({ ...this.#stamp(), type: "socketOpened", connection }),
      onMessage: (message) => reader.read(message),
      onClose: (code, detail) => {
        reader.close();
        current.closed.resolve();
        this.#take({ ...this.#stamp(), type: "socketClosed", connection, code, detail });
      },
    });
  }

  #startTimer(timer: TimerName, afterMs: number): void {
    this.#cancelTimer(timer);
    const connection = "connection" in this.#state ? this.#state.connection : 0;
    const cancel = this.#clock.startTimer(afterMs, () => {
      this.#timers.delete(timer);
      this.#take({ ...this.#stamp(), type: "timerFired", connection, timer });
    });
    this.#timers.set(timer, cancel);
  }

  #cancelTimer(timer: TimerName): void {
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
  }

  #requestIdentifyTurn(connection: number): void {
    const [shardId] = this.#options.shard ?? [0];
    const maxConcurrency = this.#current?.maxConcurrency ?? 1;
    this.#leaveIdentifyQueue = this.#identifyQueue.enqueue(shardId, maxConcurrency, () => {
      this.#take({ ...this.#stamp(), type: "identifyTurnGranted", connection });
    });
  }

  #deliver(seq: number, incoming: Incoming | undefined): void {
    const session = sessionOf(this.#state);
    if (incoming === undefined || session === null) {
      throw new Error(
        "invariant broken: a dispatch is delivered from the frame being stepped, within a session",
      );
    }
    this.#deliveries.push({ id: session.id, resumeUrl: session.resumeUrl }, seq, incoming.dispatch);
    if (this.#deliveries.isFull) this.#stopReading("consumer");
  }

  #stopReading(reason: PauseReason): void {
    const current = this.#current;
    if (current === undefined || current.pausedFor.has(reason)) return;
    current.pausedFor.add(reason);
    current.socket?.pause();
  }

  #readOn(reason: PauseReason): void {
    const current = this.#current;
    if (current?.pausedFor.delete(reason) && current.pausedFor.size === 0) current.socket?.resume();
  }

  /** The next connection asks for something plainer; this one ends as any connection with a broken frame. */
  #fallBack(): void {
    const from = this.#compression;
    this.#compression = fallbackOf(from);
    this.#options.onEvent({ type: "compressionChanged", from, to: this.#compression });
  }
}

function restored(stored: StoredSession | undefined): Session | null {
  if (stored === undefined) return null;
  return { id: stored.id, resumeUrl: stored.resumeUrl, receivedSeq: stored.seq, storedSeq: stored.seq };
}
