/** What happened between a client and the simulator, in order, as the tap between them saw it. */

export type Door = "main" | "resume";

export type Moment =
  /** An upgrade was asked for; `atMs` is when its TCP connection was accepted. */
  | { readonly kind: "dial"; readonly connection: number; readonly door: Door }
  /** The upgrade was answered with HTTP 503. */
  | { readonly kind: "refused"; readonly connection: number }
  /** A frame of the client's. `seq` and `sessionId` are those of a Resume. */
  | {
      readonly kind: "sent";
      readonly connection: number;
      readonly door: Door;
      readonly op: number;
      readonly seq: number | null;
      readonly sessionId: string | null;
    }
  /** A frame passed on to the client. */
  | {
      readonly kind: "got";
      readonly connection: number;
      readonly op: number;
      readonly t: string | null;
      readonly s: number | null;
      readonly sessionId: string | null;
    }
  /** A frame passed on to the client with its second half cut off. */
  | { readonly kind: "truncated"; readonly connection: number; readonly s: number | null }
  | {
      readonly kind: "closeFrame";
      readonly connection: number;
      readonly from: "client" | "server";
      readonly code: number;
    }
  | { readonly kind: "gone"; readonly connection: number }
  /** The client's process ended. `code` is `null` when a signal ended it. */
  | { readonly kind: "exit"; readonly code: number | null };

export type Timed<M = Moment> = M & { readonly atMs: number };

/** Bounded: a client that spins fills it, and what matters has been seen by then. */
const MOMENTS_MAX = 200_000;

export class Timeline {
  readonly #moments: Timed[] = [];
  readonly #listeners = new Set<(moment: Timed) => void>();

  /** Milliseconds since this process started; the only clock of a trial. */
  nowMs(): number {
    return performance.now();
  }

  add(moment: Moment, atMs: number = this.nowMs()): void {
    const timed: Timed = { ...moment, atMs };
    if (this.#moments.length < MOMENTS_MAX) this.#moments.push(timed);
    for (const listener of [...this.#listeners]) listener(timed);
  }

  onMoment(listener: (moment: Timed) => void): void {
    this.#listeners.add(listener);
  }

  /** All moments from `fromMs` on that pass the test. */
  since<M extends Timed>(fromMs: number, test: (moment: Timed) => moment is M): readonly M[];
  since(fromMs: number, test: (moment: Timed) => boolean): readonly Timed[];
  since(fromMs: number, test: (moment: Timed) => boolean): readonly Timed[] {
    return this.#moments.filter((moment) => moment.atMs >= fromMs && test(moment));
  }

  /** The first moment from `fromMs` on that passes the test, waited for until `fromMs + withinMs`. */
  async first<M extends Timed>(
    fromMs: number,
    withinMs: number,
    test: (moment: Timed) => moment is M,
  ): Promise<M | undefined> {
    const seen = this.since(fromMs, test)[0];
    if (seen !== undefined) return seen;
    const { promise, resolve } = Promise.withResolvers<M | undefined>();
    const listener = (moment: Timed): void => {
      if (moment.atMs >= fromMs && test(moment)) resolve(moment);
    };
    this.#listeners.add(listener);
    const timer = setTimeout(() => resolve(undefined), Math.max(0, fromMs + withinMs - this.nowMs()));
    const found = await promise;
    clearTimeout(timer);
    this.#listeners.delete(listener);
    return found;
  }
}

type Kind<K extends Moment["kind"]> = Timed<Extract<Moment, { kind: K }>>;

export const isDial = (moment: Timed): moment is Kind<"dial"> => moment.kind === "dial";
export const isExit = (moment: Timed): moment is Kind<"exit"> => moment.kind === "exit";
export const isTruncated = (moment: Timed): moment is Kind<"truncated"> => moment.kind === "truncated";
export const isBeat = (moment: Timed): moment is Kind<"sent"> => moment.kind === "sent" && moment.op === 1;
export const isIdentify = (moment: Timed): moment is Kind<"sent"> =>
  moment.kind === "sent" && moment.op === 2;
export const isResume = (moment: Timed): moment is Kind<"sent"> => moment.kind === "sent" && moment.op === 6;
export const isClaim = (moment: Timed): moment is Kind<"sent"> => isIdentify(moment) || isResume(moment);
export const isLive = (moment: Timed): moment is Kind<"got"> =>
  moment.kind === "got" && (moment.t === "READY" || moment.t === "RESUMED");
