import type { Application } from "../application/applications.ts";
import { type OccasionalFault, strike } from "../fault/faults.ts";
import { accountOf } from "../gateway/gateway-state.ts";
import { edgeRefusal, globalRefusal, sharedRefusal, spendCall, userRefusal } from "./rate-limit.ts";
import type { RestAnswer, RestRequest } from "./rest-answer.ts";
import type { RestWorld } from "./rest-context.ts";
import { failure, RestError } from "./rest-error.ts";
import { bucketOf, majorOf } from "./route.ts";
import { findRoute, makeRouter } from "./router.ts";
import { ROUTES } from "./routes.ts";

const ROUTER = makeRouter(ROUTES);

/** The form the documents demand; anything may follow. */
const USER_AGENT_FORM = /^DiscordBot \(\S+, [^)]+\)/;

/**
 * By the documents whoever does not say who they are in that form is blocked. Here a header is enough unless asked
 * otherwise, because Oceanic 1.15 says no more than `node`, and bots run on it.
 */
function isBlocked(userAgent: string | undefined, isStrict: boolean): boolean {
  return isStrict ? !USER_AGENT_FORM.test(userAgent ?? "") : (userAgent ?? "") === "";
}

/**
 * Answers one call of the REST API, in Discord's order: who calls at all (403), which route (404, 405), who is allowed
 * (401), how often (429), and only then what was asked.
 */
export function answerRest(request: RestRequest, world: RestWorld): RestAnswer {
  const { restStatus } = world.faults;
  const found = findRoute(ROUTER, request.method, request.path);
  const operation = typeof found === "string" ? undefined : found.route.operation;
  const strikes = (name: RestFault): boolean => isMeant(world, operation) && strikesNow(world, name);
  if (restStatus !== null && isMeant(world, operation)) {
    return { ...failure("General"), ...stagedFailure(restStatus) };
  }
  if (strikes("restBadGateway")) return BAD_GATEWAY;
  if (strikes("restEdgeLimit")) return edgeRefusal();
  if (isBlocked(request.userAgent, world.strictUserAgent)) return failure("BlockedUserAgent");
  if (found === "unknown path") return failure("NotFound");
  if (found === "other method") return failure("MethodNotAllowed");
  const { route, parameters } = found;
  const caller = callerOf(request, world);
  if (route.isOpen !== true && caller === undefined) return failure("Unauthorized");
  const application = caller ?? world.applications.first;
  const context = { ...world, application, seat: world.keeper.seatOf(application.bot.id) };
  const call = { parameters, request, context };
  const bucket = bucketOf(route, call);
  const { callsPerSecondMax, limits, atMs } = world;
  if (strikes("restGlobalLimit")) return globalRefusal(STAGED_GLOBAL_SECONDS);
  if (strikes("restUserLimit")) return userRefusal(bucket, atMs);
  if (strikes("restSharedLimit")) return sharedRefusal(bucket, atMs);
  const globalMax = route.isOutsideGlobalLimit === true ? undefined : callsPerSecondMax;
  const major = majorOf(parameters);
  const { headers, refusal } = spendCall(limits, bucket, `${application.bot.id}/${major}`, globalMax, atMs);
  if (refusal !== undefined) return refusal;
  const answer = route.answer(call);
  if (strikes("restFailAfter")) return { ...stagedAfter(world), headers };
  const lost = strikes("restLoseAnswers");
  const held = strikes("restHoldAnswers");
  return { ...answer, headers: { ...headers, ...answer.headers }, lost, held };
}

const STAGED_GLOBAL_SECONDS = 0.853;

/** `restOperation` narrows all faults of REST to one operation. */
function isMeant(world: RestWorld, operation: string | undefined): boolean {
  const { restOperation } = world.faults;
  return restOperation === null || restOperation === operation;
}

/** The call has been carried out, and the answer says that something went wrong. */
function stagedAfter({ faults }: RestWorld): RestAnswer {
  const status = faults.restFailAfterStatus;
  return { ...failure("General"), ...stagedFailure(status) };
}

/** The application whose bot token the call carries. */
function callerOf(request: RestRequest, world: RestWorld): Application | undefined {
  const [scheme, token] = (request.authorization ?? "").split(" ", 2);
  return scheme === "Bot" ? world.applications.byId(accountOf(world.gateway, token)?.botId) : undefined;
}

type RestFault = Extract<OccasionalFault, `rest${string}`>;

/** Faults are kept with the Gateway's state, where they are counted down. */
function strikesNow(world: RestWorld, name: RestFault): boolean {
  const { strikes: now, faults } = strike(world.gateway.faults, name);
  world.gateway.faults = faults;
  return now;
}

const BAD_GATEWAY: RestAnswer = {
  status: 502,
  headers: {},
  html: "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>",
};

function stagedFailure(status: number): Pick<RestAnswer, "status" | "body"> {
  const known = Object.values(RestError).find((error) => error.status === status);
  return { status, body: { message: known?.message ?? `${status}: staged by a fault`, code: 0 } };
}
