/** Engines on real files, for tests; what is left of a life can be copied as `kill -9` would leave it. */
import { copyFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Op, SourceCommit, TopicEngine } from "@guildwire/live";
import { systemClock } from "@guildwire/runtime";
import { openDatabase } from "@guildwire/runtime/database";
import { HUB_FILE } from "../../src/store/hub-file.ts";
import { createSqliteEngine } from "../../src/store/sqlite-engine.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const WAL_NAME = `${HUB_FILE.name}-wal`;

export interface Told {
  groups: number[];
  failures: string[];
  sizesBytes: number[];
}

export interface StoreAtWork {
  readonly directory: string;
  readonly database: DatabaseSync;
  readonly engine: TopicEngine;
  /** What the engine told its observer. */
  readonly told: Told;
}

let lives = 0;

export function openStore(
  directory: string = temporaryDirectory(),
  nowMs: () => number = () => 1_000,
): StoreAtWork {
  const database = openDatabase(directory, HUB_FILE);
  const told: Told = { groups: [], failures: [], sizesBytes: [] };
  const engine = createSqliteEngine({
    database,
    newEpoch: () => `life${++lives}`,
    clock: { wallMs: nowMs, after: systemClock.after },
    observer: {
      committed: (commits) => void told.groups.push(commits),
      failed: (code) => void told.failures.push(code),
      foundOlder: () => {},
      measured: (sizeBytes) => void told.sizesBytes.push(sizeBytes),
    },
  });
  return { directory, database, engine, told };
}

/** What would be on disk if the process ended now, in a directory of its own; the log cut to `walBytes` if given. */
export function leftBehind(directory: string, walBytes?: number): string {
  const copy = temporaryDirectory();
  for (const name of [HUB_FILE.name, WAL_NAME]) {
    if (existsSync(join(directory, name))) copyFileSync(join(directory, name), join(copy, name));
  }
  if (walBytes !== undefined) truncateSync(join(copy, WAL_NAME), walBytes);
  return copy;
}

export function walBytesOf(directory: string): number {
  return readFileSync(join(directory, WAL_NAME)).length;
}

export function commitOf(source: string, version: number, ops: readonly Op[], topic = source): SourceCommit {
  return {
    source,
    expectedVersion: version,
    cursor: { epoch: "e1", seq: version + 1 },
    note: {},
    topics: [{ topic, ops, atMs: 1 }],
  };
}
