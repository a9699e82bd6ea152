/** Frames through a chain that is set: as many as it takes, or one at a time. What it costs is read from outside. */
import { setTimeout as pause } from "node:timers/promises";
import type { Stage } from "./subject.ts";

const FRAMES_AT_ONCE = 32;
const LOOK_AGAIN_MS = 5;
const ANSWER_MS_MAX = 30_000;

export interface Throughput {
  readonly eventsPerS: number;
  readonly senderMicrosPerEvent: number;
  readonly receiverMicrosPerEvent: number;
  readonly eventsPerPost: number;
}

/** After `warmUpMs`, for `measuredMs`. */
export async function throughput(stage: Stage, warmUpMs: number, measuredMs: number): Promise<Throughput> {
  const source = new Source(stage);
  await source.keepFull(warmUpMs);
  const before = countsOf(stage);
  await source.keepFull(measuredMs);
  const after = countsOf(stage);
  const events = after.acked - before.acked;
  if (events === 0) throw new Error("nothing was acknowledged in the time measured");
  return {
    eventsPerS: (events / (after.atMs - before.atMs)) * 1_000,
    senderMicrosPerEvent: ((after.senderCpuMs - before.senderCpuMs) / events) * 1_000,
    receiverMicrosPerEvent: ((after.receiverCpuMs - before.receiverCpuMs) / events) * 1_000,
    eventsPerPost: events / Math.max(1, after.answers - before.answers),
  };
}

function countsOf(stage: Stage) {
  return {
    atMs: performance.now(),
    acked: stage.acked,
    answers: stage.link.answers,
    senderCpuMs: stage.sender.cpuMs(),
    receiverCpuMs: stage.receiver.cpuMs(),
  };
}

class Source {
  readonly #stage: Stage;
  #sent = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async keepFull(forMs: number): Promise<void> {
    const { discord, link, subject } = this.#stage;
    const untilMs = performance.now() + forMs;
    while (performance.now() < untilMs) {
      while (discord.hasRoom && this.#sent - this.#stage.acked <= subject.underWayMax - FRAMES_AT_ONCE) {
        discord.speak(FRAMES_AT_ONCE);
        this.#sent += FRAMES_AT_ONCE;
      }
      await link.movedWithin(LOOK_AGAIN_MS);
    }
  }
}

/** So many frames, one after the other with a rest between: ms from writing each to reading that it is committed. */
export async function latencies(stage: Stage, frames: number, restMs: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let frame = 0; frame < frames; frame += 1) {
    const { acked } = stage;
    const writtenAtMs = performance.now();
    stage.discord.speak(1);
    await stage.reached(acked + 1, ANSWER_MS_MAX);
    taken.push(performance.now() - writtenAtMs);
    await pause(restMs);
  }
  return taken;
}

/** Writes so many frames as fast as they are read, whatever becomes of them. */
export async function pour(stage: Stage, frames: number): Promise<void> {
  for (let written = 0; written < frames; written += FRAMES_AT_ONCE) {
    while (!stage.discord.hasRoom) await pause(1);
    stage.discord.speak(Math.min(FRAMES_AT_ONCE, frames - written));
  }
}
