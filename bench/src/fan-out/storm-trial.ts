/** Everybody is cut off, misses something, and comes back at once. */
import { setTimeout as pause } from "node:timers/promises";
import { Audience } from "./audience.ts";
import type { FanOutSubject } from "./server.ts";

/** For the server to notice that they are gone, and to be done with it. */
const NOTICED_MS = 2_000;
const APART_MS = 120;
const MISSED_CHANGES = 5;

export interface StormSample {
  readonly microsPerReconnect: number;
  /** Until the last one has what it missed. */
  readonly allLiveMs: number;
  readonly refused: number;
}

export async function stormSample(subject: FanOutSubject, sockets: number): Promise<StormSample> {
  await using server = await subject.start();
  await using audience = Audience.start();
  await audience.open(subject, server, sockets);
  for (let change = 1; change <= MISSED_CHANGES; change += 1) {
    await server.publish(1);
    await audience.reached(change * sockets);
    await pause(APART_MS);
  }
  await audience.cut();
  await pause(NOTICED_MS);
  for (let change = 0; change < MISSED_CHANGES; change += 1) {
    await server.publish(1);
    await pause(APART_MS);
  }
  const before = server.process.cpuMs();
  const { tookMs, refused } = await audience.resume();
  return {
    microsPerReconnect: ((server.process.cpuMs() - before) / sockets) * 1_000,
    allLiveMs: tookMs,
    refused,
  };
}
