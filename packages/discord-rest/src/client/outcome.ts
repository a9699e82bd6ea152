/** What the caller gets for what the limiter decided: pure. */
import type { Settlement } from "../limiter/effect.ts";
import type { RestOutcome } from "./rest.ts";
import { RestError, type RestErrorFacts } from "./rest-error.ts";

export interface Attempted {
  readonly route: string;
  readonly attempts: number;
  /** Discord's last answer, if there was one. */
  readonly answer: { readonly status: number; readonly body: unknown } | null;
  /** Why the last attempt failed. */
  readonly cause: Error | undefined;
}

export function outcomeOf(settlement: Settlement, call: Attempted, nowMs: number): RestOutcome {
  const { route, attempts, answer, cause } = call;
  const facts: RestErrorFacts = {
    route,
    ...(answer === null ? {} : errorFactsOf(answer)),
    ...(cause === undefined ? {} : { cause, detail: cause.message }),
  };
  switch (settlement.stage) {
    case "notSent": {
      const { code, earliestAtMs } = settlement;
      const wait =
        earliestAtMs === null ? {} : { retryAfterMs: Math.max(0, Math.ceil(earliestAtMs - nowMs)) };
      return { stage: "notSent", attempts, error: new RestError(code, { ...facts, ...wait }) };
    }
    case "unknown":
      return { stage: "unknown", attempts, error: new RestError(settlement.code, facts) };
    case "answered": {
      const { status, body } = answer ?? { status: 0, body: null };
      if (status >= 200 && status < 300) return { stage: "answered", ok: true, status, body, attempts };
      const code = status === 401 ? "token_refused" : "rejected";
      const error = new RestError(code, { route, ...errorFactsOf({ status, body }) });
      return { stage: "answered", ok: false, status, body, attempts, error };
    }
  }
}

function errorFactsOf({ status, body }: { readonly status: number; readonly body: unknown }): RestErrorFacts {
  const form = typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const { code, message } = form;
  return {
    status,
    ...(typeof code === "number" ? { discordCode: code } : {}),
    detail: typeof message === "string" ? `${status} ${message}` : String(status),
  };
}
