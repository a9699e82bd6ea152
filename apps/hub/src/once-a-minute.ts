/** What strangers can make happen as often as they like is told at once, and then once a minute with how often it was. */
import type { Clock } from "@guildwire/runtime";

const TELL_AGAIN_AFTER_MS = 60_000;

/** `tell` is called with how often it happened since it was told last. Kinds are few: each is kept for good. */
export function onceAMinute<Kind extends string>(
  clock: Pick<Clock, "monotonicMs">,
  tell: (kind: Kind, times: number) => void,
): (kind: Kind) => void {
  const told = new Map<Kind, { atMs: number; untold: number }>();
  return (kind) => {
    const last = told.get(kind) ?? { atMs: Number.NEGATIVE_INFINITY, untold: 0 };
    told.set(kind, last);
    last.untold += 1;
    if (clock.monotonicMs() - last.atMs < TELL_AGAIN_AFTER_MS) return;
    tell(kind, last.untold);
    last.atMs = clock.monotonicMs();
    last.untold = 0;
  };
}
