/** What platforms call the commit that they have built. */
const COMMIT_VARIABLES = ["SOURCE_COMMIT", "RAILWAY_GIT_COMMIT_SHA", "RENDER_GIT_COMMIT", "GIT_COMMIT"];

/** What was built, where the platform says so. */
export function commitOf(environment: Readonly<Record<string, string | undefined>>): string | null {
  const text = COMMIT_VARIABLES.map((name) => environment[name]).find((value) => value);
  return text !== undefined && /^[0-9a-f]{7,64}$/i.test(text) ? text : null;
}
