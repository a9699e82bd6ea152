/**
 * A limit kept ahead of time: so many requests in any window. A request occupies its slot until a window's length after
 * its answer, because Discord counted it at some moment between sending and answer. So no window of Discord's can hold
 * more than the limit, wherever its windows begin.
 */
import { ARRIVAL_MAX_MS } from "./limits.ts";

export interface Slot {
  readonly jobId: number;
  readonly freeAtMs: number;
}

export interface Slots {
  readonly taken: readonly Slot[];
  readonly lastTakenAtMs: number;
}

export const NO_SLOTS: Slots = { taken: [], lastTakenAtMs: Number.NEGATIVE_INFINITY };

export interface SlotRule {
  readonly max: number;
  readonly windowMs: number;
  /** From half of the slots on, they are taken one by one, so that a newcomer waits for one turn only. */
  readonly pace: "even" | "any";
}

export function takeSlot(slots: Slots, jobId: number, rule: SlotRule, nowMs: number): Slots {
  const freeAtMs = nowMs + ARRIVAL_MAX_MS + rule.windowMs;
  return { taken: [...occupied(slots, nowMs), { jobId, freeAtMs }], lastTakenAtMs: nowMs };
}

/** The answer is here: Discord counted the request by now at the latest. */
export function answerSlot(slots: Slots, jobId: number, rule: SlotRule, nowMs: number): Slots {
  const taken = slots.taken.map((slot) =>
    slot.jobId === jobId ? { jobId, freeAtMs: Math.min(slot.freeAtMs, nowMs + rule.windowMs) } : slot,
  );
  return { ...slots, taken };
}

/** When the next slot is free: `nowMs` or earlier if one is free now. */
export function slotFreeAtMs(slots: Slots, rule: SlotRule, nowMs: number): number {
  const taken = occupied(slots, nowMs);
  const freeAtMs = taken.map((slot) => slot.freeAtMs).sort((a, b) => a - b);
  const free = rule.max - taken.length;
  if (free <= 0) return freeAtMs[-free] ?? nowMs;
  if (rule.pace === "any" || taken.length < rule.max / 2) return nowMs;
  // What is left lasts until the next slot is free, so that there is never a gap in which a newcomer would wait. Half of
  // the pace makes up for timers that fire late: what the limit allows is used.
  const untilNextMs = (freeAtMs[0] ?? nowMs) - slots.lastTakenAtMs;
  return slots.lastTakenAtMs + Math.max(rule.windowMs / rule.max / 2, untilNextMs / (free + 1));
}

export function areSlotsFree(slots: Slots, nowMs: number): boolean {
  return occupied(slots, nowMs).length === 0;
}

function occupied(slots: Slots, nowMs: number): readonly Slot[] {
  return slots.taken.filter(({ freeAtMs }) => freeAtMs > nowMs);
}
