/**
 * Discord's limiter as the documents describe it: the judge of ours. It knows its buckets' kinds, its own clock and what
 * others have used; the limiter under test knows only the answers.
 */
import type { Answer, BucketFacts, Refusal } from "../../src/limiter/answer.ts";

export interface BucketRule {
  readonly hash: string;
  readonly kind: "window" | "continuous" | "none";
  readonly limit: number;
  readonly windowMs: number;
  /** A limit that no header shows, per major parameter. */
  readonly hidden?: { readonly max: number; readonly windowMs: number };
}

export interface Verdict {
  readonly answer: Answer;
  /** Whether the headers of earlier answers allowed to foresee the 429. */
  readonly isForeseeable: boolean;
}

interface Window {
  used: number;
  endsAtMs: number;
}

export class DiscordModel {
  readonly #windows = new Map<string, Window>();
  /** When a continuous bucket is full again. */
  readonly #fullAtMs = new Map<string, number>();
  readonly #hidden = new Map<string, Window>();
  readonly #global: Window = { used: 0, endsAtMs: 0 };
  readonly #globalPerSecond: number;
  /** Discord's clock differs from ours. */
  readonly #skewMs: number;
  counted = 0;

  constructor(globalPerSecond = 50, skewMs = 7_777_777) {
    this.#globalPerSecond = globalPerSecond;
    this.#skewMs = skewMs;
  }

  /** One request that arrives now. */
  judge(rule: BucketRule, major: string, isInteraction: boolean, nowMs: number): Verdict {
    this.counted += 1;
    const key = `${rule.hash} ${major}`;
    const { facts, isOver } = this.#spend(rule, key, nowMs);
    if (isOver && facts !== null) {
      return this.#refused(facts, { scope: "user", retryAfterMs: facts.resetAfterMs }, true);
    }
    if (rule.hidden !== undefined) {
      const window = this.#hidden.get(key) ?? { used: 0, endsAtMs: 0 };
      this.#hidden.set(key, window);
      if (isFull(window, rule.hidden.max, rule.hidden.windowMs, nowMs)) {
        return this.#refused(facts, { scope: "user", retryAfterMs: window.endsAtMs - nowMs }, false);
      }
    }
    if (!isInteraction && isFull(this.#global, this.#globalPerSecond, 1_000, nowMs)) {
      return this.#refused(null, { scope: "global", retryAfterMs: this.#global.endsAtMs - nowMs }, true);
    }
    return { answer: { status: 200, bucket: facts, refusal: null }, isForeseeable: false };
  }

  #refused(bucket: BucketFacts | null, refusal: Refusal, isForeseeable: boolean): Verdict {
    return { answer: { status: 429, bucket, refusal }, isForeseeable };
  }

  #spend(rule: BucketRule, key: string, nowMs: number): { facts: BucketFacts | null; isOver: boolean } {
    switch (rule.kind) {
      case "none":
        return { facts: null, isOver: false };
      case "window": {
        const window = this.#windows.get(key) ?? { used: 0, endsAtMs: 0 };
        this.#windows.set(key, window);
        const isOver = isFull(window, rule.limit, rule.windowMs, nowMs);
        return { facts: this.#facts(rule, rule.limit - window.used, window.endsAtMs, nowMs), isOver };
      }
      case "continuous": {
        const stepMs = rule.windowMs / rule.limit;
        const fullAtMs = Math.max(nowMs, this.#fullAtMs.get(key) ?? 0);
        const left = rule.limit - (fullAtMs - nowMs) / stepMs;
        if (left < 1) return { facts: this.#facts(rule, 0, fullAtMs, nowMs), isOver: true };
        this.#fullAtMs.set(key, fullAtMs + stepMs);
        return { facts: this.#facts(rule, Math.floor(left - 1), fullAtMs + stepMs, nowMs), isOver: false };
      }
    }
  }

  #facts({ hash, limit }: BucketRule, remaining: number, resetMs: number, nowMs: number): BucketFacts {
    const resetEpochMs = Math.ceil(resetMs + this.#skewMs);
    return { hash, limit, remaining, resetAfterMs: Math.ceil(resetMs - nowMs), resetEpochMs };
  }
}

/** Counts one call; whether it was one too many. */
function isFull(window: Window, max: number, windowMs: number, nowMs: number): boolean {
  if (window.endsAtMs <= nowMs) {
    window.used = 0;
    window.endsAtMs = nowMs + windowMs;
  }
  if (window.used >= max) return true;
  window.used += 1;
  return false;
}
