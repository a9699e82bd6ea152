import type { RawDispatch } from "./incoming.ts";

/**
 * Dispatches of one session that reached the process together, in order. Those that a filter passed over are not among
 * them, so the list may be empty.
 */
export interface DispatchBatch {
  readonly session: { readonly id: string; readonly resumeUrl: string };
  readonly dispatches: readonly RawDispatch[];
  /** Sequence of the last one, passed over or not: what is safe to claim once the batch is stored. */
  readonly lastSeq: number;
}

export interface DeliveryQueueOptions {
  /** The consumer; the next batch waits until this one is done. */
  readonly consume: (batch: DispatchBatch) => void | Promise<void>;
  /** The consumer threw or rejected: nothing more is handed to it. */
  readonly onFailure: (error: unknown) => void;
  /** There is room again after `isFull`. */
  readonly onRoom: () => void;
}

/** Above this many dispatches waiting the socket is paused; below half of it, it is read again. */
const WAITING_MAX = 2_048;

/**
 * Turns of the event loop in a row that are waited for while each brings more: of a socket that never runs dry each
 * brings 64 KiB, a hundred frames or so, and all of them together take two or three milliseconds.
 */
const GATHERED_TURNS_MAX = 16;

/**
 * Groups dispatches that come together, so that a consumer can store many with one commit, and hands over one group at a
 * time: what came in one turn of the event loop, and in the turns right behind it while the socket has more. A dispatch
 * by itself waits for nothing. Bounded: a consumer that falls behind makes the client stop reading.
 */
export interface DeliveryQueue {
  /** `dispatch` is `null` for one that was passed over: only its sequence counts. */
  push(session: DispatchBatch["session"], seq: number, dispatch: RawDispatch | null): void;
  /** Resolves when all that was pushed so far has been consumed. */
  drained(): Promise<void>;
  /** More waits than the bound: whoever pushes should stop reading until `onRoom`. */
  readonly isFull: boolean;
}

export function createDeliveryQueue(options: DeliveryQueueOptions): DeliveryQueue {
  /** One open batch per session, the newest last; there is more than one only around a new session. */
  let waiting: OpenBatch[] = [];
  let waitingCount = 0;
  let running: Promise<void> | undefined;
  let moreCame = false;
  let full = false;
  let failed = false;

  async function gather(): Promise<void> {
    await nextTurn();
    for (let turn = 1; turn < GATHERED_TURNS_MAX && !full; turn += 1) {
      moreCame = false;
      await nextTurn();
      if (!moreCame) return;
    }
  }

  async function run(): Promise<void> {
    for (let batch = waiting.shift(); batch !== undefined && !failed; batch = waiting.shift()) {
      waitingCount -= batch.dispatches.length;
      try {
        await options.consume(batch);
      } catch (error) {
        failed = true;
        waiting = [];
        options.onFailure(error);
      }
      if (full && waitingCount < WAITING_MAX / 2) {
        full = false;
        options.onRoom();
      }
    }
    running = undefined;
  }

  function openBatch(session: DispatchBatch["session"]): OpenBatch {
    const newest = waiting.at(-1);
    if (newest !== undefined && newest.session.id === session.id) return newest;
    const batch: OpenBatch = { session, dispatches: [], lastSeq: 0 };
    waiting.push(batch);
    return batch;
  }

  return {
    push(session, seq, dispatch) {
      if (failed) return;
      const batch = openBatch(session);
      batch.lastSeq = seq;
      moreCame = true;
      running ??= gather().then(run);
      if (dispatch === null) return;
      batch.dispatches.push(dispatch);
      waitingCount += 1;
      if (waitingCount > WAITING_MAX) full = true;
    },
    get isFull() {
      return full;
    },
    async drained() {
      while (running !== undefined) await running;
    },
  };
}

interface OpenBatch {
  readonly session: DispatchBatch["session"];
  readonly dispatches: RawDispatch[];
  lastSeq: number;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
