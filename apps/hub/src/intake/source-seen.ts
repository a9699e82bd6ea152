/**
 * How long ago each source was last received, hop by hop, and when to tell who follows it.
 *
 * Rules:
 *   N1  A delivery is told of at once, or, if another was within `TELL_APART_MS`, when that has passed.
 *   N2  Without one it is told every `TELL_AT_LEAST_MS`: so a page that receives nothing for longer knows that it is the
 *       hub that is silent, and a page that does knows that it is the worker.
 *   N3  Ages leave the hub, and come from the worker's own clock: nobody's wall clock is compared with another's.
 */
import type { ReceivedDelivery } from "@guildwire/events";
import type { Clock } from "@guildwire/runtime";

export const TELL_APART_MS = 5_000;
/** A second more than workers are silent when nothing happens. */
export const TELL_AT_LEAST_MS = 11_000;

export interface Seen {
  /** Milliseconds since the hub last received anything of the worker. */
  readonly workerAgeMs: number;
  /** Milliseconds since the worker last received anything of Discord; `null` while that is not known. */
  readonly discordAgeMs: number | null;
}

export interface SourceSeen {
  /** A source that an earlier process last received so many milliseconds ago. */
  restore(source: string, workerAgeMs: number): void;
  /** `sentAtMs`: when the delivery was signed, by the worker's clock. */
  received(delivery: ReceivedDelivery, sentAtMs: number): void;
  /** The worker lives; Discord was last received so long ago, `null` when that is not said. */
  alive(source: string, discordAgeMs: number | null): void;
  /** Another process of the hub received it so many milliseconds ago. */
  heardElsewhere(source: string, workerAgeMs: number): void;
  of(source: string): Seen | undefined;
  close(): void;
}

/** On the monotonic clock. */
interface Times {
  readonly workerMs: number;
  readonly discordMs: number | null;
}

interface Watched {
  readonly times: Times;
  readonly toldAtMs: number;
  readonly cancel: () => void;
}

export function createSourceSeen(clock: Clock, tell: (source: string) => void): SourceSeen {
  const sources = new Map<string, Watched>();

  /** Tells now, and again in time. */
  function tellNow(source: string, times: Times): void {
    sources.get(source)?.cancel();
    sources.set(source, {
      times,
      toldAtMs: clock.monotonicMs(),
      cancel: tellAfter(source, TELL_AT_LEAST_MS),
    });
    tell(source);
  }

  function tellAfter(source: string, delayMs: number): () => void {
    return clock.after(delayMs, () => {
      const watched = sources.get(source);
      if (watched !== undefined) tellNow(source, watched.times);
    });
  }

  function note(source: string, ageMs: number | null): void {
    const nowMs = clock.monotonicMs();
    const watched = sources.get(source);
    const before = watched?.times.discordMs ?? null;
    const discordMs = ageMs === null ? before : Math.max(before ?? Number.NEGATIVE_INFINITY, nowMs - ageMs);
    const times = { workerMs: nowMs, discordMs };
    const waitMs = watched === undefined ? 0 : watched.toldAtMs + TELL_APART_MS - nowMs;
    if (watched === undefined || waitMs <= 0) {
      tellNow(source, times);
      return;
    }
    watched.cancel();
    sources.set(source, { ...watched, times, cancel: tellAfter(source, waitMs) });
  }

  return {
    restore(source, workerAgeMs) {
      if (!sources.has(source))
        tellNow(source, { workerMs: clock.monotonicMs() - workerAgeMs, discordMs: null });
    },
    received(delivery, sentAtMs) {
      note(delivery.source, discordAgeMs(delivery, sentAtMs));
    },
    alive: note,
    heardElsewhere(source, workerAgeMs) {
      const discordMs = sources.get(source)?.times.discordMs ?? null;
      tellNow(source, { workerMs: clock.monotonicMs() - workerAgeMs, discordMs });
    },
    of(source) {
      const times = sources.get(source)?.times;
      if (times === undefined) return undefined;
      const nowMs = clock.monotonicMs();
      const { workerMs, discordMs } = times;
      return {
        workerAgeMs: Math.round(nowMs - workerMs),
        discordAgeMs: discordMs === null ? null : Math.round(nowMs - discordMs),
      };
    },
    close() {
      for (const { cancel } of sources.values()) cancel();
      sources.clear();
    },
  };
}

/** How long ago, when this was sent, Discord was last received; `null` when the delivery does not say. */
function discordAgeMs({ events }: ReceivedDelivery, sentAtMs: number): number | null {
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { known, event } of events) {
    if (!known) continue;
    if (event.type === "source.status")
      newestMs = Math.max(newestMs, Date.parse(event.data.receivedAt ?? ""));
    // These follow from a dispatch of Discord's.
    else if (/^(voice|room)\./.test(event.type)) newestMs = Math.max(newestMs, Date.parse(event.timestamp));
  }
  return Number.isFinite(newestMs) ? Math.max(0, sentAtMs - newestMs) : null;
}
