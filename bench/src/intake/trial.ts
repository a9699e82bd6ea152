/**
 * One subject takes one recording, and is measured: its memory when it has read the arrival, and its time from the
 * first frame of the burst to the last.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Recording } from "./recording.ts";
import type { Stand } from "./stand-process.ts";
import { type RunningSubject, startSubject } from "./subject-process.ts";
import type { Subject } from "./subject-table.ts";
import type { SubjectReport } from "./subjects/job.ts";

export interface IntakeSample {
  /** User and system time of all threads, per frame. */
  readonly cpuUsPerFrame: number;
  readonly framesPerSecond: number;
  /** Resident before the burst, after it, and at most. */
  readonly arrivedRssBytes: number;
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  /** Events told to the consumer behind, where there is one. */
  readonly events: number | null;
}

const ARRIVAL_MS_MAX = 180_000;
const BURST_MS_MAX = 180_000;
/** What a subject still does of its own after the arrival, and after the last frame, is let happen. */
const SETTLE_MS = 250;

export async function runTrial(
  subject: Subject,
  recording: Recording,
  stand: Stand,
  settleMs = SETTLE_MS,
): Promise<IntakeSample> {
  await stand.load(recording);
  const arrived = stand.next("beat", ARRIVAL_MS_MAX);
  await using running = startSubject(subject, recording, stand);
  const { process } = running;
  await Promise.race([arrived, failure(running)]);
  await sleep(settleMs);
  const arrivedRssBytes = process.rssBytes();

  const finished = subject.script === null ? workerDone(stand) : subjectDone(running);
  const cpuBeforeMs = process.cpuMs();
  const startedMs = performance.now();
  stand.order({ type: "burst" });
  const { events } = await Promise.race([finished, failure(running)]);
  const tookMs = performance.now() - startedMs;
  await sleep(settleMs);
  const cpuMs = process.cpuMs() - cpuBeforeMs;
  const rssBytes = process.rssBytes();
  const peakRssBytes = process.peakRssBytes();
  if (subject.script === null) await checkWorker(running, recording, stand);
  return {
    cpuUsPerFrame: (cpuMs * 1_000) / recording.frames,
    framesPerSecond: recording.frames / (tookMs / 1_000),
    arrivedRssBytes,
    rssBytes,
    peakRssBytes,
    events,
  };
}

async function subjectDone({ process }: RunningSubject): Promise<{ events: number | null }> {
  const isDone = (message: unknown): message is SubjectReport => (message as SubjectReport).type === "done";
  const { events = null } = await process.message(isDone, BURST_MS_MAX);
  return { events };
}

/** The worker is asked nothing: it is done when the hub has the event of the last frame. */
async function workerDone(stand: Stand): Promise<{ events: number | null }> {
  return stand.next("lastDelivered", BURST_MS_MAX);
}

/** Rejects as soon as the process ends, whatever is waited for. */
async function failure({ process }: RunningSubject): Promise<never> {
  await process.message((_message): _message is never => false, ARRIVAL_MS_MAX + BURST_MS_MAX);
  throw new Error("never");
}

/** It claims the last sequence as stored, and counted every frame: figures of less would be of something else. */
async function checkWorker(running: RunningSubject, recording: Recording, stand: Stand): Promise<void> {
  const beat = stand.next("beat", 5_000);
  stand.order({ type: "ask" });
  const { seq } = await beat;
  if (seq !== recording.lastSeq) throw new Error(`the worker claims ${seq} instead of ${recording.lastSeq}`);
  const metrics = await (await fetch(`${await running.healthUrl()}/metrics`)).text();
  const seen =
    total(metrics, "guildwire_dispatches_total") + total(metrics, "guildwire_dispatches_passed_over_total");
  if (seen !== recording.lastSeq)
    throw new Error(`the worker saw ${seen} dispatches of ${recording.lastSeq}`);
}

function total(metrics: string, name: string): number {
  const values = metrics
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(" ") + 1)));
  return values.reduce((sum, value) => sum + value, 0);
}
