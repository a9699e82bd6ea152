/**
 * The parts of a snapshot that have come, as a topic of their own: they are committed with the cursor, so a hub that is
 * killed between two parts goes on with the next. Nothing serves this topic.
 */

import type { Entry, Op, TopicChange } from "@guildwire/live";
import type { SnapshotPart } from "@guildwire/receiver";

export function partsTopic(source: string): string {
  return `parts/${source}`;
}

/** In order. The topic has only been written by what is below. */
export function partsOf(entries: readonly Entry[]): readonly SnapshotPart[] {
  return entries.map(([, value]) => value as SnapshotPart).sort((a, b) => a.part - b.part);
}

export function partsChange(
  source: string,
  before: readonly SnapshotPart[],
  after: readonly SnapshotPart[],
  atMs: number,
): readonly TopicChange[] {
  if (before === after || (before.length === 0 && after.length === 0)) return [];
  const topic = partsTopic(source);
  const goesOn = before.length > 0 && before.every((part, index) => after[index] === part);
  const news = goesOn ? after.slice(before.length) : after;
  const ops = news.map((part): Op => ["s", String(part.part), part]);
  // Begun anew, the topic's log keeps nothing of what is no longer needed.
  return [{ topic, ops, atMs, restart: !goesOn, withoutRing: true }];
}
