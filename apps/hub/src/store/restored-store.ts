/**
 * A store that was put back from a backup. Its epoch is the one that pages know, and its offsets go on from an earlier
 * moment: the same offset would mean one thing to a page of before and another to one of after. So all topics begin a new
 * epoch, and whoever comes reads them whole. Three signs tell of it:
 *
 *   the mark beside the file says that more was committed      found here, at the start
 *   a worker goes on from a number this hub does not have      found in source-writer.ts, with its next delivery
 *   the operator says so, by `main.js restored`                needed when mark, hub and worker were put back together
 *
 * The mark is written after the commits it tells of, so it is never ahead of a file that was merely killed.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { delegatingEngine, type TopicEngine } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import { z } from "zod";

export const MARK_NAME = "hub.mark";
const MARK_EVERY_MS = 10_000;

const markSchema = z.object({ epoch: z.string(), commits: z.number() });

type Mark = z.infer<typeof markSchema>;

/** Begins a new epoch for every topic of the file, from what they hold. */
export function beginNewEpoch(database: DatabaseSync, epoch: string): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    database.prepare("INSERT OR REPLACE INTO meta VALUES ('epoch', ?)").run(epoch);
    // A topic's own epoch is of the life before as well.
    database.exec("UPDATE topic SET epoch = ''; DELETE FROM delta; COMMIT");
  } catch (cause) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw cause;
  }
}

/** How many commits the file lacks of what the mark says, which it then no longer pretends to have; 0 for none. */
export function renewIfOlder(database: DatabaseSync, dataDir: string, newEpoch: () => string): number {
  const mark = readMark(dataDir);
  const missing = mark === undefined ? 0 : mark.commits - commitsIn(database);
  if (mark === undefined || mark.epoch !== epochOf(database) || missing <= 0) return 0;
  beginNewEpoch(database, newEpoch());
  return missing;
}

/** The engine, and a mark that follows what it commits. */
export function withMark(
  engine: TopicEngine,
  database: DatabaseSync,
  dataDir: string,
  clock: Pick<Clock, "after">,
): TopicEngine {
  const epoch = epochOf(database) ?? "";
  let written = -1;
  let cancel = clock.after(0, look);

  async function write(): Promise<void> {
    const commits = (await engine.listSources()).reduce((sum, { version }) => sum + version, 0);
    if (commits === written) return;
    writeMark(dataDir, { epoch, commits });
    written = commits;
  }

  function look(): void {
    cancel = clock.after(MARK_EVERY_MS, look);
    void write();
  }

  return delegatingEngine(engine, {
    async close() {
      cancel();
      const closed = engine.close();
      await write();
      await closed;
    },
  });
}

function epochOf(database: DatabaseSync): string | undefined {
  const row = database.prepare("SELECT value FROM meta WHERE key = 'epoch'").get();
  return row === undefined ? undefined : String(row["value"]);
}

/** Each commit makes one source's version one more. */
function commitsIn(database: DatabaseSync): number {
  return Number(database.prepare("SELECT total(version) AS commits FROM source").get()?.["commits"] ?? 0);
}

/** `undefined`: there is none that can be read, which says nothing. */
function readMark(dataDir: string): Mark | undefined {
  try {
    return markSchema.parse(JSON.parse(readFileSync(join(dataDir, MARK_NAME), "utf8")));
  } catch {
    return undefined;
  }
}

/** It is a help and no more: a disk that is full must not keep the hub from anything. */
function writeMark(dataDir: string, mark: Mark): void {
  const path = join(dataDir, MARK_NAME);
  try {
    writeFileSync(`${path}.new`, JSON.stringify(mark));
    renameSync(`${path}.new`, path);
  } catch {
    // The old one stays, which says less.
  }
}
