/** What the rooms keep beside a source's cursor: JSON of any shape in the engine, read and written here. */
import { z } from "zod";
import { UNNAMED_FINGERPRINT } from "../../../views/views.ts";
import type { Said } from "./project.ts";

const noteSchema = z.object({
  said: z
    .object({
      status: z.enum(["live", "resync", "stale", "outage", "gone"]),
      since: z.number(),
      reason: z.string().optional(),
    })
    .optional(),
  views: z.record(z.string(), z.string()).optional(),
});

export interface RoomsNote {
  readonly said: Said | undefined;
  /** Under which rules the topics of this source's views were written. */
  readonly views: Readonly<Record<string, string>>;
}

/** Before there were views, one topic showed everything. */
const BEFORE_VIEWS: RoomsNote["views"] = { public: UNNAMED_FINGERPRINT };

export const FIRST_NOTE: RoomsNote = { said: undefined, views: {} };

/** Throws when the engine holds something this version did not write: that is no input, it is a broken store. */
export function readRoomsNote(note: unknown): RoomsNote {
  const { said, views = BEFORE_VIEWS } = noteSchema.parse(note);
  return { said, views };
}
