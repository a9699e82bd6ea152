/** What is kept with a source's cursor: in the engine it is JSON of any shape, here it is read and written. */
import { z } from "zod";

const noteSchema = z.object({
  replacedEpochs: z.array(z.string()),
  newestAtMs: z.number(),
  heardAtMs: z.number(),
  app: z.string().optional(),
  fence: z.number().optional(),
  projections: z.record(z.string(), z.unknown()).default({}),
});

export interface SourceNote {
  readonly replacedEpochs: readonly string[];
  /** Timestamp of the newest event applied, Unix ms. */
  readonly newestAtMs: number;
  /** When this source was last heard, Unix ms of the hub's clock, as of the last delivery that changed something. */
  readonly heardAtMs: number;
  /** The application whose shards say whether this source's worker lives; absent while it sends the single form. */
  readonly app?: string | undefined;
  /** The highest fence of a delivery: a worker with a lower one does not own the source any more. */
  readonly fence?: number | undefined;
  /** What each projection keeps, by its name. */
  readonly projections: Readonly<Record<string, unknown>>;
}

/** Throws when the engine holds something this version did not write: that is no input, it is a broken store. */
export function readSourceNote(note: unknown): SourceNote {
  return noteSchema.parse(note);
}

export const FIRST_NOTE: SourceNote = { replacedEpochs: [], newestAtMs: 0, heardAtMs: 0, projections: {} };
