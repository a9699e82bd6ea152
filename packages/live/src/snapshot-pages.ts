/** A topic's map cut into frames of at most `ENTRIES_PER_PAGE_MAX` entries and `PAGE_CHARACTERS_MAX` characters. */
import type { ServerMessage } from "./message.ts";
import type { TopicSnapshot } from "./topic-log.ts";

export const ENTRIES_PER_PAGE_MAX = 500;
/** Of the entries' JSON; one entry larger than this makes a page of its own. */
export const PAGE_CHARACTERS_MAX = 131_072;

type SnapMessage = Extract<ServerMessage, { readonly t: "snap" }>;

/** At least one page: an empty map is an empty last page. */
export function snapshotPages(topic: string, snapshot: TopicSnapshot): readonly SnapMessage[] {
  const pages: (typeof snapshot.entries)[number][][] = [[]];
  let characters = 0;
  for (const entry of snapshot.entries) {
    const size = JSON.stringify(entry).length + 1;
    const page = pages.at(-1) ?? [];
    const isFull =
      page.length >= ENTRIES_PER_PAGE_MAX || (page.length > 0 && characters + size > PAGE_CHARACTERS_MAX);
    if (isFull) {
      pages.push([entry]);
      characters = size;
    } else {
      page.push(entry);
      characters += size;
    }
  }
  const { epoch: e, offset: o } = snapshot.position;
  return pages.map((s, index) => ({
    t: "snap",
    topic,
    e,
    o,
    page: index + 1,
    last: index === pages.length - 1,
    dg: snapshot.digest,
    s,
  }));
}
