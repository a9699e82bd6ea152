/**
 * Paths and who answers them, outside of the pages' router. A path is fixed, or a pattern whose groups are handed to
 * its endpoint; the first that fits is asked. `undefined` = no row fits. HEAD is answered as GET without a body.
 */
import { refusalAnswer } from "./json-answer.ts";

export interface Route {
  readonly path: string | RegExp;
  /** Any other is told which ones. */
  readonly methods: readonly string[];
  /** `groups`: what a pattern captured, as it stands in the address. */
  readonly answer: (request: Request, groups: readonly string[]) => Response | Promise<Response>;
}

export type RouteTable = (request: Request) => Promise<Response | undefined>;

export const READ: readonly string[] = ["GET", "HEAD"];

export function createRouteTable(routes: readonly Route[]): RouteTable {
  const fixed = new Map(
    routes.flatMap((route) => (typeof route.path === "string" ? [[route.path, route]] : [])),
  );
  const patterns = routes.flatMap((route) =>
    route.path instanceof RegExp ? [{ route, path: route.path }] : [],
  );

  function find(pathname: string): { readonly route: Route; readonly groups: readonly string[] } | undefined {
    const route = fixed.get(pathname);
    if (route !== undefined) return { route, groups: [] };
    for (const pattern of patterns) {
      const found = pattern.path.exec(pathname);
      if (found !== null) return { route: pattern.route, groups: found.slice(1).map((group) => group ?? "") };
    }
    return undefined;
  }

  return async (request) => {
    const { pathname } = new URL(request.url);
    const found = find(pathname);
    if (found === undefined) return undefined;
    const { methods } = found.route;
    if (!methods.includes(request.method)) {
      const allow = methods.join(", ");
      return refusalAnswer(
        405,
        { code: "method_not_allowed", message: `${pathname} takes ${allow}` },
        { allow },
      );
    }
    const answer = await found.route.answer(request, found.groups);
    return request.method === "HEAD" ? new Response(null, answer) : answer;
  };
}
