import type { PassedOver } from "./frame-scan.ts";

/** Discord has fewer than a hundred names of dispatches. */
const NAMES_MAX = 128;
const OTHER = "other";

/**
 * Dispatches that the scan passed over, gathered into runs of sequences without a gap: a bot of a thousand servers gets
 * hundreds of them in one turn of the event loop, and to the session machine they say no more than one would. A run
 * ends with the turn, or before anything else that happens.
 */
export class PassedOverDispatches {
  readonly #tell: (connection: number, firstSeq: number, lastSeq: number) => void;
  readonly #flushLater = (): void => this.flush();
  readonly #counts = new Map<string, { passed: number }>();
  #connection = 0;
  #firstSeq = 0;
  /** Below `#firstSeq` = no run is open. */
  #lastSeq = -1;

  /** `tell` is given each run. */
  constructor(tell: (connection: number, firstSeq: number, lastSeq: number) => void) {
    this.#tell = tell;
  }

  add(connection: number, { seq, name }: PassedOver): void {
    this.#countOf(name).passed += 1;
    if (seq === this.#lastSeq + 1 && connection === this.#connection && this.#isOpen) {
      this.#lastSeq = seq;
      return;
    }
    this.flush();
    this.#connection = connection;
    this.#firstSeq = seq;
    this.#lastSeq = seq;
    queueMicrotask(this.#flushLater);
  }

  flush(): void {
    if (!this.#isOpen) return;
    const [first, last] = [this.#firstSeq, this.#lastSeq];
    this.#lastSeq = first - 1;
    this.#tell(this.#connection, first, last);
  }

  /** How many of each name; names beyond the bound are counted together. */
  byName(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#counts, ([name, { passed }]) => [name, passed]));
  }

  get #isOpen(): boolean {
    return this.#lastSeq >= this.#firstSeq;
  }

  #countOf(name: string): { passed: number } {
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    if (this.#counts.size >= NAMES_MAX && name !== OTHER) return this.#countOf(OTHER);
    const fresh = { passed: 0 };
    this.#counts.set(name, fresh);
    return fresh;
  }
}
