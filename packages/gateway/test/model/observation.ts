import type { GatewayEvent } from "../../src/index.ts";

/**
 * Everything a run can be judged by, seen from outside of the client: what went over its sockets, what it handed over
 * and what it said. A `life` is one process: it ends with a stop or a crash, and the next begins with what was stored.
 */
export type Observation = { readonly atMs: number } & (
  | { readonly type: "born"; readonly life: number; readonly session: string | null; readonly seq: number }
  | { readonly type: "crashed"; readonly life: number }
  | { readonly type: "dialled"; readonly life: number; readonly link: number; readonly url: string }
  | {
      readonly type: "sent";
      readonly life: number;
      readonly link: number;
      readonly op: number;
      readonly d: unknown;
    }
  | {
      readonly type: "heard";
      readonly life: number;
      readonly link: number;
      readonly op: number | null;
      readonly t: string | null;
      readonly s: number | null;
      /** Of a READY. */
      readonly session: string | null;
      /** Of an Invalid Session. */
      readonly resumable: boolean | null;
    }
  | { readonly type: "closed"; readonly life: number; readonly link: number; readonly how: string }
  | { readonly type: "handed"; readonly life: number; readonly session: string; readonly seq: number }
  | {
      readonly type: "committed";
      readonly session: string;
      readonly seq: number;
      readonly name: string;
      readonly body: string;
    }
  | { readonly type: "confirmed"; readonly life: number; readonly session: string; readonly seq: number }
  | { readonly type: "event"; readonly life: number; readonly event: GatewayEvent }
  /** The server opened a session: from here on it is told everything. */
  | { readonly type: "opened"; readonly session: string }
  | { readonly type: "said"; readonly name: string; readonly body: string }
  | { readonly type: "fault"; readonly kind: string; readonly detail: string }
);

type Timeless<T> = T extends unknown ? Omit<T, "atMs"> : never;
export type UntimedObservation = Timeless<Observation>;

/** Looks at every observation in turn and throws a `Violation` at the first that breaks its rule. */
export interface Check {
  see(observation: Observation): void;
}

export class Violation extends Error {
  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`);
    this.name = "Violation";
  }
}
