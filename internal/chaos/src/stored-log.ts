/**
 * What is on the disk when the processes have stopped, read without their code: whether the files are sound, and the
 * hub's own logs of its last commits, one for each topic, against what Discord told.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Story } from "./voice-story.ts";

interface Delta {
  readonly startsAt: number;
  readonly endsAt: number;
  /** `["s", key, value]`: set; `["d", key]`: deleted. */
  readonly ops: readonly (readonly [string, string, unknown?])[];
}

const FILES = [
  ["worker", "worker.sqlite"],
  ["hub", "hub.sqlite"],
  ["hub", "history.sqlite"],
] as const;

/** Findings of all files. `story` only where every event must have arrived. */
export function storedFindings(dataDir: string, story: Story | undefined): readonly string[] {
  const findings: string[] = [];
  for (const [directory, name] of FILES) {
    const file = join(dataDir, directory, name);
    if (!existsSync(file)) {
      findings.push(`there is no ${file}`);
      continue;
    }
    using database = new DatabaseSync(file);
    const { integrity_check: verdict } = database.prepare("PRAGMA integrity_check").get() ?? {};
    if (verdict !== "ok") findings.push(`${file}: ${String(verdict)}`);
    if (name !== "hub.sqlite") continue;
    for (const deltas of logsOf(database)) findings.push(...logFindings(deltas, story));
  }
  return findings;
}

/** Of each topic: the guild's state, which nobody is shown, and its views. */
function logsOf(database: DatabaseSync): readonly (readonly Delta[])[] {
  const topics = database.prepare("SELECT DISTINCT topic FROM delta").all();
  const ofTopic = database.prepare(
    "SELECT starts_at, ends_at, ops FROM delta WHERE topic = ? ORDER BY ends_at",
  );
  return topics.map((row) =>
    ofTopic.all(String(row["topic"])).map(
      (delta): Delta => ({
        startsAt: Number(delta["starts_at"]),
        endsAt: Number(delta["ends_at"]),
        ops: JSON.parse(String(delta["ops"])) as Delta["ops"],
      }),
    ),
  );
}

export function logFindings(deltas: readonly Delta[], story: Story | undefined): readonly string[] {
  const findings: string[] = [];
  let top: number | undefined;
  const rooms = new Map<string, string[]>();
  for (const { startsAt, endsAt, ops } of deltas) {
    if (top !== undefined && startsAt !== top) findings.push(`the hub's log goes from ${top} to ${startsAt}`);
    top = endsAt;
    for (const [, key, value] of ops) if (key.startsWith("u:")) visit(rooms, key.slice(2), roomOf(value));
  }
  for (const [userId, visited] of story === undefined ? [] : rooms) {
    // Somebody who stayed where they were may have no line at all.
    if (visited.length > 1 && !isWithin(visited, roomsTold(story?.get(userId) ?? []))) {
      findings.push(`the hub's log has ${userId} in ${visited.join(", ")}: not what Discord told`);
    }
  }
  return findings;
}

const NOWHERE = "nowhere";

function roomOf(value: unknown): string {
  return typeof value === "object" && value !== null ? String((value as { room?: unknown }).room) : NOWHERE;
}

function visit(rooms: Map<string, string[]>, userId: string, room: string): void {
  const visited = rooms.get(userId) ?? [];
  rooms.set(userId, visited);
  if (visited.at(-1) !== room) visited.push(room);
}

/** The rooms of someone's lines, one after the other, beginning with the one before the first line. */
function roomsTold(lines: readonly string[]): readonly string[] {
  const told: string[] = [];
  for (const line of lines) {
    const [verb, first = NOWHERE, , second = NOWHERE] = line.split(" ");
    if (verb === "moved") told.push(first, second);
    else if (verb === "left") told.push(first, NOWHERE);
    else told.push(first);
  }
  return told.filter((room, at) => room !== told[at - 1]);
}

/** One delta may hold several events, of which it has the last: stops may be left out, and none added or exchanged. */
function isWithin(visited: readonly string[], told: readonly string[]): boolean {
  let at = 0;
  for (const room of told) if (room === visited[at]) at += 1;
  return at === visited.length;
}
