/** A REST request, as far as the answer depends on it. `path` is what follows `/api/v10`. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export function success(body: unknown): RestAnswer {
  return { status: 200, headers: {}, body };
}
