import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

const FILLING = Buffer.alloc(4_096, "-");

/** A pipe that is full and that no process reads, as standard output whose log driver is stuck. */
export interface FullPipe extends Disposable {
  /** For a child's `stdio`. Its writes block, as those to an ordinary pipe do. */
  readonly fd: number;
  /** Reads what is in the pipe, so that it has room again. Returns what came after the filling. */
  drain(): string;
}

/** Makes it in `directory`, which must exist. POSIX only. */
export function openFullPipe(directory: string): FullPipe {
  const path = join(directory, "stuck-output");
  execFileSync("mkfifo", [path]);
  const own = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const fd = openSync(path, "w");
  untilAgain(() => writeSync(own, FILLING));
  untilAgain(() => writeSync(own, FILLING, 0, 1));
  return {
    fd,
    drain() {
      const chunk = Buffer.alloc(65_536);
      let text = "";
      untilAgain(() => {
        text += chunk.toString("utf8", 0, readSync(own, chunk));
      });
      return text.replace(/^-+/, "");
    },
    [Symbol.dispose]() {
      closeSync(own);
      closeSync(fd);
    },
  };
}

function untilAgain(work: () => void): void {
  try {
    for (;;) work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
  }
}
