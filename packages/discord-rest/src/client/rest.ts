/** The port: all that other packages use of this one, beside `restRoute` and the interaction answers. */
import type { Priority } from "../limiter/job.ts";
import type { RestError } from "./rest-error.ts";
import type { RestRoute } from "./route.ts";

export interface Rest {
  /**
   * Makes a call within Discord's limits. Never rejects: what became of the call is in the outcome. 429 is waited for
   * and the call sent again; what may have been carried out is repeated only where that is safe.
   */
  request(route: RestRoute, options?: RestRequestOptions): Promise<RestOutcome>;
}

export interface RestRequestOptions {
  /** Default `api`. */
  readonly priority?: Priority;
  /** From now, in ms; default 60,000. The call is never sent later; its answer may come up to `attemptTimeoutMs` later. */
  readonly deadlineMs?: number;
  /** Callers of one priority take turns; default: one caller. */
  readonly caller?: string;
  /** `repeat`: the call may be carried out twice without harm. Default: `report` for POST, `repeat` for the other methods. */
  readonly afterLostAnswer?: "repeat" | "report";
  /** An answer that has not come after this long is lost; default 10,000. */
  readonly attemptTimeoutMs?: number;
  /** Takes the call back: before it is sent for certain; afterwards its outcome is unknown. */
  readonly signal?: AbortSignal;
}

export type RestOutcome =
  /** Discord's answer, `ok` for 2xx. `body`: parsed JSON, text if it is not JSON, `null` if empty. */
  | {
      readonly stage: "answered";
      readonly ok: true;
      readonly status: number;
      readonly body: unknown;
      readonly attempts: number;
    }
  | {
      readonly stage: "answered";
      readonly ok: false;
      readonly status: number;
      readonly body: unknown;
      readonly attempts: number;
      readonly error: RestError;
    }
  /** Discord has not carried out the call, and will not. */
  | { readonly stage: "notSent"; readonly attempts: number; readonly error: RestError }
  /** The call was sent; whether it was carried out is not known. */
  | { readonly stage: "unknown"; readonly attempts: number; readonly error: RestError };
