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

/** Prints what a program would log: the errors and warnings a client reports. */
export function print(label: string): (...values: unknown[]) => void {
  return (...values) => {
    const text = values.map((value) =>
      value instanceof Error ? (value.stack ?? value.message) : String(value),
    );
    process.stderr.write(`${label}: ${text.join(" ")}\n`);
  };
}
