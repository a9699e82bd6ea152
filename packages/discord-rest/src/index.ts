export {
  createInteractionAnswers,
  type InteractionAnswers,
  type InteractionRef,
} from "./client/interaction-answers.ts";
export type { Rest, RestOutcome, RestRequestOptions } from "./client/rest.ts";
export { RestClient } from "./client/rest-client.ts";
export type { RestClientOptions, RestEvent } from "./client/rest-client-options.ts";
export { RestError, type RestErrorCode, type RestFault } from "./client/rest-error.ts";
export { fileRestMemory, type RestMemory, type StoredRestMemory } from "./client/rest-memory.ts";
export { type RestMethod, type RestRoute, type RouteContent, restRoute } from "./client/route.ts";
export { type HttpRequest, type HttpResult, type Transport, undiciTransport } from "./client/transport.ts";
export type { Refusal } from "./limiter/answer.ts";
export type { LimiterEvent } from "./limiter/effect.ts";
export type { Priority } from "./limiter/job.ts";
export type { RestLimits } from "./limiter/limits.ts";
export type { RestStatus } from "./limiter/status.ts";
