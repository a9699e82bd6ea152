/** What to do about errors of the process, its configuration and its disk. */
import type { ErrorName } from "./error-code.ts";
import { type Explanation, prose } from "./prose.ts";

export const PROCESS_EXPLANATIONS = {
  storageFailed: {
    happened: prose(`
      SQLite could not read or write in \`DATA_DIR\`, and not because the disk is full: the disk failed, or
      something else keeps the file. The message says what SQLite said.
    `),
    does: prose(`
      The worker ends. It acknowledges to Discord nothing that it could not store, so Discord replays it. The
      hub ends only while it starts. Once it runs it goes on: it logs \`store_failing\`, answers deliveries
      503, shows browsers what is known, is unhealthy, and tries a small write every 5 s until one succeeds
      (\`store_recovered\`).
    `),
    remedy: prose(`
      Look at the disk of \`DATA_DIR\` and at the system's log, and restart on a sound one.
    `),
  },
  crashed: {
    happened: prose(`
      An exception nobody expected: a bug of Guildwire.
    `),
    does: prose(`
      It logs the stack as \`cause\` and ends; the hub says \`bye\` to its browsers first. What was committed
      stays committed.
    `),
    remedy: prose(`
      Restart, and report the record. It holds no token and no message text.
    `),
  },
  memoryLimit: {
    happened: prose(`
      The process takes more than nine tenths of the memory that its container may have
      (\`memory.limitBytes\` of the worker's \`/health\` and of the hub's \`status\`).
    `),
    does: prose(`
      It logs \`memory_high\`, once until the memory is below eight tenths again, and goes on. Above the
      limit the platform kills it; the next process goes on where this one stopped.
    `),
    remedy: prose(`
      Give it more memory: for a worker 128 MiB are plenty for one server; a hub needs some for each socket
      as well ([operating](operating.md)), or a lower \`HUB_CONNECTIONS_MAX\`. If its memory grows without
      end, report it with the output of its metrics.
    `),
  },
  diskFull: {
    happened: prose(`
      A commit failed because the disk of \`DATA_DIR\` is full.
    `),
    does: prose(`
      The worker stops reading and ends; after the commit that failed it writes nothing more, so that no
      cursor passes over what was not stored. Nothing is half written, and Discord replays the rest to the
      next process. The hub ends for it only while it starts. Once it runs it goes on: deliveries are
      answered 503 and come again, browsers are served from what is known, and a small write every 5 s finds
      out when there is room (\`store_recovered\`).
    `),
    remedy: prose(`
      Make room, for the worker soon: Discord keeps a session for some minutes only. After that the worker
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
      Another worker, or another hub, holds the lock on \`DATA_DIR\`. One directory belongs to one worker and
      one hub.
    `),
    does: prose(`
      It ends before it connects; a hub waits 5 s for one that is just ending. The lock belongs to a living process: it is gone the moment that process
      ends, however it ends, and there is no lock file to delete.
    `),
    remedy: prose(`
      Stop the other one, or give this one a \`DATA_DIR\` of its own. In a rolling deploy this code is
      normal until the old process has ended: let the new one be restarted.
    `),
  },
  portTaken: {
    happened: prose(`
      Another process listens on \`PORT\`, the user may not listen there, as on 80, or there is no such
      \`HOST\` on this machine.
    `),
    does: prose(`
      It ends before it connects.
    `),
    remedy: prose(`
      Stop what listens there, or set \`PORT\`, or \`HOST\`, to another. \`PORT=0\` takes any free one and logs it.
    `),
  },
  runtimeTooOld: {
    happened: prose(`
      Worker or hub was started with a Node.js older than version 24.
    `),
    does: prose(`
      It prints one line to standard error and ends.
    `),
    remedy: prose(`
      Install Node.js 24 or newer. Inside the repository \`npx -y pnpm@12 start:worker\` and \`npx -y pnpm@12 start:hub\` bring
      their own.
    `),
  },
  databaseUnreadable: {
    happened: prose(`
      A file in \`DATA_DIR\` (\`worker.sqlite\`, \`hub.sqlite\`) is damaged, was written by a newer Guildwire,
      or is the database of another program. The message says which.
    `),
    does: prose(`
      It ends, and changes nothing in a file it cannot read.
    `),
    remedy: prose(`
      Move a damaged file away and start. A worker then begins a new session and a new epoch with a snapshot,
      and events that had not been delivered are lost. A hub asks each worker for a snapshot. To go back to a
      copy instead, read [upgrading](upgrading.md#going-back). For a file of a newer version,
      run that version, or set \`DATA_DIR\` to another directory.
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
      because a loop that does not turn cannot end it in order. What was committed stays committed; the
      next worker resumes the session, and browsers come back to the next hub with their positions.
    `),
    remedy: prose(`
      Let the platform restart it, and look at the disk of \`DATA_DIR\` (a network disk that hangs is the
      usual cause). If the disk is sound, report the record. A machine that sleeps or is paused does not
      count: the thread sleeps as well.
    `),
  },
} as const satisfies Partial<Record<ErrorName, Explanation>>;
