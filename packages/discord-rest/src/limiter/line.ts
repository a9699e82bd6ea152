/**
 * The jobs of one route and major parameter: those that wait, in queues of one priority and caller each, and how many
 * are under way.
 */
import type { Priority, WaitingJob } from "./job.ts";

export interface Queue {
  readonly priority: Priority;
  readonly caller: string;
  /** Never empty. */
  readonly jobs: readonly WaitingJob[];
  /** No job of the queue has an earlier one. */
  readonly earliestDeadlineMs: number;
}

export interface Line {
  readonly route: string;
  readonly major: string;
  readonly order: WaitingJob["order"];
  readonly queues: readonly Queue[];
  readonly inFlight: number;
  /** After 429 by a limit that the bucket's headers do not show. */
  readonly pausedUntilMs: number;
  readonly usedAtMs: number;
  /** The turn in which it was served last; picks among lines. */
  readonly servedTurn: number;
}

export function newLine(
  { route, major, order }: Pick<Line, "route" | "major" | "order">,
  nowMs: number,
): Line {
  return {
    route,
    major,
    order,
    queues: [],
    inFlight: 0,
    pausedUntilMs: Number.NEGATIVE_INFINITY,
    usedAtMs: nowMs,
    servedTurn: 0,
  };
}

/** `last`: a new job. `first`: one that was under way and comes back, which keeps its place. */
export function enqueue(line: Line, job: WaitingJob, place: "first" | "last"): Line {
  const at = line.queues.findIndex((queue) => queue.priority === job.priority && queue.caller === job.caller);
  const queue = line.queues[at];
  if (queue === undefined) {
    const { priority, caller } = job;
    const added: Queue = { priority, caller, jobs: [job], earliestDeadlineMs: job.deadlineAtMs };
    return { ...line, queues: [...line.queues, added] };
  }
  const jobs = place === "last" ? [...queue.jobs, job] : inOrder(queue.jobs, job);
  const earliestDeadlineMs = Math.min(queue.earliestDeadlineMs, job.deadlineAtMs);
  return { ...line, queues: line.queues.with(at, { ...queue, jobs, earliestDeadlineMs }) };
}

function inOrder(jobs: readonly WaitingJob[], job: WaitingJob): readonly WaitingJob[] {
  const at = jobs.findIndex(({ id }) => id > job.id);
  return at === -1 ? [...jobs, job] : jobs.toSpliced(at, 0, job);
}

/** Without the first job of a queue. */
export function dequeue(line: Line, queue: Queue): Line {
  return withJobs(line, queue, queue.jobs.slice(1), queue.earliestDeadlineMs);
}

export function removeJob(
  line: Line,
  jobId: number,
): { readonly line: Line; readonly job: WaitingJob } | null {
  for (const queue of line.queues) {
    const job = queue.jobs.find(({ id }) => id === jobId);
    if (job === undefined) continue;
    const jobs = queue.jobs.filter(({ id }) => id !== jobId);
    return { line: withJobs(line, queue, jobs, queue.earliestDeadlineMs), job };
  }
  return null;
}

/** Splits off the jobs whose deadline is `atMs` or earlier. */
export function removeDue(
  line: Line,
  atMs: number,
): { readonly line: Line; readonly due: readonly WaitingJob[] } {
  const due: WaitingJob[] = [];
  let current = line;
  for (const queue of line.queues) {
    if (queue.earliestDeadlineMs > atMs) continue;
    const jobs = queue.jobs.filter(({ deadlineAtMs }) => deadlineAtMs > atMs);
    due.push(...queue.jobs.filter(({ deadlineAtMs }) => deadlineAtMs <= atMs));
    const earliest = jobs.reduce((least, job) => Math.min(least, job.deadlineAtMs), Number.POSITIVE_INFINITY);
    current = withJobs(current, queue, jobs, earliest);
  }
  return { line: current, due };
}

function withJobs(line: Line, queue: Queue, jobs: readonly WaitingJob[], earliestDeadlineMs: number): Line {
  const at = line.queues.indexOf(queue);
  const queues =
    jobs.length === 0
      ? line.queues.toSpliced(at, 1)
      : line.queues.with(at, { ...queue, jobs, earliestDeadlineMs });
  return { ...line, queues };
}

export function earliestDeadlineMs(line: Line): number {
  return line.queues.reduce(
    (least, queue) => Math.min(least, queue.earliestDeadlineMs),
    Number.POSITIVE_INFINITY,
  );
}
