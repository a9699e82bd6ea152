/** A REST request, as far as the answer depends on it. `path` is what follows `/api/v10`, still URL-encoded. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  /** `X-Audit-Log-Reason`, still URL-encoded. */
  readonly auditReason?: string | undefined;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, unless `html` is there. Absent with 204. */
  readonly body?: unknown;
  /** The body as text, when it has been written already. */
  readonly json?: string;
  /** What is answered by somebody before Discord. */
  readonly html?: string;
  /** The call has been carried out, and the client never hears of it. */
  readonly lost?: boolean;
  /** The same, and the connection stays open without an answer. */
  readonly held?: boolean;
}

export function success(body: unknown, status: 200 | 201 = 200): RestAnswer {
  return { status, headers: {}, body };
}

export const NO_CONTENT: RestAnswer = { status: 204, headers: {} };
