import type { DiscordSim } from "../../src/index.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls REST as a bot does. */
export async function call(sim: DiscordSim, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = {
    authorization: `Bot ${sim.token}`,
    "user-agent": "DiscordBot (https://example.org, 1.0)",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(sim.apiUrl + path, { method, headers, ...text });
  const answer = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  return {
    status: response.status,
    headers: response.headers,
    body: answer === "" || !isJson ? {} : (JSON.parse(answer) as Answer["body"]),
  };
}
