import type { PlainSearch } from "../../../plain-search.ts";
import { readWords } from "./query-options.ts";

const WORDS = {
  theme: ["auto", "light", "dark"],
  background: ["card", "none"],
  empty: ["count", "list"],
} as const;
const STANDARD = { theme: "auto", background: "card", empty: "count" } as const;

export interface EmbedOptions {
  /** `auto`: as the reader's system is. */
  readonly theme: "auto" | "light" | "dark";
  /** `none`: the page around it shows through. */
  readonly background: "card" | "none";
  /** Rooms nobody is in: as a number, or each by name. */
  readonly empty: "count" | "list";
  /** Ids of the rooms to show; `undefined` = all. */
  readonly rooms: ReadonlySet<string> | undefined;
  readonly problems: readonly string[];
}

const ROOMS_MAX = 100;

export function readEmbedOptions(search: PlainSearch): EmbedOptions {
  const { options, problems } = readWords(search, WORDS, STANDARD);
  const ids = search["rooms"]?.split(",").filter((id) => id !== "");
  const isList = ids === undefined || (ids.length <= ROOMS_MAX && ids.every((id) => /^\d{1,20}$/.test(id)));
  const roomsProblem = `rooms must be up to ${ROOMS_MAX} room ids with commas between; leave it out for all`;
  return {
    ...options,
    rooms: ids === undefined || !isList ? undefined : new Set(ids),
    problems: isList ? problems : [...problems, roomsProblem],
  };
}
