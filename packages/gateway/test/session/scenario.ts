/**
 * Drives the session machine through a story and checks the invariants of SPEC.md after every step. Time and chance
 * are the story's: `wait` moves the clock and fires what is due.
 */
import { expect } from "vitest";
import type { OutgoingPayload, SessionEffect, SessionEvent } from "../../src/session/effect.ts";
import type { IncomingFrame, SessionInput, TimerName } from "../../src/session/input.ts";
import { initialState, type Session, type SessionState, sessionOf } from "../../src/session/state.ts";
import { step } from "../../src/session/step.ts";
import { DEFAULT_TIMING, type SessionTiming } from "../../src/session/timing.ts";

type Stampless<T> = T extends unknown ? Omit<T, "atMs" | "roll"> : never;

export const RESUME_URL = "wss://resume.test/gateway";
export const HEARTBEAT_MS = 40_000;

export class Scenario {
  readonly timing: SessionTiming;
  state: SessionState;
  nowMs = 0;
  /** What chance says in the next step; 0.5 is the middle of every range. */
  roll = 0.5;
  /** Since the last `clear()`. */
  effects: SessionEffect[] = [];
  readonly timers = new Map<TimerName, { dueMs: number; connection: number }>();
  #helloSeen = false;
  #turnGranted = false;

  constructor(session: Session | null = null, timing: Partial<SessionTiming> = {}) {
    this.timing = { ...DEFAULT_TIMING, ...timing };
    this.state = initialState(session);
  }

  get connection(): number {
    return "connection" in this.state ? this.state.connection : -1;
  }

  take(input: Stampless<SessionInput>): this {
    const before = this.state;
    const transition = step(
      before,
      { ...input, atMs: this.nowMs, roll: this.roll } as SessionInput,
      this.timing,
    );
    if (input.type === "received" && input.frame.kind === "hello") this.#helloSeen = true;
    if (input.type === "identifyTurnGranted") this.#turnGranted = true;
    this.state = transition.state;
    for (const effect of transition.effects) this.#perform(effect);
    this.#checkInvariants(before);
    return this;
  }

  receive(frame: IncomingFrame, connection = this.connection): this {
    return this.take({ type: "received", connection, frame });
  }

  start(): this {
    return this.take({ type: "connectRequested" });
  }

  opened(): this {
    return this.take({ type: "socketOpened", connection: this.connection });
  }

  hello(): this {
    return this.opened().receive({ kind: "hello", heartbeatIntervalMs: HEARTBEAT_MS });
  }

  granted(): this {
    return this.take({ type: "identifyTurnGranted", connection: this.connection });
  }

  closed(code: number | null): this {
    return this.take({ type: "socketClosed", connection: this.connection, code, detail: "" });
  }

  dispatch(seq: number, name = "VOICE_STATE_UPDATE"): this {
    return this.receive({ kind: "dispatch", seq, name });
  }

  /** From nothing to READY, with READY stored. */
  ready(sessionId = "s1"): this {
    return this.start().hello().granted().becomeReady(sessionId);
  }

  becomeReady(sessionId = "s1"): this {
    const user = { id: "1" as never, name: "bot", bot: true };
    return this.receive({
      kind: "ready",
      seq: 1,
      ready: { sessionId, resumeGatewayUrl: RESUME_URL, user, guildIds: [] },
    }).take({ type: "stored", sessionId, seq: 1 });
  }

  /** Fires what is due within `ms`, in order of time. */
  wait(ms: number): this {
    const endMs = this.nowMs + ms;
    for (;;) {
      const due = [...this.timers]
        .filter(([, timer]) => timer.dueMs <= endMs)
        .sort(([, a], [, b]) => a.dueMs - b.dueMs)[0];
      if (due === undefined) break;
      const [timer, { dueMs, connection }] = due;
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.timers.delete(timer);
      this.take({ type: "timerFired", connection, timer });
    }
    this.nowMs = endMs;
    return this;
  }

  clear(): this {
    this.effects = [];
    return this;
  }

  get sent(): OutgoingPayload[] {
    return this.effects.flatMap((effect) => (effect.type === "send" ? [effect.payload] : []));
  }

  get dials(): Extract<SessionEffect, { type: "connect" }>[] {
    return this.effects.filter((effect) => effect.type === "connect");
  }

  get events(): SessionEvent[] {
    return this.effects.flatMap((effect) => (effect.type === "emit" ? [effect.event] : []));
  }

  event<Type extends SessionEvent["type"]>(type: Type): Extract<SessionEvent, { type: Type }> | undefined {
    return this.events.find((event): event is Extract<SessionEvent, { type: Type }> => event.type === type);
  }

  #perform(effect: SessionEffect): void {
    this.effects.push(effect);
    switch (effect.type) {
      case "connect":
        expect(this.state.name, "I5: nothing is dialled after the end").not.toBe("stopped");
        this.#helloSeen = false;
        this.#turnGranted = false;
        return;
      case "startTimer":
        this.timers.set(effect.timer, { dueMs: this.nowMs + effect.afterMs, connection: this.connection });
        return;
      case "cancelTimer":
        this.timers.delete(effect.timer);
        return;
      case "cancelAllTimers":
        this.timers.clear();
        return;
      case "send":
        expect(this.#helloSeen, "I1: nothing is sent before Hello").toBe(true);
        if (effect.payload.kind === "identify") {
          expect(this.#turnGranted, "I2: Identify only with a granted turn").toBe(true);
        }
        if (effect.payload.kind === "resume") {
          expect(effect.payload.seq, "I3: a Resume claims something stored").toBeGreaterThan(0);
        }
        return;
      default:
        return;
    }
  }

  #checkInvariants(before: SessionState): void {
    const [was, is] = [sessionOf(before), sessionOf(this.state)];
    if (was !== null && is !== null && was.id === is.id) {
      expect(is.receivedSeq, "I4: the sequence never goes back").toBeGreaterThanOrEqual(was.receivedSeq);
      expect(is.storedSeq, "I4: nor does the stored one").toBeGreaterThanOrEqual(was.storedSeq);
    }
    if (is !== null) {
      expect(is.storedSeq, "I4: only what was received is stored").toBeLessThanOrEqual(is.receivedSeq);
    }
    if (this.state.name === "disconnected" && this.state.connection > 0) {
      expect([...this.timers.keys()], "I6: a lost connection leaves no timer but the next dial").toEqual([
        "reconnect",
      ]);
    }
    if (this.state.name === "stopped") {
      expect([...this.timers.keys()], "I6: nothing is left running at the end").toEqual([]);
    }
  }
}

export function storedSession(seq = 10): Session {
  return { id: "old", resumeUrl: RESUME_URL, receivedSeq: seq, storedSeq: seq };
}
