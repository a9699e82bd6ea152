/** Notices which sources have gone silent. A source counts from its first sign of life. */
import type { Clock } from "../clock.ts";

/** Workers give a sign of life every 10 s; two may be lost. */
export const SILENT_AFTER_MS = 25_000;

export interface SourceFreshness {
  heard(source: string): void;
  /** Unix ms, or `undefined` when this process has not heard of the source. */
  lastHeardMs(source: string): number | undefined;
  isSilent(source: string): boolean;
  close(): void;
}

export function createSourceFreshness(clock: Clock, onSilent: (source: string) => void): SourceFreshness {
  const heardAtMs = new Map<string, number>();
  const timers = new Map<string, () => void>();

  function leftMs(source: string): number {
    return (heardAtMs.get(source) ?? 0) + SILENT_AFTER_MS - clock.nowMs();
  }

  /** One timer per source, moved only when it fires: a delivery costs a write to a map. */
  function watch(source: string, delayMs: number): void {
    timers.set(
      source,
      clock.after(delayMs, () => {
        timers.delete(source);
        if (leftMs(source) > 0) watch(source, leftMs(source));
        else onSilent(source);
      }),
    );
  }

  return {
    heard(source) {
      heardAtMs.set(source, clock.nowMs());
      if (!timers.has(source)) watch(source, SILENT_AFTER_MS);
    },
    lastHeardMs: (source) => heardAtMs.get(source),
    isSilent: (source) => leftMs(source) <= 0,
    close() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
