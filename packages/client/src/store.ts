/** A value that changes, in the shape React's `useSyncExternalStore` and every other framework can use. */
export interface Store<T> {
  /** Returns a function that ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** The same object until something changed. */
  getSnapshot(): T;
}

/** The writing end of a store. */
export class Cell<T> implements Store<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly getSnapshot = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    // A wrapper of its own: the same function may subscribe twice.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        report(error);
      }
    }
  }
}

/** A listener's fault is its page's to hear of, and nobody else's to suffer from. */
function report(error: unknown): void {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else
    queueMicrotask(() => {
      throw error;
    });
}
