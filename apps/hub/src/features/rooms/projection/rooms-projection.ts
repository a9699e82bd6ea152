/**
 * The projection of live rooms: from a guild's stream to its hidden state and one topic for each view.
 *
 *   state/<guild>          everything the worker sent; never admitted, never served
 *   voice/<guild>/<view>   what the view shows of it
 *
 * The copy is changed in place, and only by what is stored: a change of one person must not cost a copy of thousands.
 */

import { type VoiceValue, voiceTopic } from "@guildwire/client/rooms";
import type { Op, TopicChange } from "@guildwire/live";
import type {
  Projected,
  ProjectedSource,
  Projection,
  ProjectionStep,
  StoredSource,
} from "../../../intake/projection.ts";
import { applyOps, withOps } from "../../../topics/entry-map.ts";
import type { Views } from "../../../views/views.ts";
import { isRoomsEvent, isRoomsEventType, projectEvents, type Said, staleOps } from "./project.ts";
import { FIRST_NOTE, type RoomsNote, readRoomsNote } from "./rooms-note.ts";
import { admitVoiceTopic, readVoiceTopic, stateTopic } from "./rooms-topics.ts";
import { areOutdated, fingerprints, setsOf, viewChanges } from "./view-changes.ts";

export function createRoomsProjection(views: Views): Projection {
  const currentViews = fingerprints(views.projections);

  async function open({ source, engine, note: own, sourceNote }: StoredSource): Promise<ProjectedSource> {
    const topic = stateTopic(source);
    const isNew = sourceNote === undefined;
    const state = await engine.load(topic);
    // False for a source of before there were views: its state was the topic of the one view.
    let isStateStored = isNew || state.position.offset > 0;
    const { entries } = isStateStored ? state : await engine.load(voiceTopic(source));
    const map = new Map(entries.map(([key, value]) => [key, value as VoiceValue]));
    let note = isNew ? FIRST_NOTE : readRoomsNote(own ?? sourceNote);
    let isStored = !isNew;

    function changed(ops: readonly Op[], said: Said | undefined, atMs: number, restart: boolean): Projected {
      const after = withOps(map, ops);
      // Under rules that nothing was written under, each view's topic restarts.
      const rules = restart ? withoutRules(note.views) : note.views;
      const state: TopicChange = {
        topic,
        ...(isStateStored && !restart ? { ops } : { ops: setsOf(after), restart }),
        atMs,
        withoutRing: true,
      };
      const shown = viewChanges(source, views.projections, isStored ? rules : undefined, {
        before: map,
        after,
        ops,
        atMs,
      });
      const next: RoomsNote = { said, views: currentViews };
      return {
        changes: [state, ...shown].filter((change) => change.ops.length > 0 || change.restart === true),
        note: next,
        stored() {
          applyOps(map, ops);
          note = next;
          isStateStored = true;
          isStored = true;
        },
      };
    }

    function project(step: ProjectionStep): Projected {
      const { atMs, nowMs } = step;
      switch (step.type) {
        case "events": {
          const { ops, said } = projectEvents(map, note.said, step.events.filter(isRoomsEvent), nowMs);
          return changed(ops, said, atMs, step.restart);
        }
        case "restart":
          return changed([], note.said, atMs, true);
        case "silent":
          return changed(staleOps(map, nowMs), note.said, atMs, false);
        case "started": {
          const isCurrent = isStateStored && !areOutdated(note.views, views.projections);
          return isCurrent ? unchanged(note) : changed([], note.said, atMs, false);
        }
        default:
          return step satisfies never;
      }
    }

    return { project };
  }

  return {
    name: "rooms",
    topicForm: "voice/<guild id>/<view>",
    accepts: isRoomsEventType,
    open,
    admit: (topic, grant) => admitVoiceTopic(views, topic, grant),
    sourceOf: (topic) => readVoiceTopic(topic)?.guildId,
  };
}

function unchanged(note: RoomsNote): Projected {
  return { changes: [], note, stored: () => undefined };
}

function withoutRules(views: RoomsNote["views"]): RoomsNote["views"] {
  return Object.fromEntries(Object.keys(views).map((name) => [name, ""]));
}
