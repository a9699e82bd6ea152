/**
 * Notices which sources have gone silent. A source counts from its last heartbeat, also when an earlier process of this
 * hub received it: a restart neither proves that a worker lives nor that it does not. Everything is measured on the
 * monotonic clock, so that a wall clock that is set back cannot keep a dead worker alive.
 */
import type { Clock } from "@guildwire/runtime";

/** Workers give a sign of life every 10 s; two may be lost. */
export const SILENT_AFTER_MS = 25_000;
/** Until a silence that could not be told is told again. */
export const TELL_AGAIN_AFTER_MS = 5_000;

/** Resolves to whether it is settled; if not, it is told again. Never rejects. */
export type OnSilent = (source: string) => Promise<boolean>;

export interface SourceFreshness {
  /** `agoMs`: when another process received it. */
  heard(source: string, agoMs?: number): void;
  /**
   * A source that an earlier process last heard so many milliseconds ago. Resolves at once, or, if it has been silent
   * for too long already, when that has been reported.
   */
  watch(source: string, silentForMs: number): Promise<void>;
  /** Milliseconds since it was last heard; `undefined` when the source is not known. */
  silentForMs(source: string): number | undefined;
  isSilent(source: string): boolean;
  count(): { readonly heard: number; readonly silent: number };
  close(): void;
}

export function createSourceFreshness(clock: Clock, onSilent: OnSilent): SourceFreshness {
  const heardAtMs = new Map<string, number>();
  const timers = new Map<string, () => void>();
  let isClosed = false;

  function leftMs(source: string): number {
    return (heardAtMs.get(source) ?? Number.NEGATIVE_INFINITY) + SILENT_AFTER_MS - clock.monotonicMs();
  }

  /** One timer per source, moved only when it fires: a delivery costs a write to a map. */
  function look(source: string, delayMs: number): void {
    timers.set(
      source,
      clock.after(delayMs, () => {
        timers.delete(source);
        if (leftMs(source) > 0) look(source, leftMs(source));
        else void tell(source);
      }),
    );
  }

  async function tell(source: string): Promise<void> {
    const settled = await onSilent(source);
    // Heard meanwhile: then it is being watched again.
    if (!settled && !isClosed && !timers.has(source)) look(source, TELL_AGAIN_AFTER_MS);
  }

  return {
    heard(source, agoMs = 0) {
      heardAtMs.set(source, clock.monotonicMs() - agoMs);
      if (!timers.has(source)) look(source, SILENT_AFTER_MS - agoMs);
    },
    async watch(source, silentForMs) {
      if (heardAtMs.has(source)) return;
      heardAtMs.set(source, clock.monotonicMs() - silentForMs);
      if (leftMs(source) > 0) look(source, leftMs(source));
      else await tell(source);
    },
    silentForMs(source) {
      const atMs = heardAtMs.get(source);
      return atMs === undefined ? undefined : clock.monotonicMs() - atMs;
    },
    isSilent: (source) => leftMs(source) <= 0,
    count() {
      const silent = [...heardAtMs.keys()].filter((source) => leftMs(source) <= 0).length;
      return { heard: heardAtMs.size - silent, silent };
    },
    close() {
      isClosed = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
