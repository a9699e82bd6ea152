/** What is kept with a source's cursor: in the engine it is JSON of any shape, here it is read and written. */
import { z } from "zod";
import { UNNAMED_FINGERPRINT } from "../views/views.ts";
import type { Said } from "../voice-topic/project.ts";

const noteSchema = z.object({
  said: z
    .object({
      status: z.enum(["live", "resync", "stale", "outage", "gone"]),
      since: z.number(),
      reason: z.string().optional(),
    })
    .optional(),
  replacedEpochs: z.array(z.string()),
  newestAtMs: z.number(),
  heardAtMs: z.number(),
  views: z.record(z.string(), z.string()).optional(),
  app: z.string().optional(),
  fence: z.number().optional(),
});

export interface SourceNote {
  readonly said: Said | undefined;
  readonly replacedEpochs: readonly string[];
  /** Timestamp of the newest event applied, Unix ms. */
  readonly newestAtMs: number;
  /** When this source was last heard, Unix ms of the hub's clock, as of the last delivery that changed something. */
  readonly heardAtMs: number;
  /** Under which rules the topics of this source's views were written. */
  readonly views: Readonly<Record<string, string>>;
  /** The application whose shards say whether this source's worker lives; absent while it sends the single form. */
  readonly app?: string | undefined;
  /** The highest fence of a delivery: a worker with a lower one does not own the source any more. */
  readonly fence?: number | undefined;
}

/** Before there were views, one topic told everything. */
const BEFORE_VIEWS: SourceNote["views"] = { public: UNNAMED_FINGERPRINT };

/** Throws when the engine holds something this version did not write: that is no input, it is a broken store. */
export function readSourceNote(note: unknown): SourceNote {
  const { said, views = BEFORE_VIEWS, ...rest } = noteSchema.parse(note);
  return { said, views, ...rest };
}

export const FIRST_NOTE: SourceNote = {
  said: undefined,
  replacedEpochs: [],
  newestAtMs: 0,
  heardAtMs: 0,
  views: {},
};
