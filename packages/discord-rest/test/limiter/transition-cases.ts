/** The states and inputs of the truth table, and how a cell is written. */
import type { Answer, Refusal } from "../../src/limiter/answer.ts";
import type { LimiterEffect } from "../../src/limiter/effect.ts";
import type { LimiterInput } from "../../src/limiter/input.ts";
import type { Job } from "../../src/limiter/job.ts";
import { DEFAULT_LIMITS } from "../../src/limiter/limits.ts";
import { initialState, type LimiterState, type StateName } from "../../src/limiter/state.ts";
import { step } from "../../src/limiter/step.ts";
import { aJob, OK, status } from "./stage.ts";

type Given = LimiterInput extends infer Input
  ? Input extends LimiterInput
    ? Omit<Input, "atMs" | "roll">
    : never
  : never;

const NOW_MS = 100_000;
const LIMITS = { ...DEFAULT_LIMITS, repeatsMax: 1 };

/** In every state but `closed`: job 1 is under way, job 2 waits behind it, job 3 answers an interaction. */
const UNDER_WAY = aJob({ id: 1 }, NOW_MS);
const SAFE = aJob({ id: 1, afterLostAnswer: "repeat" }, NOW_MS);
const BEHIND = aJob({ id: 2 }, NOW_MS);
const INTERACTION = aJob({ id: 3, scope: "interaction", route: "POST callback", major: "9" }, NOW_MS);

function after(state: LimiterState, ...inputs: readonly Given[]): LimiterState {
  return inputs.reduce<LimiterState>(
    (before, input) => step(before, { ...input, atMs: NOW_MS, roll: 0 } as LimiterInput, LIMITS).state,
    state,
  );
}

function requested(job: Job): Given {
  return { type: "requested", job };
}

const BUSY = [requested(UNDER_WAY), requested(BEHIND), requested(INTERACTION)];

/** A 401 of another call locks the token while job 1 is under way. */
const LOCKED: readonly Given[] = [
  ...BUSY,
  requested(aJob({ id: 4, major: "other" }, NOW_MS)),
  { type: "answered", jobId: 4, attempt: 1, answer: status(401) },
];

export const STATES: Readonly<Record<StateName, LimiterState>> = {
  open: after(initialState(), ...BUSY),
  tokenRefused: after(initialState(), ...LOCKED),
  closing: after(initialState(), ...BUSY, { type: "closeRequested" }),
  closed: { name: "closed" },
};

function limited(scope: Refusal["scope"], retryAfterMs: number, bucket: Answer["bucket"] = null): Given {
  return {
    type: "answered",
    jobId: 1,
    attempt: 1,
    answer: { status: 429, bucket, refusal: { scope, retryAfterMs } },
  };
}

function answer(code: number): Given {
  return { type: "answered", jobId: 1, attempt: 1, answer: status(code) };
}

const BUCKET = { hash: "h", limit: 5, remaining: 0, resetAfterMs: 2_000, resetEpochMs: 1 };

const INPUTS_AS_DATA = {
  restoredPause: {
    type: "restored",
    remembered: { invalid: [], pauses: [{ of: "edge", untilMs: NOW_MS + 90_000 }] },
  },
  requestedSame: requested(aJob({ id: 5 }, NOW_MS)),
  requestedElsewhere: requested(aJob({ id: 5, major: "elsewhere" }, NOW_MS)),
  requestedInteraction: requested({ ...INTERACTION, id: 5, major: "10" }),
  requestedTooLate: requested(aJob({ id: 5, major: "elsewhere", deadlineAtMs: NOW_MS }, NOW_MS)),
  cancelledWaiting: { type: "cancelled", job: BEHIND },
  cancelledUnderWay: { type: "cancelled", job: UNDER_WAY },
  cancelledUnknown: { type: "cancelled", job: aJob({ id: 99 }, NOW_MS) },
  answered200: {
    type: "answered",
    jobId: 1,
    attempt: 1,
    answer: { ...OK, bucket: { ...BUCKET, remaining: 4 } },
  },
  answered200Spent: { type: "answered", jobId: 1, attempt: 1, answer: { ...OK, bucket: BUCKET } },
  answeredEarlierAttempt: { type: "answered", jobId: 1, attempt: 0, answer: OK },
  answered404: answer(404),
  answered403: answer(403),
  answered401: answer(401),
  answered500: answer(500),
  limitedUser: limited("user", 2_000, BUCKET),
  limitedUserBeyondReset: limited("user", 30_000, BUCKET),
  limitedUserForLong: limited("user", 90_000),
  limitedShared: limited("shared", 30_000, { ...BUCKET, remaining: 4 }),
  limitedGlobal: limited("global", 30_000),
  limitedEdge: limited("edge", 90_000),
  notSent: { type: "failed", jobId: 1, attempt: 1, stage: "notSent" },
  lost: { type: "failed", jobId: 1, attempt: 1, stage: "unknown" },
  lostEarlierAttempt: { type: "failed", jobId: 1, attempt: 0, stage: "unknown" },
  wokeEarly: { type: "woke" },
  wokeAtTimeout: { type: "woke", atMs: NOW_MS + 10_000 },
  wokeAtDeadline: { type: "woke", atMs: NOW_MS + 60_000 },
  closeRequested: { type: "closeRequested" },
} as const satisfies Readonly<Record<string, Given & { readonly atMs?: number }>>;

export type InputName = keyof typeof INPUTS_AS_DATA;
export const INPUT_NAMES = Object.keys(INPUTS_AS_DATA) as readonly InputName[];

/**
 * The state that follows (`=` the same), then the effects: `>n` send job n, `xn` stop waiting for its answer, `n:…` job
 * n's end, `!…` an event. Wake-ups are left out.
 */
export function cell(state: StateName, input: InputName): string {
  const given: Given & { readonly atMs?: number } = INPUTS_AS_DATA[input];
  const before = STATES[state];
  const stamped = { roll: 0, ...given, atMs: given.atMs ?? NOW_MS + 50 } as LimiterInput;
  const transition = step(before, stamped, LIMITS);
  const name = transition.state.name === before.name ? "=" : transition.state.name;
  return [name, ...transition.effects.flatMap(written)].join(" ");
}

function written(effect: LimiterEffect): readonly string[] {
  switch (effect.type) {
    case "send":
      return [`>${effect.job.id}${effect.attempt > 1 ? `(${effect.attempt})` : ""}`];
    case "abort":
      return [`x${effect.jobId}`];
    case "settle": {
      const { settlement } = effect;
      const text = settlement.stage === "answered" ? "answered" : `${settlement.stage}/${settlement.code}`;
      return [`${effect.jobId}:${text}`];
    }
    case "emit":
      return [`!${effect.event.type}${effect.event.type === "limited" ? `:${effect.event.paused}` : ""}`];
    case "remember":
      return ["remember"];
    case "closed":
      return ["closed"];
    case "wakeAt":
      return [];
  }
}

/** The same call, where it is safe to repeat. */
export function repeatCell(input: "answered500" | "lost" | "wokeAtTimeout" | "cancelledUnderWay"): string {
  const before = after(initialState(), requested(SAFE));
  const given: Given & { readonly atMs?: number } = INPUTS_AS_DATA[input];
  const { effects } = step(
    before,
    { roll: 0, ...given, atMs: given.atMs ?? NOW_MS + 50 } as LimiterInput,
    LIMITS,
  );
  return effects.flatMap(written).join(" ");
}
