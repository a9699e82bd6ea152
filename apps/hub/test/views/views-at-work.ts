/** Views for tests, as an operator would write them. */
import { createSecretKey } from "node:crypto";
import { OPEN_VIEWS, readViews } from "../../src/views/view-file.ts";
import { createViews, type NamedProjection, type Views } from "../../src/views/views.ts";

const HUB_KEY = createSecretKey(Buffer.alloc(32, 7));

/** Everything to anyone, as without a file. */
export const openViews = (): Views => createViews(OPEN_VIEWS, HUB_KEY);

/** Throws what is wrong with the content of the file. */
export function viewsOf(content: unknown, key = HUB_KEY): Views {
  const outcome = readViews(content);
  if (!outcome.ok) throw new Error(outcome.problems.join("\n"));
  return createViews(outcome.views, key);
}

/** One view under these rules. */
export function projectionOf(rules: object, more: object = {}): NamedProjection {
  const [projection] = viewsOf({ ...more, views: { v: rules } }).projections;
  if (projection === undefined) throw new Error("a file names at least one view");
  return projection;
}
