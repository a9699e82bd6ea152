/** Of which views a history is kept, and what of it: no more than the view tells while it happens. */

import type { Views } from "../../../views/views.ts";
import { readVoiceTopic } from "../projection/rooms-topics.ts";
import type { Kept } from "./topic-history.ts";

export function keptOf(views: Views, topic: string): Kept | undefined {
  const view = views.get(readVoiceTopic(topic)?.view ?? "");
  // Without people there is nothing to count: every room would seem empty.
  if (view === undefined || view.people.shown === "none") return undefined;
  return view.show.times ? "everything" : "counts";
}
