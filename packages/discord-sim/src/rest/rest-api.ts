import { strike } from "../fault/faults.ts";
import { isToken } from "../gateway/gateway-state.ts";
import { BOT_ROUTES } from "./bot-route.ts";
import { CHANNEL_ROUTES } from "./channel-route.ts";
import { GUILD_ROUTES } from "./guild-route.ts";
import { MESSAGE_ROUTES } from "./message-route.ts";
import { globalRefusal, sharedRefusal, spendCall } from "./rate-limit.ts";
import { REACTION_ROUTES } from "./reaction-route.ts";
import type { RestAnswer, RestRequest } from "./rest-answer.ts";
import type { RestContext } from "./rest-context.ts";
import { failure, RestError } from "./rest-error.ts";
import { bucketOf, findRoute, majorOf, type Route } from "./route.ts";

/** Every route there is, the more particular ones first. */
const ROUTES: readonly Route[] = [
  ...BOT_ROUTES,
  ...GUILD_ROUTES,
  ...MESSAGE_ROUTES,
  ...REACTION_ROUTES,
  ...CHANNEL_ROUTES,
];

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
export function answerRest(request: RestRequest, context: RestContext): RestAnswer {
  const { restStatus } = context.faults;
  if (restStatus !== null) return { ...failure("General"), ...stagedFailure(restStatus) };
  if (strikes(context, "restBadGateway")) return BAD_GATEWAY;
  if (isBlocked(request.userAgent, context.strictUserAgent)) return failure("BlockedUserAgent");
  const found = findRoute(ROUTES, request.method, request.path);
  if (found === "unknown path") return failure("NotFound");
  if (found === "other method") return failure("MethodNotAllowed");
  const { route, parameters } = found;
  if (route.isOpen !== true && !isAuthorized(request, context)) return failure("Unauthorized");
  const bucket = bucketOf(route);
  if (strikes(context, "restGlobalLimit")) return globalRefusal(1);
  if (strikes(context, "restSharedLimit")) return sharedRefusal(bucket, context.atMs);
  const { callsPerSecondMax, limits, atMs } = context;
  const { headers, refusal } = spendCall(limits, bucket, majorOf(parameters), callsPerSecondMax, atMs);
  if (refusal !== undefined) return refusal;
  const answer = route.answer({ parameters, request, context });
  const lost = strikes(context, "restLoseAnswers");
  return { ...answer, headers: { ...headers, ...answer.headers }, lost };
}

function isAuthorized(request: RestRequest, context: RestContext): boolean {
  const [scheme, token] = (request.authorization ?? "").split(" ", 2);
  return scheme === "Bot" && isToken(context.gateway, token);
}

type RestFault = "restBadGateway" | "restLoseAnswers" | "restSharedLimit" | "restGlobalLimit";

/** Faults are kept with the Gateway's state, where they are counted down. */
function strikes(context: RestContext, name: RestFault): boolean {
  const { strikes: now, faults } = strike(context.gateway.faults, name);
  context.gateway.faults = faults;
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
