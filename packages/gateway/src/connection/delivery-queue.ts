import type { RawDispatch } from "./incoming.ts";

/** Dispatches of one session that reached the process in one turn of its event loop, in order. */
export interface DispatchBatch {
  readonly session: { readonly id: string; readonly resumeUrl: string };
  readonly dispatches: readonly RawDispatch[];
  /** Sequence of the last one: what is safe to claim once the batch is stored. */
  readonly lastSeq: number;
}

export interface DeliveryQueueOptions {
  /** The consumer; the next batch waits until this one is done. */
  readonly consume: (batch: DispatchBatch) => void | Promise<void>;
  /** The consumer threw or rejected: nothing more is handed to it. */
  readonly onFailure: (error: unknown) => void;
  /** More waits than the bound (`true`): reading should stop until `false` is said. */
  readonly onFull: (full: boolean) => void;
}

/** Above this many dispatches waiting the socket is paused; below half of it, it is read again. */
const WAITING_MAX = 2_048;

/**
 * Groups dispatches by turn of the event loop, so that a consumer can store many with one commit, and hands over one
 * group at a time. Bounded: a consumer that falls behind makes the client stop reading.
 */
export interface DeliveryQueue {
  push(session: DispatchBatch["session"], dispatch: RawDispatch): void;
  /** Resolves when all that was pushed so far has been consumed. */
  drained(): Promise<void>;
}

export function createDeliveryQueue(options: DeliveryQueueOptions): DeliveryQueue {
  let waiting: { session: DispatchBatch["session"]; dispatch: RawDispatch }[] = [];
  let running: Promise<void> | undefined;
  let full = false;
  let failed = false;

  async function run(): Promise<void> {
    while (waiting.length > 0 && !failed) {
      const batch = takeBatch();
      try {
        await options.consume(batch);
      } catch (error) {
        failed = true;
        waiting = [];
        options.onFailure(error);
      }
      if (full && waiting.length < WAITING_MAX / 2) {
        full = false;
        options.onFull(false);
      }
    }
    running = undefined;
  }

  function takeBatch(): DispatchBatch {
    const first = waiting[0];
    if (first === undefined) throw new Error("invariant broken: a batch is taken from dispatches that wait");
    let end = waiting.findIndex((entry) => entry.session.id !== first.session.id);
    if (end === -1) end = waiting.length;
    const dispatches = waiting.splice(0, end).map((entry) => entry.dispatch);
    const lastSeq = dispatches.at(-1)?.seq ?? first.dispatch.seq;
    return { session: first.session, dispatches, lastSeq };
  }

  return {
    push(session, dispatch) {
      if (failed) return;
      waiting.push({ session, dispatch });
      running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(run);
      if (!full && waiting.length > WAITING_MAX) {
        full = true;
        options.onFull(true);
      }
    },
    async drained() {
      while (running !== undefined) await running;
    },
  };
}
