/**
 * The shell around the limiter: one mailbox that steps and performs the effects in order, one timer, and the calls that
 * wait or are under way.
 */
import { type Clock, systemClock } from "@guildwire/runtime";
import { readAnswer } from "../limiter/answer.ts";
import type { LimiterEffect, Settlement } from "../limiter/effect.ts";
import type { LimiterInput } from "../limiter/input.ts";
import type { Job } from "../limiter/job.ts";
import { DEFAULT_LIMITS, type RestLimits } from "../limiter/limits.ts";
import { rememberedOf } from "../limiter/remembered.ts";
import { initialState, type LimiterState } from "../limiter/state.ts";
import { type RestStatus, statusOf } from "../limiter/status.ts";
import { step } from "../limiter/step.ts";
import { MemoryKeeper } from "./memory-keeper.ts";
import { type Attempted, outcomeOf } from "./outcome.ts";
import type { Rest, RestOutcome, RestRequestOptions } from "./rest.ts";
import type { RestClientOptions, RestEvent } from "./rest-client-options.ts";
import { RestError } from "./rest-error.ts";
import { type RestRoute, routeKeyOf } from "./route.ts";
import { type HttpRequest, type HttpResult, type Transport, undiciTransport } from "./transport.ts";

const DEADLINE_MS = 60_000;
const ATTEMPT_TIMEOUT_MS = 10_000;
/** Time for what is under way at `close`. */
const CLOSE_WITHIN_MS = 5_000;

interface Call {
  readonly job: Job;
  readonly request: HttpRequest;
  readonly resolve: (outcome: RestOutcome) => void;
  readonly stopListening: () => void;
  /** Ends the attempt that is under way. */
  end: () => void;
  startedMs: number;
  answer: Attempted["answer"];
  cause: Error | undefined;
}

type Given = LimiterInput extends infer Input
  ? Input extends LimiterInput
    ? Omit<Input, "atMs" | "roll">
    : never
  : never;

/** Discord's REST API within its limits. Opened with `RestClient.open`, ended with `close`. */
export class RestClient implements Rest {
  readonly #options: RestClientOptions;
  readonly #prefix: string;
  readonly #limits: RestLimits;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #transport: Transport;
  readonly #keeper: MemoryKeeper | null;
  readonly #calls = new Map<number, Call>();
  readonly #mailbox: Given[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;
  #isStepping = false;
  #state: LimiterState = initialState();
  #nextJobId = 1;
  #cancelTimer = (): void => undefined;

  private constructor(options: RestClientOptions) {
    const { apiUrl, memory } = options;
    const url = URL.parse(apiUrl);
    if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
      throw new RestError("options_invalid", {
        detail: "apiUrl must be an http or https URL without a query",
      });
    }
    this.#options = options;
    this.#prefix = url.pathname.replace(/\/+$/, "");
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#transport = options.transport ?? undiciTransport(url.origin);
    this.#keeper =
      memory === undefined
        ? null
        : new MemoryKeeper(
            memory,
            this.#clock,
            () => rememberedOf(this.#state, this.#clock.monotonicMs()),
            (cause) => this.#emit({ type: "memoryFailed", cause }),
          );
  }

  /** Loads what an earlier process stored. Throws `RestError` `options_invalid`. */
  static async open(options: RestClientOptions): Promise<RestClient> {
    const client = new RestClient(options);
    const remembered = await client.#keeper?.load();
    if (remembered !== undefined && remembered !== null) client.#take({ type: "restored", remembered });
    return client;
  }

