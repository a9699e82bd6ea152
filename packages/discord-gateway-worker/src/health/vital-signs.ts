/**
 * What is noted while the worker runs, so that it can be told and judged later: plain numbers, written where things
 * happen. Times are monotonic milliseconds. Pure but for its memory.
 */
import type { GatewayEvent } from "@guildwire/gateway";
import { LoopDelay } from "@guildwire/runtime";
import type { ConnectionState } from "./connection-state.ts";

/** Longer than any wait of the Gateway client that no event interrupts: READY may take a minute. */
const GATEWAY_SILENCE_MS_MAX = 180_000;

export class VitalSigns {
  state: ConnectionState | undefined;
  stateSinceMs = 0;
  /** Since READY or RESUMED of this session in this process; `null` without one. */
  sessionSinceMs: number | null = null;
  lastDispatchAtMs: number | null = null;
  losses = 0;
  /** By when the Gateway client must have said something; it may announce a long wait. */
  gatewayDueAtMs: number;
  /** From the last event's being written to its acknowledgement. */
  lastLagMs: number | null = null;
  lastAnswerMs: number | null = null;
  readonly #loop: LoopDelay;

  constructor(nowMs: number) {
    this.stateSinceMs = nowMs;
    this.gatewayDueAtMs = nowMs + GATEWAY_SILENCE_MS_MAX;
    this.#loop = new LoopDelay(nowMs);
  }

  noteState(state: ConnectionState, nowMs: number): void {
    if (state === this.state) return;
    this.state = state;
    this.stateSinceMs = nowMs;
  }

  noteGateway(event: GatewayEvent, nowMs: number): void {
    const waitMs = event.type === "connectionLost" ? event.retryInMs : 0;
    this.gatewayDueAtMs = nowMs + waitMs + GATEWAY_SILENCE_MS_MAX;
    switch (event.type) {
      case "ready":
        this.sessionSinceMs = nowMs;
        return;
      case "resumed":
        this.sessionSinceMs ??= nowMs;
        return;
      case "sessionDropped":
        this.sessionSinceMs = null;
        return;
      case "connectionLost":
        this.losses += 1;
        return;
      case "stopped":
        this.gatewayDueAtMs = Number.POSITIVE_INFINITY;
        return;
      default:
        return;
    }
  }

  /** Called every `everyMs`: what is later than that is the delay of the event loop. */
  noteTurn(nowMs: number, everyMs: number): void {
    this.#loop.noteTurn(nowMs, everyMs);
  }

  get lastTurnAtMs(): number {
    return this.#loop.lastTurnAtMs;
  }

  get loopDelayMs(): number {
    return this.#loop.delayMs;
  }

  get loopDelayMsMax(): number {
    return this.#loop.delayMsMax;
  }
}
