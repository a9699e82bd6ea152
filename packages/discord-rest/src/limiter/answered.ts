/** What an answer, or the lack of one, does. */
import type { Answer, Refusal } from "./answer.ts";
import { endUse, loseAnswer, observe, observeNothing, refuse, unobserved } from "./bucket.ts";
import type { LimiterEvent } from "./effect.ts";
import { globalRule, ownBucketKey, quotaRule } from "./gate.ts";
import { addInvalid, invalidCount } from "./invalid-requests.ts";
import { lineKeyOf, type UnknownCode, type WaitingJob } from "./job.ts";
import { entryOf, withEntry, withoutEntry } from "./keyed-map.ts";
import {
  BACK_OFF_FIRST_MS,
  BACK_OFF_MAX_MS,
  HASHES_PER_ROUTE_MAX,
  JITTER_MAX_MS,
  PAUSE_KEPT_MIN_MS,
  SUB_LIMIT_SLACK_MS,
} from "./limits.ts";
import { abandonAll, judgeLine, settle, waitAgain } from "./settle.ts";
import { answerSlot } from "./slots.ts";
import type { InFlight } from "./state.ts";
import { change, changeScope, lineOf, putLine, type Turn } from "./turn.ts";

/** What follows a status. Every other one settles the job with the answer. */
const REACTIONS: ReadonlyMap<number, "lockToken" | "wait" | "uncertain"> = new Map([
  [401, "lockToken"],
  [429, "wait"],
  // From Discord or from before it: whether the call was carried out is not known.
  ...[500, 502, 503, 504, 520, 521, 522, 523, 524, 530].map((status) => [status, "uncertain"] as const),
]);

/** Counted by Discord towards the ban of the address; a shared 429 is not. */
const INVALID_STATUSES: ReadonlySet<number> = new Set([401, 403, 429]);

export function onAnswer(turn: Turn, flight: InFlight, answer: Answer): void {
  const { job } = flight;
  land(turn, flight, "answered");
  learn(turn, flight, answer);
  if (INVALID_STATUSES.has(answer.status) && answer.refusal?.scope !== "shared") countInvalid(turn);
  switch (REACTIONS.get(answer.status)) {
    case undefined:
      settle(turn, job, { stage: "answered" });
      break;
    case "lockToken":
      settle(turn, job, { stage: "answered" });
      if (job.scope === "bot") lockToken(turn);
      break;
    case "wait":
      if (answer.refusal !== null) pause(turn, flight, answer.refusal, answer);
      waitAgain(turn, job);
      break;
    case "uncertain":
      onLostAnswer(turn, job, "server_error");
      break;
  }
  const line = lineOf(turn, job.scope, lineKeyOf(job));
  if (line !== undefined) judgeLine(turn, job.scope, line);
}

/** No byte was sent: the job waits again, however often, until its deadline. */
export function onNotSent(turn: Turn, flight: InFlight): void {
  land(turn, flight, "answered");
  for (const key of flight.bucketKeys) changeBucket(turn, key, endUse);
  waitAgain(turn, { ...flight.job, notBeforeMs: turn.nowMs + backOffMs(turn, flight.job) });
}

/** The answer did not come, or the connection was lost before it. */
export function onNoAnswer(turn: Turn, flight: InFlight, code: UnknownCode): void {
  land(turn, flight, "lost");
  for (const key of flight.bucketKeys) changeBucket(turn, key, (bucket) => loseAnswer(bucket, turn.nowMs));
  onLostAnswer(turn, flight.job, code);
}

function onLostAnswer(turn: Turn, job: WaitingJob, code: UnknownCode): void {
  const mayRepeat =
    code !== "cancelled" && job.afterLostAnswer === "repeat" && job.attempts <= turn.limits.repeatsMax;
  if (mayRepeat) waitAgain(turn, { ...job, earlier: code, notBeforeMs: turn.nowMs + backOffMs(turn, job) });
  else settle(turn, job, { stage: "unknown", code });
}

/** Doubles with each attempt; between half and all of it, by chance. */
function backOffMs(turn: Turn, { attempts }: WaitingJob): number {
  const mostMs = Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** (attempts - 1));
  return mostMs * (0.5 + turn.roll / 2);
}

/** The job is no longer under way. A slot whose answer is lost stays taken as long as the request could arrive. */
function land(turn: Turn, { job }: InFlight, how: "answered" | "lost"): void {
  const { state, nowMs, limits } = turn;
  const inFlight = new Map(state.inFlight);
  inFlight.delete(job.id);
  let { global, quotas } = state;
  if (how === "answered") {
    if (job.scope === "bot") global = answerSlot(global, job.id, globalRule(limits), nowMs);
    for (const quota of job.quotas) {
      const slots = entryOf(quotas, quota.key);
      if (slots !== undefined)
        quotas = withEntry(quotas, quota.key, answerSlot(slots, job.id, quotaRule(quota), nowMs));
    }
  }
  change(turn, { inFlight, global, quotas });
  changeScope(turn, job.scope, { inFlight: turn.state.scopes[job.scope].inFlight - 1 });
  const line = lineOf(turn, job.scope, lineKeyOf(job));
  if (line !== undefined) putLine(turn, job.scope, { ...line, inFlight: line.inFlight - 1, usedAtMs: nowMs });
}