  /** See the port. */
  request(route: RestRoute, options: RestRequestOptions = {}): Promise<RestOutcome> {
    const { promise, resolve } = Promise.withResolvers<RestOutcome>();
    const { token } = this.#options;
    const { signal } = options;
    const name = `${route.method} ${route.template}`;
    if (route.scope === "bot" && token === null) {
      resolve({ stage: "notSent", attempts: 0, error: new RestError("token_missing", { route: name }) });
    } else if (signal?.aborted) {
      resolve({ stage: "notSent", attempts: 0, error: new RestError("cancelled", { route: name }) });
    } else {
      const job = this.#jobOf(route, options);
      const cancel = () => this.#take({ type: "cancelled", job });
      signal?.addEventListener("abort", cancel, { once: true });
      this.#calls.set(job.id, {
        job,
        request: this.#requestOf(route),
        resolve,
        stopListening: () => signal?.removeEventListener("abort", cancel),
        end: () => undefined,
        startedMs: 0,
        answer: null,
        cause: undefined,
      });
      this.#take({ type: "requested", job });
    }
    return promise;
  }

  /** Figures of this moment. */
  status(): RestStatus {
    return statusOf(this.#state, this.#clock.monotonicMs());
  }

  /** What waits ends as `closed`; what is under way has `withinMs` (default 5,000) for its answer. */
  close(withinMs = CLOSE_WITHIN_MS): Promise<void> {
    this.#closing ??= this.#close(withinMs);
    return this.#closing;
  }

  async #close(withinMs: number): Promise<void> {
    this.#take({ type: "closeRequested" });
    const cancel = this.#clock.after(withinMs, () => this.#take({ type: "closeRequested" }));
    await this.#closed.promise;
    cancel();
    await this.#keeper?.close();
    await this.#transport.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #jobOf(route: RestRoute, options: RestRequestOptions): Job {
    const id = this.#nextJobId;
    this.#nextJobId += 1;
    return {
      id,
      scope: route.scope,
      route: routeKeyOf(route, this.#clock.wallMs()),
      major: route.major,
      order: route.method === "GET" ? "free" : "ordered",
      afterLostAnswer: options.afterLostAnswer ?? (route.method === "POST" ? "report" : "repeat"),
      priority: options.priority ?? "api",
      caller: options.caller ?? "",
      deadlineAtMs: this.#clock.monotonicMs() + (options.deadlineMs ?? DEADLINE_MS),
      attemptTimeoutMs: options.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS,
      quotas: route.quotas,
    };
  }

  #requestOf(route: RestRoute): HttpRequest {
    const { token, userAgent } = this.#options;
    const body = route.body === undefined ? null : JSON.stringify(route.body);
    return {
      method: route.method,
      path: this.#prefix + route.path,
      headers: {
        "user-agent": userAgent,
        ...(route.scope === "bot" && token !== null ? { authorization: `Bot ${token.reveal()}` } : {}),
        ...(body === null ? {} : { "content-type": "application/json" }),
        ...(route.auditReason === undefined
          ? {}
          : { "x-audit-log-reason": encodeURIComponent(route.auditReason) }),
      },
      body,
    };
  }

  /** One input at a time: what an effect brings about is stepped after the others. */
  #take(input: Given): void {
    this.#mailbox.push(input);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#mailbox.shift(); next !== undefined; next = this.#mailbox.shift()) {
        const stamped = { ...next, atMs: this.#clock.monotonicMs(), roll: this.#random() };
        const { state, effects } = step(this.#state, stamped, this.#limits);
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#isStepping = false;
    }
  }

  #perform(effect: LimiterEffect): void {
    switch (effect.type) {
      case "send":
        this.#send(effect.job.id, effect.attempt);
        break;
      case "abort": {
        const call = this.#calls.get(effect.jobId);
        call?.end();
        if (call !== undefined) this.#emitAttempt(call, effect.attempt, "abandoned");
        break;
      }
      case "settle":
        this.#settle(effect.jobId, effect.attempts, effect.settlement);
        break;
      case "wakeAt":
        this.#cancelTimer();
        this.#cancelTimer = effect.atMs === null ? () => undefined : this.#wakeAt(effect.atMs);
        break;
      case "remember":
        this.#keeper?.saveSoon();
        break;
      case "emit":
        this.#emit(effect.event);
        break;
      case "closed":
        this.#closed.resolve();
        break;
    }
  }

  /** Wakes after pending input was read: an answer that waits in a socket comes before the deadline that it meets. */
  #wakeAt(atMs: number): () => void {
    let cancelSoon = (): void => undefined;
    const cancel = this.#clock.after(Math.max(0, Math.ceil(atMs - this.#clock.monotonicMs())), () => {
      cancelSoon = this.#clock.soon(() => this.#take({ type: "woke" }));
    });
    return () => {
      cancel();
      cancelSoon();
    };
  }

  #send(jobId: number, attempt: number): void {
    const call = this.#calls.get(jobId);
    if (call === undefined) return;
    call.startedMs = this.#clock.monotonicMs();
    call.end = this.#transport.send(call.request, (result) => this.#finish(call, attempt, result));
  }

  #finish(call: Call, attempt: number, result: HttpResult): void {
    this.#emitAttempt(call, attempt, result.stage === "answered" ? result.status : result.stage);
    const jobId = call.job.id;
    if (result.stage !== "answered") {
      call.cause = result.cause;
      this.#take({ type: "failed", jobId, attempt, stage: result.stage });
      return;
    }
    const body = bodyOf(result.text);
    call.answer = { status: result.status, body };
    call.cause = undefined;
    this.#take({ type: "answered", jobId, attempt, answer: readAnswer(result.status, result.headers, body) });
  }

  #settle(jobId: number, attempts: number, settlement: Settlement): void {
    const call = this.#calls.get(jobId);
    if (call === undefined) return;
    this.#calls.delete(jobId);
    call.stopListening();
    const { job, answer, cause } = call;
    call.resolve(
      outcomeOf(settlement, { route: job.route, attempts, answer, cause }, this.#clock.monotonicMs()),
    );
  }

  #emitAttempt(call: Call, attempt: number, result: Extract<RestEvent, { type: "attempt" }>["result"]): void {
    const durationMs = this.#clock.monotonicMs() - call.startedMs;
    this.#emit({ type: "attempt", route: call.job.route, attempt, result, durationMs });
  }

  #emit(event: RestEvent): void {
    this.#options.onEvent?.(event);
  }
}

function bodyOf(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
