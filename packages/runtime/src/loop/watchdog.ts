/**
 * A thread that watches the event loop of this one, and kills the process when the loop does not turn for too long: no
 * timer and no health answer of this thread could. What was committed stays; the next process resumes.
 */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";

const BEAT_EVERY_MS = 500;
const THREAD_MEMORY_MB = 32;

export interface WatchdogOptions {
  /** The process that is watched, for its last word. */
  readonly app: string;
  /** 0: nobody watches. */
  readonly blockedMsMax: number;
  /** Has the last word as well; `null` for none. */
  readonly logFile: string | null;
  /** The thread's file, where a bundler has put it elsewhere than beside this one. */
  readonly script?: URL;
}

export interface WatchedBy {
  /** Shared with the watched thread: a number that goes up while its loop turns. */
  readonly beats: Int32Array<SharedArrayBuffer>;
  readonly app: string;
  readonly blockedMsMax: number;
  readonly logFile: string | null;
}

/** The returned function ends the watch. */
export function startWatchdog({
  app,
  blockedMsMax,
  logFile,
  script = besideThis(),
}: WatchdogOptions): () => void {
  if (blockedMsMax === 0) return () => undefined;
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: WatchedBy = { beats, app, blockedMsMax, logFile };
  // It loads nothing that this process was told to load beside itself (`--import`): that is neither small nor its business.
  const thread = new Worker(script, {
    workerData,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
  });
  // A watch that fails is no reason to end what it watches.
  thread.on("error", () => undefined);
  thread.unref();
  const beat = setInterval(() => Atomics.add(beats, 0, 1), BEAT_EVERY_MS);
  beat.unref();
  return () => {
    clearInterval(beat);
    void thread.terminate();
  };
}

/** Source and bundle have the same name and another ending. */
function besideThis(): URL {
  return new URL(`./watchdog-thread${extname(import.meta.url)}`, import.meta.url);
}
