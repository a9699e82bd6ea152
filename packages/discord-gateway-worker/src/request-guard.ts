/**
 * Which requests to Discord's Gateway may still be sent. An answer that breaks the connection would break every
 * connection on which it is asked for again. Rules of this file, pure but for its memory:
 *   - a loss within 10 s of a request that is not answered yet counts against the request;
 *   - an answer clears it;
 *   - at the second loss in a row the request is given up for the life of the process, at once when Discord closed with
 *     4001 (unknown opcode).
 *
 * Times are monotonic milliseconds.
 */
import { GatewayCloseCode } from "@guildwire/discord-wire";

export const BLAMED_WITHIN_MS = 10_000;
export const LOSSES_MAX = 2;

export type GivenUp<Kind> = { readonly kind: Kind; readonly why: "unknown_opcode" | "losses" };

export class RequestGuard<Kind extends string> {
  readonly #sentAtMs = new Map<Kind, number>();
  readonly #losses = new Map<Kind, number>();
  readonly #givenUp = new Set<Kind>();

  maySend(kind: Kind): boolean {
    return !this.#givenUp.has(kind);
  }

  sent(kind: Kind, nowMs: number): void {
    this.#sentAtMs.set(kind, nowMs);
  }

  answered(kind: Kind): void {
    this.#sentAtMs.delete(kind);
    this.#losses.delete(kind);
  }

  /** The request did not leave. */
  notSent(kind: Kind): void {
    this.#sentAtMs.delete(kind);
  }

  /** The connection was lost. Returns the requests that are given up with it. */
  lost(closeCode: number | null, nowMs: number): readonly GivenUp<Kind>[] {
    const pending = [...this.#sentAtMs].filter(([, atMs]) => nowMs - atMs <= BLAMED_WITHIN_MS);
    this.#sentAtMs.clear();
    const isUnknown = closeCode === GatewayCloseCode.UnknownOpcode;
    return pending.flatMap(([kind]) => {
      const losses = (this.#losses.get(kind) ?? 0) + 1;
      this.#losses.set(kind, losses);
      if (!isUnknown && losses < LOSSES_MAX) return [];
      this.#givenUp.add(kind);
      return [{ kind, why: isUnknown ? "unknown_opcode" : "losses" } as const];
    });
  }
}
