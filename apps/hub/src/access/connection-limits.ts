/**
 * How many sockets may be open, and how fast they may come: asked before the handshake, so that a stranger costs next
 * to nothing. What is counted is what is open, so memory is bounded by the sockets.
 */
export interface ConnectionLimitRules {
  /** All of this process. */
  readonly connectionsMax: number;
  readonly perAddressMax: number;
  /** Of one `sub` of tickets. */
  readonly perUserMax: number;
}

/** Sockets that have not said who they are yet; each has 5 s for it. */
export const UNGREETED_MAX = 2_000;
export const UNGREETED_PER_ADDRESS_MAX = 50;
/** Handshakes cost about 0.1 ms of processor each. */
export const ACCEPTS_PER_SECOND = 500;

export type LimitReached = "process" | "address" | "ungreeted" | "ungreeted_address" | "rate";

export interface Seat {
  /** Whether this user may have one more socket. A user who sits here already has room. */
  hasRoomFor(user: string | null): boolean;
  /** The socket has been let in. */
  greeted(user: string | null): void;
  leave(): void;
}

export type SeatOutcome =
  | { readonly ok: true; readonly seat: Seat }
  | { readonly ok: false; readonly why: LimitReached };

export interface ConnectionLimits {
  take(address: string, nowMs: number): SeatOutcome;
  openCount(): number;
  ungreetedCount(): number;
}

export function createConnectionLimits(rules: ConnectionLimitRules): ConnectionLimits {
  const open = tally();
  const ungreeted = tally();
  const users = tally();
  let budget = ACCEPTS_PER_SECOND;
  let budgetAtMs = Number.NEGATIVE_INFINITY;

  function refill(nowMs: number): void {
    const refilled = (Math.max(0, nowMs - budgetAtMs) / 1_000) * ACCEPTS_PER_SECOND;
    budget = Math.min(ACCEPTS_PER_SECOND, budget + refilled);
    budgetAtMs = nowMs;
  }

  function reached(address: string): LimitReached | undefined {
    if (open.total() >= rules.connectionsMax) return "process";
    if (ungreeted.total() >= UNGREETED_MAX) return "ungreeted";
    if (open.of(address) >= rules.perAddressMax) return "address";
    if (ungreeted.of(address) >= UNGREETED_PER_ADDRESS_MAX) return "ungreeted_address";
    return budget < 1 ? "rate" : undefined;
  }

  function seatOf(address: string): Seat {
    let state: "ungreeted" | "greeted" | "left" = "ungreeted";
    let user: string | null = null;
    return {
      hasRoomFor: (name) => name === null || name === user || users.of(name) < rules.perUserMax,
      greeted(name) {
        if (state !== "ungreeted") return;
        ungreeted.remove(address);
        state = "greeted";
        user = name;
        if (user !== null) users.add(user);
      },
      leave() {
        if (state === "left") return;
        if (state === "ungreeted") ungreeted.remove(address);
        state = "left";
        open.remove(address);
        if (user !== null) users.remove(user);
      },
    };
  }

  return {
    take(address, nowMs) {
      refill(nowMs);
      const why = reached(address);
      if (why !== undefined) return { ok: false, why };
      budget -= 1;
      open.add(address);
      ungreeted.add(address);
      return { ok: true, seat: seatOf(address) };
    },
    openCount: () => open.total(),
    ungreetedCount: () => ungreeted.total(),
  };
}

interface Tally {
  of(name: string): number;
  total(): number;
  add(name: string): void;
  remove(name: string): void;
}

/** How many of each name; a name of which there are none takes no room. */
function tally(): Tally {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    of: (name) => counts.get(name) ?? 0,
    total: () => total,
    add(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      total += 1;
    },
    remove(name) {
      const left = (counts.get(name) ?? 0) - 1;
      if (left > 0) counts.set(name, left);
      else counts.delete(name);
      total -= 1;
    },
  };
}
