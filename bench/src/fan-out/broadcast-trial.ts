/** One server with so many sockets: what a delivery costs it, how long it is held up, how late the deliveries are. */
import { setTimeout as pause } from "node:timers/promises";
import { quantile } from "../suite/samples.ts";
import { Audience } from "./audience.ts";
import { type FanOutServer, type FanOutSubject, stallDuring } from "./server.ts";

/** Our hub gathers what happens within 50 ms, and within 100 from 5,000 sockets on. */
const WINDOW_MS = 50;
const WIDER_WINDOW_MS = 100;
const WIDER_FROM_SOCKETS = 5_000;
/** So that a change is surely by itself. */
const APART_MS = 10;
const SETTLE_MS = 500;
const QUIET_MS = 300;
const WARM_UP_CHANGES = 200;
const MEASURED_WINDOWS_MIN = 8;
export const CHANGES_IN_WINDOW = 10;

export interface BroadcastSample {
  /** Of the whole process, its intake included. */
  readonly microsPerDelivery: number;
  /** What the same changes cost while nobody listens, shared among the deliveries. */
  readonly intakeMicrosPerDelivery: number;
  /** With ten changes in a window of ours; the others are told them at once. */
  readonly microsPerChangeOfTen: number;
  /** The same changes while nobody listens, shared among as many. */
  readonly intakeMicrosPerChangeOfTen: number;
  /** Frames that a socket got for a change of those. */
  readonly framesPerChangeOfTen: number;
  readonly stallMs: number;
  readonly stallCpuMs: number;
  readonly p50LateMs: number;
  readonly p99LateMs: number;
  readonly kilobytesPerSocket: number;
}

export async function broadcastSample(
  subject: FanOutSubject,
  sockets: number,
  changes: number,
): Promise<BroadcastSample> {
  const windowMs = sockets >= WIDER_FROM_SOCKETS ? WIDER_WINDOW_MS : WINDOW_MS;
  await using server = await subject.start();
  await using audience = Audience.start();

  // Code that runs for the first time costs more.
  for (let change = 0; change < WARM_UP_CHANGES; change += 1) await server.publish(1);
  const intakeMs = await cpuOf(server, async () => await oneByOne(server, changes, windowMs));

  const windows = Math.max(MEASURED_WINDOWS_MIN, Math.round(changes / 2));
  const ten = async (): Promise<void> => {
    if (subject.isOurs) await evenly(server, windows, windowMs);
    else await inBursts(server, windows, windowMs);
  };
  const intakeOfTenMs = await cpuOf(server, ten);

  await pause(SETTLE_MS);
  const emptyBytes = server.process.rssBytes();
  await audience.open(subject, server, sockets);
  await pause(SETTLE_MS);
  const kilobytesPerSocket = (server.process.rssBytes() - emptyBytes) / sockets / 1_024;

  const all = async (): Promise<void> => {
    await audience.reset();
    for (let change = 1; change <= changes; change += 1) {
      const atMs = performance.now();
      await server.publish(1);
      await audience.reached(change * sockets);
      await pause(Math.max(0, windowMs + APART_MS - (performance.now() - atMs)));
    }
  };
  await all();
  const aloneMs = await cpuOf(server, all);
  const { lateMs, deliveries } = await audience.counted();
  if (deliveries !== changes * sockets) throw new Error(`${deliveries} deliveries of ${changes} changes`);
  const { longestMs, longestCpuMs } = await stallDuring(server.process, all);

  await audience.reset();
  const togetherMs = await cpuOf(server, async () => {
    await ten();
    await audience.quiet(QUIET_MS);
  });
  const together = await audience.counted();
  const tens = windows * CHANGES_IN_WINDOW;

  const alone = changes * sockets;
  return {
    microsPerDelivery: (aloneMs / alone) * 1_000,
    intakeMicrosPerDelivery: (intakeMs / alone) * 1_000,
    microsPerChangeOfTen: (togetherMs / tens / sockets) * 1_000,
    intakeMicrosPerChangeOfTen: (intakeOfTenMs / tens / sockets) * 1_000,
    framesPerChangeOfTen: together.deliveries / tens / sockets,
    stallMs: longestMs,
    stallCpuMs: longestCpuMs,
    p50LateMs: quantile(lateMs, 0.5),
    p99LateMs: quantile(lateMs, 0.99),
    kilobytesPerSocket,
  };
}

async function oneByOne(server: FanOutServer, changes: number, windowMs: number): Promise<void> {
  for (let change = 0; change < changes; change += 1) {
    await server.publish(1);
    await pause(windowMs + APART_MS);
  }
}

/** As a worker would: what is due goes out together, once what went before has been taken. */
async function evenly(server: FanOutServer, windows: number, windowMs: number): Promise<void> {
  const startedMs = performance.now();
  const apartMs = windowMs / CHANGES_IN_WINDOW;
  const all = windows * CHANGES_IN_WINDOW;
  let published = 0;
  while (published < all) {
    const due = Math.min(all, Math.floor((performance.now() - startedMs) / apartMs) + 1) - published;
    if (due > 0) await server.publish(due);
    published += Math.max(0, due);
    await pause(Math.max(0, startedMs + published * apartMs - performance.now()));
  }
}

/** Ten at once, which a server may write together if it can. */
async function inBursts(server: FanOutServer, windows: number, windowMs: number): Promise<void> {
  for (let window = 0; window < windows; window += 1) {
    await server.publish(CHANGES_IN_WINDOW);
    await pause(windowMs);
  }
}

/** Of the server's process, in ms. */
async function cpuOf({ process }: FanOutServer, work: () => Promise<void>): Promise<number> {
  const before = process.cpuMs();
  await work();
  return process.cpuMs() - before;
}
