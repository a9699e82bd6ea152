import { Violation } from "./observation.ts";

/** Turns of the event loop without any movement after which there will be none. */
const IDLE_TURNS = 6;
/** Of real time: far more than loopback ever takes. */
const SETTLE_MS_MAX = 10_000;

/**
 * Resolves when nothing has moved for some turns of the event loop. Both ends of every socket live in it, and on one
 * machine what was written is there to be read in the next turn, so none can lag behind.
 *
 * `movement` differs whenever something has happened; while `busy`, something is known to be under way.
 */
export async function settle(movement: () => string, busy: () => boolean): Promise<void> {
  const startedAtMs = performance.now();
  let before = movement();
  for (let idleTurns = 0; idleTurns < IDLE_TURNS || busy(); ) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = movement();
    idleTurns = now === before ? idleTurns + 1 : 0;
    before = now;
    if (performance.now() - startedAtMs > SETTLE_MS_MAX) {
      throw new Violation("everything comes to rest", now);
    }
  }
}
