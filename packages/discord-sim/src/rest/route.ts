import type { Bucket } from "./rate-limit.ts";
import type { RestAnswer, RestRequest } from "./rest-answer.ts";
import type { RestContext } from "./rest-context.ts";

/** One row of the route tables. */
export interface Route {
  /** The operation's name in Discord's OpenAPI document; one that is not in it ends in `*`. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `:name` stands for one part, which `answer` gets under that name, decoded. */
  readonly path: string;
  /** Open to anybody, without a token. */
  readonly isOpen?: boolean;
  /**
   * Without one, the route has a bucket of its own with 50 calls a second. Some routes count a call in one bucket or
   * another by what it is about.
   */
  readonly bucket?: Bucket | ((call: Call) => Bucket);
  /** Not counted into the limit of all calls together. */
  readonly isOutsideGlobalLimit?: boolean;
  readonly answer: (call: Call) => RestAnswer;
}

export interface Call {
  readonly parameters: Parameters;
  readonly request: RestRequest;
  readonly context: RestContext;
}

export type Parameters = Readonly<Record<string, string>>;

/** The bucket a call is counted in. */
export function bucketOf(route: Route, call: Call): Bucket {
  if (typeof route.bucket === "function") return route.bucket(call);
  return route.bucket ?? { name: `${route.method} ${route.path}`, calls: 50, windowMs: 1000 };
}

/** The major parameter: limits are counted apart for each of its values. */
export function majorOf(parameters: Parameters): string {
  const { channel, guild, webhook, interaction, token } = parameters;
  if (token !== undefined) return `${webhook ?? interaction ?? ""}/${token}`;
  return channel ?? guild ?? webhook ?? "";
}
