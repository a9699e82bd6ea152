/** What a client process is told. Every client file exports `start`, which connects and lets problems be printed. */
export interface ClientJob {
  readonly token: string;
  /** `ws://…` without a query string, as `GET /gateway/bot` would give it. */
  readonly gatewayUrl: string;
  /** `http://…/api`, without the version. */
  readonly apiUrl: string;
  readonly mainPort: number;
  readonly resumePort: number;
}

export type StartClient = (job: ClientJob) => void | Promise<void>;

/** GUILDS and GUILD_VOICE_STATES. */
export const INTENTS = 129;

/** What `GET /gateway/bot` answers, for clients that are handed it. */
export function gatewayBot(job: ClientJob): {
  url: string;
  shards: number;
  session_start_limit: { total: number; remaining: number; reset_after: number; max_concurrency: number };
} {
  return {
    url: job.gatewayUrl,
    shards: 1,
    session_start_limit: { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 },
  };
}

/** Prints what a program would log: the errors and warnings a client reports. */
export function print(label: string): (...values: unknown[]) => void {
  return (...values) => {
    const text = values.map((value) =>
      value instanceof Error ? (value.stack ?? value.message) : String(value),
    );
    process.stderr.write(`${label}: ${text.join(" ")}\n`);
  };
}
