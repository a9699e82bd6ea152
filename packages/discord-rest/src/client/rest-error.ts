/** The one error class of this package. Expected failures are in a `RestOutcome`; only `route_invalid` and `options_invalid` are thrown. */

export type RestErrorCode =
  | "rejected"
  | "token_refused"
  | "token_missing"
  | "deadline_unreachable"
  | "deadline_passed"
  | "queue_full"
  | "cancelled"
  | "closed"
  | "no_answer"
  | "connection_lost"
  | "server_error"
  | "route_invalid"
  | "options_invalid";

/** Whose fault it is: the caller's, Discord's (or the network's), the operator's. */
export type RestFault = "caller" | "discord" | "operator";

const CODES: Readonly<Record<RestErrorCode, { readonly fault: RestFault; readonly message: string }>> = {
  rejected: { fault: "caller", message: "Discord rejected the call" },
  token_refused: {
    fault: "operator",
    message: "Discord refused the bot's token: set a valid one and restart",
  },
  token_missing: {
    fault: "operator",
    message: "this client was opened without a bot token, which the call needs",
  },
  deadline_unreachable: {
    fault: "discord",
    message: "rate limits do not allow the call before its deadline",
  },
  deadline_passed: { fault: "discord", message: "the call's deadline passed while it waited" },
  queue_full: { fault: "caller", message: "too many calls wait already" },
  cancelled: { fault: "caller", message: "the caller cancelled the call" },
  closed: { fault: "caller", message: "the client is closed" },
  no_answer: { fault: "discord", message: "Discord did not answer in time" },
  connection_lost: { fault: "discord", message: "the connection was lost before Discord's answer" },
  server_error: { fault: "discord", message: "Discord answered with a server error" },
  route_invalid: { fault: "caller", message: "the route is not valid" },
  options_invalid: { fault: "operator", message: "the client's options are not valid" },
};

export interface RestErrorFacts {
  /** Method and path template; never ids or tokens. */
  readonly route?: string;
  /** Of Discord's last answer. */
  readonly status?: number;
  /** Discord's JSON error code, such as 50013. */
  readonly discordCode?: number;
  readonly detail?: string;
  /** With `deadline_unreachable`: how long the call would have had to wait. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

export class RestError extends Error {
  override readonly name = "RestError";
  readonly code: RestErrorCode;
  readonly fault: RestFault;
  readonly route: string | undefined;
  readonly status: number | undefined;
  readonly discordCode: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: RestErrorCode, facts: RestErrorFacts = {}) {
    const { route, status, discordCode, detail, retryAfterMs, cause } = facts;
    const of = route === undefined ? "" : `${route}: `;
    const more = detail === undefined ? "" : `: ${detail}`;
    super(`${of}${CODES[code].message}${more}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fault = CODES[code].fault;
    this.route = route;
    this.status = status;
    this.discordCode = discordCode;
    this.retryAfterMs = retryAfterMs;
  }
}
