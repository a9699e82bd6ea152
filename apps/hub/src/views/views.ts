/** The views of this hub, ready for use: their rules, their secret for made-up names, and by what one tells a change. */
import { createHash, createHmac, type KeyObject } from "node:crypto";
import { derivedKey } from "../derived-key.ts";
import type { View } from "./view.ts";

export interface Views {
  readonly list: readonly View[];
  get(name: string): View | undefined;
  /** In the order of the list. */
  readonly projections: readonly NamedProjection[];
}

/** Of any text a short one in hexadecimal digits, which only the holder of a secret can make. */
export type PseudonymOf = (text: string) => string;

export interface NamedProjection {
  readonly view: View;
  readonly pseudonymOf: PseudonymOf;
  /** The same as long as the view shows the same: what is stored under another one must be forgotten. */
  readonly fingerprint: string;
}

/** Of a topic written before there were views: everything, to anyone, under the name `public`. */
export const UNNAMED_FINGERPRINT = "everything";

const PSEUDONYM_DIGITS = 16;

export function createViews(list: readonly View[], hubKey: KeyObject): Views {
  const secret = derivedKey(hubKey, "guildwire view pseudonyms");
  const pseudonymOf: PseudonymOf = (text) =>
    createHmac("sha256", secret).update(text).digest("hex").slice(0, PSEUDONYM_DIGITS);
  const byName = new Map(list.map((view) => [view.name, view]));
  return {
    list,
    get: (name) => byName.get(name),
    projections: list.map((view) => ({
      view,
      pseudonymOf,
      fingerprint: fingerprintOf(view, pseudonymOf("which secret this is")),
    })),
  };
}

/** Who may see a view is asked at the door, not in the log, so `access` is no part of it. */
function fingerprintOf({ rooms, people, show, optOut }: View, secretMark: string): string {
  const sorted = (ids: Iterable<string>): readonly string[] => [...ids].sort();
  const rules = JSON.stringify([
    rooms.only === undefined ? null : sorted(rooms.only),
    sorted(rooms.except),
    sorted(rooms.kinds),
    people.shown,
    people.bots,
    [show.avatars, show.flags, show.status, show.times],
    sorted(optOut),
    // Of `none`: which says so in the topic itself, as it did not always.
    { anonymous: secretMark, none: "said", named: "" }[people.shown],
  ]);
  return rules === EVERYTHING
    ? UNNAMED_FINGERPRINT
    : createHash("sha256").update(rules).digest("hex").slice(0, 24);
}

const EVERYTHING = JSON.stringify([
  null,
  [],
  ["stage", "voice"],
  "named",
  true,
  [true, true, true, true],
  [],
  "",
]);
