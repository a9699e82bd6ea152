import type { Faults } from "../fault/faults.ts";
import { type GatewayState, isToken } from "../gateway/gateway-state.ts";
import type { World } from "../world/world.ts";
import { type RateLimits, spendCall } from "./rate-limit.ts";
import type { RestAnswer, RestRequest } from "./rest-answer.ts";
import { failure, RestError } from "./rest-error.ts";
import { findRoute } from "./route.ts";

/** What the answers draw on. */
export interface RestContext {
  readonly world: World;
  readonly gateway: GatewayState;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly gatewayUrl: string;
  readonly atMs: number;
}

/** Discord demands this beginning; anything may follow. */
const USER_AGENT_FORM = /^DiscordBot \(\S+, [^)]+\)/;

/**
 * Answers one call of the REST API, in Discord's order: who calls at all (403), which route (404, 405), who is allowed
 * (401), how often (429), and only then what was asked.
 */
export function answerRest(request: RestRequest, context: RestContext): RestAnswer {
  const { restStatus } = context.faults;
  if (restStatus !== null) return { ...failure("General"), ...stagedFailure(restStatus) };
  if (!USER_AGENT_FORM.test(request.userAgent ?? "")) return failure("BlockedUserAgent");
  const found = findRoute(request.method, request.path);
  if (found === "unknown path") return failure("NotFound");
  if (found === "other method") return failure("MethodNotAllowed");
  const { route, parameters } = found;
  if (route.needsToken && !isAuthorized(request, context)) return failure("Unauthorized");
  const { headers, refusal } = spendCall(context.limits, route.path, context.atMs);
  if (refusal !== undefined) return refusal;
  const answer = route.answer(parameters, context);
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function isAuthorized(request: RestRequest, context: RestContext): boolean {
  const [scheme, token] = (request.authorization ?? "").split(" ", 2);
  return scheme === "Bot" && isToken(context.gateway, token);
}

function stagedFailure(status: number): Pick<RestAnswer, "status" | "body"> {
  const known = Object.values(RestError).find((error) => error.status === status);
  return { status, body: { message: known?.message ?? `${status}: staged by a fault`, code: 0 } };
}