/** Buckets and their names. An answer frees what it held in every bucket, and is written down in the one it names. */
function learn(turn: Turn, flight: InFlight, { status, bucket: facts }: Answer): void {
  const { job, bucketKeys } = flight;
  for (const key of bucketKeys) changeBucket(turn, key, endUse);
  const ownKey = ownBucketKey(job);
  if (facts === null) {
    const isPlain = status < 500 && status !== 429 && bucketKeys.includes(ownKey);
    if (isPlain) changeBucket(turn, ownKey, observeNothing);
    return;
  }
  const { routes, buckets } = turn.state;
  const others = (entryOf(routes, job.route)?.hashes ?? []).filter((hash) => hash !== facts.hash);
  const hashes = [facts.hash, ...others].slice(0, HASHES_PER_ROUTE_MAX);
  const key = `${facts.hash} ${job.major}`;
  const bucket = observe(entryOf(buckets, key) ?? unobserved(turn.nowMs), facts, turn.nowMs);
  const own = entryOf(buckets, ownKey);
  const isOwnDone = own !== undefined && own.inFlight === 0;
  const rest = isOwnDone ? withoutEntry(buckets, ownKey) : buckets;
  change(turn, {
    routes: withEntry(routes, job.route, { hashes, usedAtMs: turn.nowMs }),
    buckets: withEntry(rest, key, bucket),
  });
}

function changeBucket(
  turn: Turn,
  key: string,
  by: (bucket: ReturnType<typeof endUse>) => ReturnType<typeof endUse>,
): void {
  const bucket = entryOf(turn.state.buckets, key);
  if (bucket !== undefined) change(turn, { buckets: withEntry(turn.state.buckets, key, by(bucket)) });
}

function countInvalid(turn: Turn): void {
  const invalid = addInvalid(turn.state.invalid, turn.nowMs);
  change(turn, { invalid });
  turn.effects.push({ type: "remember" });
  const count = invalidCount(invalid, turn.nowMs);
  if (count !== turn.limits.invalidRequestsMax) return;
  turn.effects.push({ type: "emit", event: { type: "invalidRequestsSpent", count } });
  change(turn, { nextDeadlineMs: turn.nowMs });
}

function lockToken(turn: Turn): void {
  if (turn.state.name === "tokenRefused") return;
  if (turn.state.name === "open") turn.state = { ...turn.state, name: "tokenRefused" };
  turn.effects.push({ type: "emit", event: { type: "tokenRefused" } });
  abandonAll(turn, ["bot"], "token_refused");
}

/** What a 429 pauses, by who sent it. */
function pause(turn: Turn, { job }: InFlight, refusal: Refusal, { bucket }: Answer): void {
  const { state, nowMs } = turn;
  const untilMs = nowMs + refusal.retryAfterMs + turn.roll * JITTER_MAX_MS;
  const paused = pausedBy(job, refusal, bucket);
  switch (paused) {
    case "everything":
      change(turn, { edgePausedUntilMs: Math.max(state.edgePausedUntilMs, untilMs) });
      break;
    case "bot":
    case "interaction":
      changeScope(turn, paused, { pausedUntilMs: Math.max(state.scopes[paused].pausedUntilMs, untilMs) });
      break;
    case "bucket":
      if (bucket !== null) changeBucket(turn, `${bucket.hash} ${job.major}`, (one) => refuse(one, untilMs));
      break;
    case "line": {
      const line = lineOf(turn, job.scope, lineKeyOf(job));
      if (line === undefined) break;
      putLine(turn, job.scope, { ...line, pausedUntilMs: Math.max(line.pausedUntilMs, untilMs) });
      break;
    }
  }
  turn.effects.push({ type: "emit", event: { type: "limited", route: job.route, refusal, paused } });
  if (refusal.retryAfterMs >= PAUSE_KEPT_MIN_MS) turn.effects.push({ type: "remember" });
  if (paused !== "bucket" && paused !== "line") change(turn, { nextDeadlineMs: nowMs });
}

type Paused = Extract<LimiterEvent, { type: "limited" }>["paused"];

function pausedBy(job: WaitingJob, { scope, retryAfterMs }: Refusal, bucket: Answer["bucket"]): Paused {
  switch (scope) {
    case "edge":
      return "everything";
    case "global":
      return job.scope;
    case "shared":
      return "line";
    case "user":
      return bucket === null || retryAfterMs > bucket.resetAfterMs + SUB_LIMIT_SLACK_MS ? "line" : "bucket";
  }
}
