/** What to do about errors of the process, its configuration and its disk. */
import type { ErrorName } from "./error-code.ts";
import { type Explanation, prose } from "./prose.ts";

export const PROCESS_EXPLANATIONS = {
  storageFailed: {
    happened: prose(`
      SQLite could not read or write \`worker.sqlite\` in \`DATA_DIR\`: the disk failed, the file is
      damaged, a newer Guildwire wrote it, or it is the database of another program. The message says
      which.
    `),
    does: prose(`
      It ends. It acknowledges to Discord nothing that it could not store, so Discord replays it, and it
      changes nothing in a file it cannot read.
    `),
    remedy: prose(`
      For a disk that fails, restart on a sound one. For a damaged file, move it away and start: the
      worker then begins a new session and a new epoch with a snapshot, and events that had not been
      delivered are lost. For a file of a newer version, run that version, or set \`DATA_DIR\` to another
      directory.
    `),
  },
  crashed: {
    happened: prose(`
      An exception nobody expected: a bug of Guildwire.
    `),
    does: prose(`
      It logs the stack as \`cause\` and ends. What was committed stays committed.
    `),
    remedy: prose(`
      Restart, and report the record. It holds no token and no message text.
    `),
  },
  memoryLimit: {
    happened: prose(`
      The process takes more than nine tenths of the memory that its container may have
      (\`memory.limitBytes\` of \`/health\`).
    `),
    does: prose(`
      It logs \`memory_high\`, once until the memory is below eight tenths again, and goes on. Above the
      limit the platform kills it; the next process goes on where this one stopped.
    `),
    remedy: prose(`
      Give it more memory: 128 MiB are plenty for one server. If its memory grows without end, report it
      with the output of \`/metrics\`.
    `),
  },
  diskFull: {
    happened: prose(`
      A commit failed because the disk of \`DATA_DIR\` is full.
    `),
    does: prose(`
      It stops reading and ends; after the commit that failed it writes nothing more, so that no cursor
      passes over what was not stored. Nothing is half written, and Discord replays the rest to the next
      process.
    `),
    remedy: prose(`
      Make room and restart soon: Discord keeps a session for some minutes only. After that the worker
      begins anew and tells the differences and a snapshot.
    `),
  },
  configurationInvalid: {
    happened: prose(`
      One or more environment variables are missing or wrong.
    `),
    does: prose(`
      It prints all mistakes to standard error, one line each with the variable's name, what was given (of
      a secret only its length) and what to do, and ends before it connects anywhere.
    `),
    remedy: prose(`
      Correct every line. [configuration.md](configuration.md) lists the variables.
    `),
  },
  dataDirectoryLocked: {
    happened: prose(`
      Another worker holds the lock on \`DATA_DIR\`. One directory belongs to one worker.
    `),
    does: prose(`
      It ends before it connects. The lock belongs to a living process: it is gone the moment that process
      ends, however it ends, and there is no lock file to delete.
    `),
    remedy: prose(`
      Stop the other worker, or give this one a \`DATA_DIR\` of its own. In a rolling deploy this code is
      normal until the old process has ended: let the new one be restarted.
    `),
  },
  portTaken: {
    happened: prose(`
      Another process listens on \`PORT\`, or the user may not listen there, as on 80.
    `),
    does: prose(`
      It ends before it connects.
    `),
    remedy: prose(`
      Stop what listens there, or set \`PORT\` to another port. \`PORT=0\` takes any free one and logs it.
    `),
  },
  runtimeTooOld: {
    happened: prose(`
      The worker was started with a Node.js older than version 24.
    `),
    does: prose(`
      It prints one line to standard error and ends.
    `),
    remedy: prose(`
      Install Node.js 24 or newer. Inside the repository \`pnpm start:worker\` brings its own.
    `),
  },
  dataDirectoryUnusable: {
    happened: prose(`
      \`DATA_DIR\` cannot be made or written, or it is not a directory.
    `),
    does: prose(`
      It ends before it connects.
    `),
    remedy: prose(`
      Give the user of the process the right to write there, or set \`DATA_DIR\` to another directory. In
      the container that user is \`node\`, uid 1000.
    `),
  },
  stuck: {
    happened: prose(`
      The event loop of the process did not turn for longer than \`LOOP_BLOCKED_S_MAX\`: an endless loop,
      or a disk that does not answer.
    `),
    does: prose(`
      A thread of its own that watches the loop logs \`process_stuck\` and kills the process with SIGKILL,
      because a loop that does not turn cannot end it in order. What was committed stays committed, and
      the session is resumed by the next process.
    `),
    remedy: prose(`
      Let the platform restart it, and look at the disk of \`DATA_DIR\` (a network disk that hangs is the
      usual cause). If the disk is sound, report the record. A machine that sleeps or is paused does not
      count: the thread sleeps as well.
    `),
  },
} as const satisfies Partial<Record<ErrorName, Explanation>>;
