/** What the benchmark and the process of the listeners say to each other. */
import type { DialectName } from "./dialect.ts";

export type SinkOrder =
  /** So many more sockets, each live before the next of its lane begins. */
  | { readonly type: "open"; readonly port: number; readonly dialect: DialectName; readonly sockets: number }
  /** Forgets what was counted so far. */
  | { readonly type: "reset" }
  | { readonly type: "count" }
  /** Cuts all, without a goodbye, and keeps what a client would keep to come back. */
  | { readonly type: "cut" }
  /** All that were cut come back from where they were; each is live when it has what it missed. */
  | { readonly type: "resume" };

export type SinkReport =
  | { readonly type: "opened"; readonly tookMs: number; readonly refused: number }
  | {
      readonly type: "counted";
      readonly deliveries: number;
      /** From the time that a change names to when it is read, ms, of every 20th socket. */
      readonly lateMs: readonly number[];
    }
  | { readonly type: "cut" }
  | { readonly type: "reset" };

export function isSinkReport<Type extends SinkReport["type"]>(type: Type) {
  return (message: unknown): message is Extract<SinkReport, { type: Type }> =>
    (message as SinkReport).type === type;
}
