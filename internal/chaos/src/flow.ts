/**
 * One direction of a connection. Pieces leave in the order in which they came, whatever becomes of the line meanwhile:
 * a timer each would let a piece that meets a faster line overtake one whose timer is late.
 */
import type { Readable, Writable } from "node:stream";

/** Held back at most; then the sender waits. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;

interface Held {
  readonly leavesAtMs: number;
  /** `undefined`: the sender has ended. */
  readonly piece: Buffer | undefined;
}

export class Flow {
  readonly #from: Readable;
  readonly #to: Writable;
  readonly #held: Held[] = [];
  #heldBytes = 0;
  #isSilent = false;
  #timer: NodeJS.Timeout | undefined;

  /** `latencyMs` is asked for each piece. */
  constructor(from: Readable, to: Writable, latencyMs: () => number) {
    this.#from = from;
    this.#to = to;
    const hold = (piece: Buffer | undefined) => {
      this.#held.push({ leavesAtMs: performance.now() + latencyMs(), piece });
      this.#heldBytes += piece?.byteLength ?? 0;
      this.#letLeave();
    };
    from.on("data", hold);
    from.on("end", () => hold(undefined));
  }

  /** While it is, nothing leaves. */
  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
    this.#letLeave();
  }

  #letLeave(): void {
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    while (!this.#isSilent && (this.#held[0]?.leavesAtMs ?? Number.POSITIVE_INFINITY) <= nowMs) this.#leave();
    if (this.#heldBytes > HELD_BYTES_MAX) this.#from.pause();
    else if (this.#from.isPaused()) this.#from.resume();
    const next = this.#held[0];
    if (next !== undefined && !this.#isSilent)
      this.#timer = setTimeout(() => this.#letLeave(), Math.ceil(next.leavesAtMs - nowMs));
  }

  #leave(): void {
    const piece = this.#held.shift()?.piece;
    this.#heldBytes -= piece?.byteLength ?? 0;
    if (this.#to.destroyed) return;
    if (piece === undefined) this.#to.end();
    else this.#to.write(piece);
  }
}
