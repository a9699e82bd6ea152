/** The simulator of a run: quiet, and on the time of the run. */
import { createDiscordSim, type DiscordSim } from "@guildwire/discord-sim";
import type { VirtualTime } from "./virtual-time.ts";

export const HEARTBEAT_MS = 41_250;
/** Unix time at which virtual time is 0. */
const EPOCH_MS = 1_790_000_000_000;

/** The simulator is there before the time is, which waits for its sockets. */
export interface SimulatorClock {
  time: VirtualTime | undefined;
}

export function openSimulator(seed: number, clock: SimulatorClock): Promise<DiscordSim> {
  const owner = {};
  return createDiscordSim({
    seed,
    rate: 0,
    startPaused: true,
    people: 8,
    rooms: 4,
    heartbeatIntervalMs: HEARTBEAT_MS,
    clock: {
      nowMs: () => EPOCH_MS + (clock.time?.nowMs ?? 0),
      after: (delayMs, task) => clock.time?.start(owner, delayMs, task) ?? (() => undefined),
    },
  });
}
