import type { Bucket } from "./rate-limit.ts";
import type { RestAnswer, RestRequest } from "./rest-answer.ts";
import type { RestContext } from "./rest-context.ts";

/** One row of the route tables. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `:name` stands for one part, which `answer` gets under that name, decoded. */
  readonly path: string;
  /** Open to anybody, without a token. */
  readonly isOpen?: boolean;
  /** Without one, the route has a bucket of its own with 50 calls a second. */
  readonly bucket?: Bucket;
  readonly answer: (call: Call) => RestAnswer;
}

export interface Call {
  readonly parameters: Parameters;
  readonly request: RestRequest;
  readonly context: RestContext;
}

export type Parameters = Readonly<Record<string, string>>;

export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly parameters: Parameters } | "unknown path" | "other method" {
  const candidates = routes.flatMap((route) => {
    const parameters = match(route.path, path);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
  if (candidates.length === 0) return "unknown path";
  return candidates.find(({ route }) => route.method === method) ?? "other method";
}

/** The bucket a call is counted in. */
export function bucketOf(route: Route): Bucket {
  return route.bucket ?? { name: `${route.method} ${route.path}`, calls: 50, windowMs: 1000 };
}

/** The major parameter: limits are counted apart for each of its values. */
export function majorOf(parameters: Parameters): string {
  return parameters["channel"] ?? parameters["guild"] ?? "";
}

function match(pattern: string, path: string): Parameters | undefined {
  const wanted = pattern.split("/");
  const given = path.replace(/(?<=.)\/$/, "").split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) parameters[part.slice(1)] = decoded(value);
    else if (part !== value) return undefined;
  }
  return parameters;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
