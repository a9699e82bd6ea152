/** What the process notes of itself every second: how late its event loop is, and what memory it takes. */
import type { Clock } from "@guildwire/runtime";
import { LoopDelay, type MemoryFacts, MemoryWatch, memoryFacts, TURN_MS_MAX } from "@guildwire/runtime";
import { ERROR_CODES } from "@guildwire/runtime/errors";
import type { Histogram } from "@guildwire/runtime/metrics";
import type { Log } from "../log.ts";

const TURN_MS = 1_000;

export interface ProcessSigns {
  loop(): { readonly delayMs: number; readonly delayMsMax: number };
  memory(): MemoryFacts;
  /** What does not move, in words; `null` when all does. */
  stuck(): string | null;
  close(): void;
}

export interface ProcessSignsParts {
  readonly clock: Pick<Clock, "after" | "monotonicMs">;
  readonly log: Log;
  readonly loopDelaySeconds: Pick<Histogram, "observe">;
  readonly readMemory?: () => MemoryFacts;
}

export function createProcessSigns(parts: ProcessSignsParts): ProcessSigns {
  const { clock, log, loopDelaySeconds, readMemory = memoryFacts } = parts;
  const loop = new LoopDelay(clock.monotonicMs());
  const memoryWatch = new MemoryWatch();
  let cancel = clock.after(TURN_MS, turn);

  function turn(): void {
    cancel = clock.after(TURN_MS, turn);
    loop.noteTurn(clock.monotonicMs(), TURN_MS);
    loopDelaySeconds.observe(loop.delayMs / 1_000);
    const { residentBytes, limitBytes } = readMemory();
    if (!memoryWatch.note(residentBytes, limitBytes)) return;
    const { code: errorCode, name: errorName } = ERROR_CODES.memoryLimit;
    log.warn(
      "memory_high",
      { errorCode, errorName, residentBytes, limitBytes },
      `${errorCode} more than nine tenths of the memory are taken; above the limit the platform kills the hub`,
    );
  }

  return {
    loop: () => ({ delayMs: Math.round(loop.delayMs), delayMsMax: Math.round(loop.delayMsMax) }),
    memory: readMemory,
    stuck: () => (clock.monotonicMs() - loop.lastTurnAtMs > TURN_MS_MAX ? "timers do not fire" : null),
    close: () => cancel(),
  };
}
