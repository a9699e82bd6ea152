/** Answers of the API: always JSON, never stored by anyone between. */
export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}

export interface Refusal {
  readonly code: string;
  /** What is wrong and what to do, for a person. */
  readonly message: string;
  readonly problems?: readonly string[];
}

export function refusalAnswer(
  status: number,
  error: Refusal,
  headers: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Response {
  return jsonAnswer(status, { ...more, error }, headers);
}
