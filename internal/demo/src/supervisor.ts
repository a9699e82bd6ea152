/** Runs processes together: starts them at once, restarts what dies, stops them one after the other. */
import { isAlive, launchers } from "./launchers.ts";
import { type ProcessNews, type ProcessSpec, SupervisedProcess } from "./supervised-process.ts";

/** A person who pressed Ctrl-C has their prompt back within three seconds. */
export const STOP_WITHIN_MS = 2_500;

export class Supervisor {
  readonly #processes: readonly SupervisedProcess[];
  #stopped: Promise<void> | undefined;

  /** `specs` in the order in which they are stopped: whoever produces first. */
  constructor(specs: readonly ProcessSpec[], onNews: (name: string, news: ProcessNews) => void) {
    this.#processes = specs.map((spec) => new SupervisedProcess(spec, (news) => onNews(spec.name, news)));
  }

  start(): void {
    for (const each of this.#processes) each.start();
  }

  async ready(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.ready));
  }

  process(name: string): SupervisedProcess {
    const found = this.#processes.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no process is called ${name}`);
    return found;
  }

  /**
   * Each in its turn: the worker delivers what it has while the hub still listens. `withinMs`: for all of them together;
   * processes that have not ended by then are killed.
   */
  stop(withinMs?: number): Promise<void> {
    const untilMs = performance.now() + (withinMs ?? 0);
    this.#stopped ??= (async () => {
      for (const each of this.#processes)
        await (withinMs === undefined ? each.stop() : each.stop(untilMs - performance.now()));
    })();
    return this.#stopped;
  }
}

const LAUNCHER_CHECK_MS = 1_000;

/** Calls back once, when the person or the system wants this process to end, or what it was started through is gone. */
export function onEnd(end: (why: string) => void): void {
  let ended = false;
  const once = (why: string) => {
    if (ended) return;
    ended = true;
    end(why);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => once(signal));
  const startedThrough = launchers();
  setInterval(() => {
    if (!startedThrough.every(isAlive)) once("what started this is gone");
  }, LAUNCHER_CHECK_MS).unref();
}
