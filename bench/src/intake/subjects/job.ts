/** What a subject's process is told, in its first argument, and how it tells that it has seen all. */
import type { Transport } from "../sync-zlib.ts";

export interface SubjectJob {
  readonly token: string;
  /** `ws://…` without a query string. */
  readonly gatewayUrl: string;
  /** `http://…/api`, without the version. */
  readonly apiUrl: string;
  readonly transport: Transport;
  readonly guildId: string;
  /** Sequence of the last dispatch before the burst: READY and the guilds. */
  readonly arrivalSeq: number;
  /** How many dispatches the burst has. */
  readonly frames: number;
  readonly variant?: string;
}

export type SubjectReport = {
  readonly type: "done";
  /** Events a consumer made of them, where there is one. */
  readonly events?: number;
};

export function readJob(): SubjectJob {
  const [text] = process.argv.slice(2);
  if (text === undefined) throw new Error("usage: <subject> <job as JSON>");
  process.on("disconnect", () => process.exit());
  return JSON.parse(text) as SubjectJob;
}

export function tellDone(more: { readonly events?: number } = {}): void {
  process.send?.({ type: "done", ...more } satisfies SubjectReport);
}

/** To be called for each dispatch, READY and the guilds among them; tells when the last of the burst has been seen. */
export function dispatchCounter({ arrivalSeq, frames }: SubjectJob): () => void {
  const all = arrivalSeq + frames;
  let seen = 0;
  return () => {
    seen += 1;
    if (seen === all) tellDone();
  };
}

/** Unprivileged ones would do: the stand-in plays the same to all. */
export const INTENTS = 0b11_0011_1011_1111_1111_1111;

/** As Discord has it in the query of the address. */
export function addressOf({ gatewayUrl, transport }: SubjectJob): string {
  return `${gatewayUrl}?v=10&encoding=json${transport === "none" ? "" : `&compress=${transport}`}`;
}
