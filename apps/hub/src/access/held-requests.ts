/**
 * Requests that are answered later or little by little: long polls and event streams. Each holds a connection, so
 * there are bounds for all together and for one address; beyond them a request is refused and told when to come again.
 */
export const HELD_MAX = 10_000;
/** Many people may share an address; more than a browser needs for its tabs. */
export const HELD_PER_ADDRESS_MAX = 64;

export type Hold = { readonly ok: true; release(): void } | { readonly ok: false; readonly why: HoldRefusal };
export type HoldRefusal = "process_full" | "address_full" | "closing";

export interface HeldRequests {
  /** `onClosing` is called once when the hub stops; the request is to end soon. */
  hold(address: string, onClosing: () => void): Hold;
  count(): number;
  /** Ends them all, and refuses new ones from now on. */
  close(): void;
}

/** `connectionsFree`: how many more this process may hold besides sockets; the system may allow fewer than the bound. */
export function createHeldRequests(connectionsFree: () => number): HeldRequests {
  const perAddress = new Map<string, number>();
  const held = new Set<() => void>();
  let isClosing = false;

  function refusal(address: string): HoldRefusal | undefined {
    if (isClosing) return "closing";
    if (held.size >= Math.min(HELD_MAX, connectionsFree())) return "process_full";
    return (perAddress.get(address) ?? 0) >= HELD_PER_ADDRESS_MAX ? "address_full" : undefined;
  }

  return {
    hold(address, onClosing) {
      const why = refusal(address);
      if (why !== undefined) return { ok: false, why };
      const end = (): void => onClosing();
      held.add(end);
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
      return {
        ok: true,
        release() {
          if (!held.delete(end)) return;
          const left = (perAddress.get(address) ?? 1) - 1;
          if (left === 0) perAddress.delete(address);
          else perAddress.set(address, left);
        },
      };
    },
    count: () => held.size,
    close() {
      isClosing = true;
      for (const end of [...held]) end();
    },
  };
}
