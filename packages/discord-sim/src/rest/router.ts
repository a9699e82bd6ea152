import type { Parameters, Route } from "./route.ts";

/** Finds the route of a path among hundreds without looking at each. A literal part is preferred to a parameter. */
export interface Router {
  readonly root: Branch;
}

interface Branch {
  readonly literals: Map<string, Branch>;
  parameter: { readonly name: string; readonly branch: Branch } | undefined;
  readonly routes: Map<string, Route>;
}

export type Found =
  | { readonly route: Route; readonly parameters: Parameters }
  | "unknown path"
  | "other method";

export function makeRouter(routes: readonly Route[]): Router {
  const root = newBranch();
  for (const route of routes) {
    const branch = partsOf(route.path).reduce(descend, root);
    if (branch.routes.has(route.method)) throw new Error(`two routes for ${route.method} ${route.path}`);
    branch.routes.set(route.method, route);
  }
  return { root };
}

export function findRoute(router: Router, method: string, path: string): Found {
  const parts = partsOf(path);
  // Values are kept by depth: two routes may call the same part by different names.
  const found = leaves(router.root, parts, 0);
  const leaf = found.find(({ routes }) => routes.has(method)) ?? found[0];
  if (leaf === undefined) return "unknown path";
  const route = leaf.routes.get(method);
  return route === undefined ? "other method" : { route, parameters: parametersOf(route, parts) };
}

/** Every branch that the path ends at, the most literal first. */
function leaves(branch: Branch, parts: readonly string[], depth: number): readonly Branch[] {
  const part = parts[depth];
  if (part === undefined) return branch.routes.size > 0 ? [branch] : [];
  const literal = branch.literals.get(part);
  const through = literal === undefined ? [] : leaves(literal, parts, depth + 1);
  const besides = branch.parameter === undefined ? [] : leaves(branch.parameter.branch, parts, depth + 1);
  return [...through, ...besides];
}

function parametersOf(route: Route, parts: readonly string[]): Parameters {
  const parameters: Record<string, string> = {};
  for (const [index, part] of partsOf(route.path).entries()) {
    if (part.startsWith(":")) parameters[part.slice(1)] = decoded(parts[index] ?? "");
  }
  return parameters;
}

function descend(branch: Branch, part: string): Branch {
  if (part.startsWith(":")) {
    branch.parameter ??= { name: part.slice(1), branch: newBranch() };
    return branch.parameter.branch;
  }
  const next = branch.literals.get(part) ?? newBranch();
  branch.literals.set(part, next);
  return next;
}

function newBranch(): Branch {
  return { literals: new Map(), parameter: undefined, routes: new Map() };
}

function partsOf(path: string): readonly string[] {
  return path.replace(/(?<=.)\/$/, "").split("/");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
