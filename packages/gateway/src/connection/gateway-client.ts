/**
 * The shell around the session machine: one mailbox that steps, then performs the effects in order. It owns the
 * socket, the timers and the queue towards the consumer, and decides nothing.
 */

import { type Clock, systemClock } from "@guildwire/runtime/clock";
import type { SessionEffect } from "../session/effect.ts";
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
import { availableCompression, type Compression, fallbackOf } from "./compression.ts";
import { Connection } from "./connection.ts";
import { createDeliveryQueue, type DeliveryQueue } from "./delivery-queue.ts";
import { createFrameScan, type FrameScan } from "./frame-scan.ts";
import { AddressBook, gatewayAddress } from "./gateway-address.ts";
import type { GatewayClientOptions, StoredSession } from "./gateway-client-options.ts";
import { createIdentifyQueue, type IdentifyQueue } from "./identify-queue.ts";
import type { Incoming } from "./incoming.ts";
import { encodeOutgoing, FRAME_BYTES_MAX, type Identity } from "./outgoing.ts";
import { PassedOverDispatches } from "./passed-over-dispatches.ts";
import { openWebSocket } from "./socket.ts";

export interface GatewayStatus {
  readonly state: StateName;
  readonly connection: number;
  readonly sessionId: string | null;
  readonly heartbeatLatencyMs: number | null;
  /** How long ago anything came over the socket, ms; `null` before the first frame. */
  readonly receivedAgoMs: number | null;
  /** How long Discord has left the last regular Heartbeat without its acknowledgement, ms; `null` when none is awaited. */
  readonly unacknowledgedForMs: number | null;
  /** Dispatches that the filter passed over, by name; strange names are counted together. */
  readonly passedOver: ReadonlyMap<string, number>;
}

/** What a socket tells, before the number of its connection is added. */
type Happened =
  | { readonly type: "socketOpened" }
  | { readonly type: "received"; readonly frame: Incoming["frame"] }
  | { readonly type: "socketClosed"; readonly code: number | null; readonly detail: string };

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
  #connection: Connection | undefined;
  #leaveIdentifyQueue: (() => void) | undefined;
  #heartbeatLatencyMs: number | null = null;
  #receivedAtMs: number | null = null;
  readonly #passedOver = new PassedOverDispatches((connection, firstSeq, lastSeq) => {
    const frame = { kind: "passedOver", firstSeq, lastSeq } as const;
    this.#put({ ...this.#stamp(), type: "received", connection, frame }, { frame, dispatch: null });
  });

  constructor(options: GatewayClientOptions) {
    this.#options = options;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#clock = options.clock ?? systemClock;
    this.#addresses = new AddressBook(options.fetchGatewayBot);
    this.#identifyQueue = options.identifyQueue ?? createIdentifyQueue(this.#clock);
    this.#state = initialState(restored(options.session));
    this.#compression = availableCompression(options.compression ?? "zstd-stream");
    this.#identity = { token: options.token, intents: options.intents, shard: options.shard };
    this.#scan = options.filter === undefined ? undefined : createFrameScan(options.filter);
    this.#deliveries = createDeliveryQueue({
      consume: options.onDispatches,
      onRoom: () => this.#connection?.readOn("consumer"),
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
    this.#take({ ...this.#stamp(), type: "stopRequested", keepSession: how.keepSession });
    await this.#connection?.closed;
    await this.#deliveries.drained();
  }

  get status(): GatewayStatus {
    const nowMs = this.#clock.monotonicMs();
    const heartbeat = "heartbeat" in this.#state ? this.#state.heartbeat : null;
    const isAwaited = heartbeat !== null && !heartbeat.acknowledged && heartbeat.sentAtMs !== null;
    return {
      state: this.#state.name,
      connection: this.#connection?.number ?? 0,
      sessionId: sessionOf(this.#state)?.id ?? null,
      heartbeatLatencyMs: this.#heartbeatLatencyMs,
      receivedAgoMs: this.#receivedAtMs === null ? null : nowMs - this.#receivedAtMs,
      unacknowledgedForMs: isAwaited ? nowMs - (heartbeat.sentAtMs ?? nowMs) : null,
      passedOver: this.#passedOver.byName(),
    };
  }

  #stamp(): Stamp {
    return { atMs: this.#clock.monotonicMs(), roll: (this.#options.random ?? Math.random)() };
  }

  /** What happens comes behind all that was passed over before it. */
  #take(input: SessionInput, incoming?: Incoming): void {
    this.#passedOver.flush();
    this.#put(input, incoming);
  }

  /** The mailbox: one input at a time, each effect performed before the next input is looked at. */
  #put(input: SessionInput, incoming?: Incoming): void {
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
        this.#connection?.send(encodeOutgoing(effect.payload, this.#identity));
        return;
      case "closeSocket":
        if (effect.how === "destroy") this.#connection?.destroy();
        else this.#connection?.close(effect.code);
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

  #connect(number: number, purpose: "identify" | "resume", url: string | null): void {
    const connection = new Connection(number);
    this.#connection = connection;
    if (url !== null) {
      this.#open(connection, url);
      return;
    }
    this.#addresses.mainUrl(purpose).then(
      (outcome) => {
        if (this.#connection !== connection || this.#state.name !== "connecting") return;
        if (!outcome.ok) return this.#dialFailed(number, outcome.reason);
        connection.maxConcurrency = outcome.maxConcurrency;
        this.#open(connection, outcome.url);
      },
      (error: unknown) => this.#dialFailed(number, { kind: "unreachable", detail: String(error) }),
    );
  }

  #dialFailed(connection: number, reason: DialFailure): void {
    this.#take({ ...this.#stamp(), type: "dialFailed", connection, reason });
  }

  #open(connection: Connection, url: string): void {
    const { number } = connection;
    const tell = (input: Happened, incoming?: Incoming) =>
      this.#take({ ...this.#stamp(), ...input, connection: number }, incoming);
    connection.open(gatewayAddress(url, this.#compression), {
      compression: this.#compression,
      scan: this.#scan,
      openSocket: this.#options.openSocket ?? openWebSocket,
      onOpen: () => tell({ type: "socketOpened" }),
      onFrame: (incoming) => {
        this.#receivedAtMs = this.#clock.monotonicMs();
        tell({ type: "received", frame: incoming.frame }, incoming);
      },
      onPassedOver: (passed) => {
        this.#receivedAtMs = this.#clock.monotonicMs();
        this.#passedOver.add(number, passed);
      },
      onClose: (code, detail) => tell({ type: "socketClosed", code, detail }),
      onNotSpoken: () => this.#fallBack(),
    });
  }

  #startTimer(timer: TimerName, afterMs: number): void {
    this.#cancelTimer(timer);
    const connection = "connection" in this.#state ? this.#state.connection : 0;
    const cancel = this.#clock.after(afterMs, () => {
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
    const maxConcurrency = this.#connection?.maxConcurrency ?? 1;
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
    if (this.#deliveries.isFull) this.#connection?.stopReading("consumer");
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
