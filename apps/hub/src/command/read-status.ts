/** Asks a running hub how it is: `status` of the command line. */

import { type Environment, statusReport } from "@guildwire/runtime";
import { EXIT, type ExitCode } from "@guildwire/runtime/errors";
import { ConfigError, readConfig } from "../config.ts";
import { statusToken } from "../health/status-token.ts";
import { refuse } from "./refusal.ts";

const ANSWER_WITHIN_MS = 5_000;

export interface StatusQuestion {
  /** For programs. */
  readonly json: boolean;
  /** Where the hub is; `undefined`: on this machine, as the environment says. */
  readonly url: string | undefined;
}

export async function printStatus(
  { json, url }: StatusQuestion,
  environment: Environment,
  print: (text: string) => void,
): Promise<ExitCode> {
  const token = tokenOf(environment);
  const address = url ?? hereAs(environment);
  let answer: Response;
  let body: Readonly<Record<string, unknown>>;
  try {
    // Without a secret there is still what anybody may know.
    answer = await fetch(new URL(token === undefined ? "/api/health" : "/api/status", address), {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      // The token is for this hub alone.
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    body = (await answer.json()) as typeof body;
  } catch (cause) {
    return refuse(`no hub answers at ${address}: ${reasonOf(cause)}`, EXIT.restartMe);
  }
  if (answer.status === 401)
    return refuse(`the hub at ${address} has another HUB_SECRET than this environment`, EXIT.fixMe);
  print(json ? `${JSON.stringify(body, null, 2)}\n` : statusReport(body));
  if (token === undefined && !json) print("  (HUB_SECRET is not set here: with it, there is more to tell)\n");
  return body["status"] === "ok" ? EXIT.ok : EXIT.restartMe;
}

/** `undefined`: this environment cannot know it. */
export function tokenOf(environment: Environment): string | undefined {
  try {
    const [key] = readConfig(environment).hubKeys;
    return key === undefined ? undefined : statusToken(key);
  } catch (cause) {
    if (cause instanceof ConfigError) return undefined;
    throw cause;
  }
}

function hereAs(environment: Environment): string {
  const host = environment["HOST"]?.trim() || "127.0.0.1";
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const port = environment["PORT"]?.trim() || "3000";
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

function reasonOf(cause: unknown): string {
  const { cause: inner } = cause as { readonly cause?: unknown };
  return String(inner ?? cause);
}
