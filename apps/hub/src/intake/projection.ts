/**
 * The port between the intake and a feature: what becomes of a source's events. The features' projections are
 * registered in compose.ts; intake, topics and transports know no feature.
 *
 *   source's events ──accepts──▶ project ──changes──▶ one commit with the cursor ──stored──▶ the projection's copy
 *
 * Rules:
 *   PR1  All changes of a delivery, of every projection, are committed with the cursor in one transaction, or not at all.
 *   PR2  `project` changes nothing; `stored` is called after the commit and never otherwise. After a failed commit or a
 *        conflict the copy is dropped and read again.
 *   PR3  A topic belongs to one projection.
 */
import type { GuildwireEvent } from "@guildwire/events";
import type { Grant, TopicAdmission, TopicChange, TopicEngine } from "@guildwire/live";

export interface Projection {
  /** Under this name its note is stored with the source. */
  readonly name: string;
  /** What its topics look like, for people: `voice/<guild id>/<view>`. */
  readonly topicForm: string;
  /** True for the types of events that `project` is to receive. */
  accepts(type: GuildwireEvent["type"]): boolean;
  /** Reads what is stored of a source. */
  open(stored: StoredSource): Promise<ProjectedSource>;
  /** `undefined`: the topic is not one of this projection. `grant`: what the ticket says; without one, what is open. */
  admit(topic: string, grant?: Grant): TopicAdmission | undefined;
  /** `undefined`: the topic is not one of this projection. */
  sourceOf(topic: string): string | undefined;
}

export interface StoredSource {
  readonly source: string;
  readonly engine: Pick<TopicEngine, "load">;
  /** The note this projection last returned; `undefined` when there is none. */
  readonly note: unknown;
  /** The source's whole note, in which the first projection's note lay before there were several; `undefined`: a new source. */
  readonly sourceNote: unknown;
}

/** A projection's copy of one source, as it is stored. */
export interface ProjectedSource {
  project(step: ProjectionStep): Projected;
}

export type ProjectionStep =
  /** In order; only accepted types, no `snapshot.part`. */
  | (StepTimes & {
      readonly type: "events";
      readonly events: readonly GuildwireEvent[];
      readonly restart: boolean;
    })
  /** Every topic restarts: positions of before were used for something else. */
  | (StepTimes & { readonly type: "restart" })
  /** The source has been silent for too long. */
  | (StepTimes & { readonly type: "silent" })
  /** The hub has started, maybe with other rules than those under which the topics were written. */
  | (StepTimes & { readonly type: "started" });

interface StepTimes {
  /** When what the step reports happened, Unix ms. */
  readonly atMs: number;
  /** Unix ms of the hub's clock. */
  readonly nowMs: number;
}

export interface Projected {
  /** Empty: nothing is different. */
  readonly changes: readonly TopicChange[];
  /** JSON to be kept beside the cursor. */
  readonly note: unknown;
  /** The changes and the note are stored: the copy continues from them (PR2). */
  stored(): void;
}
