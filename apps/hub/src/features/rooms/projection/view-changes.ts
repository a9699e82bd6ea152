/**
 * What a change of a guild's state means for the topics of its views: pure.
 *
 *   stored under the same rules      the ops, as far as the view shows them
 *   stored under others              the topic begins anew: its history may hold what is hidden now
 *   stored, and no view any more     the topic begins anew, with nothing in it
 *   nothing of the guild is stored   the topic's first entries
 */

import { voiceTopic } from "@guildwire/client/rooms";
import type { Op, TopicChange } from "@guildwire/live";
import type { NamedProjection } from "../../../views/views.ts";
import { viewOf, viewOps } from "./view-projection.ts";
import type { VoiceMap } from "./voice-map.ts";

/** By a view's name, the fingerprint of the rules its topic was written under; `undefined`: nothing is stored. */
export type StoredViews = Readonly<Record<string, string>> | undefined;

export interface StateChange {
  readonly before: VoiceMap;
  readonly after: VoiceMap;
  readonly ops: readonly Op[];
  readonly atMs: number;
}

export function viewChanges(
  source: string,
  projections: readonly NamedProjection[],
  stored: StoredViews,
  { before, after, ops, atMs }: StateChange,
): readonly TopicChange[] {
  const changes = projections.map((projection): TopicChange => {
    const topic = voiceTopic(source, projection.view.name);
    const isCurrent = stored === undefined || stored[projection.view.name] === projection.fingerprint;
    return isCurrent
      ? { topic, ops: viewOps(projection, before, after, ops), atMs }
      : { topic, ops: setsOf(viewOf(projection, after)), atMs, restart: true };
  });
  const names = new Set(projections.map(({ view }) => view.name));
  for (const name of Object.keys(stored ?? {})) {
    if (!names.has(name)) changes.push({ topic: voiceTopic(source, name), ops: [], atMs, restart: true });
  }
  return changes;
}

export function setsOf(map: VoiceMap): readonly Op[] {
  return Array.from(map, ([key, value]): Op => ["s", key, value]);
}

export function fingerprints(projections: readonly NamedProjection[]): Readonly<Record<string, string>> {
  return Object.fromEntries(projections.map(({ view, fingerprint }) => [view.name, fingerprint]));
}

/** Whether what is stored is of other rules than these. */
export function areOutdated(stored: StoredViews, projections: readonly NamedProjection[]): boolean {
  const current = fingerprints(projections);
  const names = new Set([...Object.keys(stored ?? {}), ...Object.keys(current)]);
  return [...names].some((name) => stored?.[name] !== current[name]);
}
