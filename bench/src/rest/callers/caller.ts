/** What a REST client must do to be measured, and what its process is told. */
export interface CallerJob {
  /** `http://…/api`, without the version. */
  readonly apiUrl: string;
  readonly token: string;
}

/** Resolves with whether Discord carried the call out; a client that throws has not. */
export type Caller = (method: "GET" | "POST", path: `/${string}`, body?: object) => Promise<boolean>;
