/**
 * One commit in flight; what arrives meanwhile forms the next one, and all of it shares the one wait for the disk.
 * Rules:
 *   GROUP-1  Parts are written in the order in which they came; each promise resolves after its part is stored.
 *   GROUP-2  After a failure every part rejects, those that come later too: what they assume is not stored.
 */

interface Waiting<Part, Result> {
  readonly part: Part;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit<Part, Result> {
  readonly #write: (parts: readonly Part[]) => Promise<readonly Result[]>;
  #waiting: Waiting<Part, Result>[] = [];
  #running: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** `write` stores all parts in one transaction and returns a result for each. */
  constructor(write: (parts: readonly Part[]) => Promise<readonly Result[]>) {
    this.#write = write;
  }

  /** Resolves when the part is stored. Rejects with the first failure of this store. */
  commit(part: Part): Promise<Result> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.push({ part, resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  /** Resolves when nothing is in flight. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const results = await this.#write(group.map(({ part }) => part));
        for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
      } catch (error) {
        this.#failure = { error };
        for (const { reject } of [...group, ...this.#waiting]) reject(error);
        this.#waiting = [];
      }
    }
    this.#running = undefined;
  }
}
