/** The machine before a model of Discord, on time of its own: sends arrive, are judged and answered after a delay. */
import type { Answer } from "../../src/limiter/answer.ts";
import type { LimiterEffect, LimiterEvent, Settlement } from "../../src/limiter/effect.ts";
import type { LimiterInput } from "../../src/limiter/input.ts";
import type { Job, WaitingJob } from "../../src/limiter/job.ts";
import { DEFAULT_LIMITS, type RestLimits } from "../../src/limiter/limits.ts";
import { initialState, type LimiterState } from "../../src/limiter/state.ts";
import { step } from "../../src/limiter/step.ts";

/** What becomes of a request on its way. */
export type Fate =
  | { readonly kind: "answered"; readonly answer: Answer; readonly afterMs: number }
  | { readonly kind: "failed"; readonly stage: "notSent" | "unknown"; readonly afterMs: number }
  | { readonly kind: "silent" };

export interface Sent {
  readonly job: WaitingJob;
  readonly attempt: number;
  readonly atMs: number;
}

type Unstamped = LimiterInput extends infer Input
  ? Input extends LimiterInput
    ? Omit<Input, "atMs" | "roll">
    : never
  : never;

interface Due {
  readonly atMs: number;
  readonly act: () => void;
}

export class Stage {
  state: LimiterState = initialState();
  nowMs = 0;
  readonly sent: Sent[] = [];
  readonly settled = new Map<number, { settlement: Settlement; atMs: number; attempts: number }>();
  readonly settledTwice: number[] = [];
  readonly events: LimiterEvent[] = [];
  readonly aborted: number[] = [];
  readonly inputs: LimiterInput[] = [];
  readonly #limits: RestLimits;
  readonly #fate: (sent: Sent, stage: Stage) => Fate;
  readonly #agenda: Due[] = [];
  #wakeAtMs: number | null = null;

  constructor(fate: (sent: Sent, stage: Stage) => Fate, limits: Partial<RestLimits> = {}) {
    this.#fate = fate;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  get limits(): RestLimits {
    return this.#limits;
  }

  take(input: Unstamped): this {
    const stamped = { ...input, atMs: this.nowMs, roll: 0 } as LimiterInput;
    this.inputs.push(stamped);
    const { state, effects } = step(this.state, stamped, this.#limits);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
    return this;
  }

  request(job: Partial<Job> & { readonly id: number }): this {
    return this.take({ type: "requested", job: aJob(job, this.nowMs) });
  }

  /** Does something when `atMs` has come. */
  at(atMs: number, act: () => void): void {
    const later = this.#agenda.findLastIndex((due) => due.atMs <= atMs) + 1;
    this.#agenda.splice(later, 0, { atMs, act });
  }

  /** Lets time pass until `untilMs`, or until nothing is left to happen. */
  run(untilMs = Number.POSITIVE_INFINITY): this {
    for (;;) {
      const next = this.#agenda[0];
      const wakeAtMs = this.#wakeAtMs ?? Number.POSITIVE_INFINITY;
      const atMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, wakeAtMs);
      if (atMs > untilMs || atMs === Number.POSITIVE_INFINITY) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (next !== undefined && next.atMs <= wakeAtMs) {
        this.#agenda.shift();
        next.act();
      } else {
        this.#wakeAtMs = null;
        this.take({ type: "woke" });
      }
    }
    if (untilMs !== Number.POSITIVE_INFINITY) this.nowMs = untilMs;
    return this;
  }

  get codes(): Readonly<Record<number, string>> {
    return Object.fromEntries(
      [...this.settled].map(([id, { settlement }]) => [
        id,
        settlement.stage === "answered" ? "answered" : `${settlement.stage}:${settlement.code}`,
      ]),
    );
  }

  #perform(effect: LimiterEffect): void {
    switch (effect.type) {
      case "send": {
        const sent = { job: effect.job, attempt: effect.attempt, atMs: this.nowMs };
        this.sent.push(sent);
        const fate = this.#fate(sent, this);
        if (fate.kind === "silent") break;
        const { id: jobId } = effect.job;
        const { attempt } = effect;
        this.at(this.nowMs + fate.afterMs, () =>
          this.take(
            fate.kind === "answered"
              ? { type: "answered", jobId, attempt, answer: fate.answer }
              : { type: "failed", jobId, attempt, stage: fate.stage },
          ),
        );
        break;
      }
      case "settle":
        if (this.settled.has(effect.jobId)) this.settledTwice.push(effect.jobId);
        this.settled.set(effect.jobId, {
          settlement: effect.settlement,
          atMs: this.nowMs,
          attempts: effect.attempts,
        });
        break;
      case "wakeAt":
        this.#wakeAtMs = effect.atMs;
        break;
      case "emit":
        this.events.push(effect.event);
        break;
      case "abort":
        this.aborted.push(effect.jobId);
        break;
      case "remember":
      case "closed":
        break;
    }
  }
}

/** A POST to a channel, a minute's deadline. */
export function aJob(job: Partial<Job> & { readonly id: number }, nowMs: number): Job {
  return {
    scope: "bot",
    route: "POST /channels/{}/messages",
    major: "1",
    order: "ordered",
    afterLostAnswer: "report",
    priority: "api",
    caller: "",
    deadlineAtMs: nowMs + 60_000,
    attemptTimeoutMs: 10_000,
    quotas: [],
    ...job,
  };
}

export const OK: Answer = { status: 200, bucket: null, refusal: null };

export function status(code: number): Answer {
  return { ...OK, status: code };
}

export function answered(answer: Answer = OK, afterMs = 20): Fate {
  return { kind: "answered", answer, afterMs };
}
