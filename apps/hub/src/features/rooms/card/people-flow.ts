/** People side by side in lines, as many as fit; the others become a number. Pure layout, no markup. */
import type { PersonView } from "@guildwire/client";
import { fittedText, textWidth } from "./text-width.ts";
import { cleanLine } from "./xml.ts";

export const FACE_PX = 18;
export const NAME_SIZE_PX = 12;
export const LINE_PX = 26;
const NAME_PX_MAX = 116;
const FACE_GAP_PX = 6;
const PERSON_GAP_PX = 13;
const CROWDED_GAP_PX = 5;

export interface PlacedPerson {
  readonly person: PersonView;
  readonly xPx: number;
  readonly line: number;
  /** As it is shown; `undefined` when names are off. */
  readonly name: string | undefined;
}

export interface PeopleFlow {
  readonly placed: readonly PlacedPerson[];
  /** How many are not shown, and where their number stands. */
  readonly more: { readonly count: number; readonly xPx: number; readonly line: number } | undefined;
  readonly lines: number;
}

export interface FlowSpace {
  readonly widthPx: number;
  readonly linesMax: number;
  readonly names: boolean;
}

export function flowPeople(people: readonly PersonView[], space: FlowSpace): PeopleFlow {
  const placed = place(people, space);
  const linesOf = (shown: number): number => (placed[shown - 1]?.line ?? -1) + 1;
  if (placed.length === people.length) return { placed, more: undefined, lines: linesOf(placed.length) };
  // Whoever stands where the number must go makes room for it.
  for (let shown = placed.length; ; shown--) {
    const last = placed[shown - 1];
    const xPx = last === undefined ? 0 : last.xPx + personWidth(last.name) + gapOf(space);
    const count = people.length - shown;
    if (last !== undefined && xPx + textWidth(`+${count}`, NAME_SIZE_PX, "bold") > space.widthPx) continue;
    const more = { count, xPx, line: last?.line ?? 0 };
    return { placed: placed.slice(0, shown), more, lines: Math.max(1, linesOf(shown)) };
  }
}

function place(people: readonly PersonView[], space: FlowSpace): readonly PlacedPerson[] {
  const placed: PlacedPerson[] = [];
  let line = 0;
  let xPx = 0;
  for (const person of people) {
    const name = space.names ? shownName(person) : undefined;
    const widthPx = personWidth(name);
    if (xPx > 0 && xPx + widthPx > space.widthPx) {
      line += 1;
      xPx = 0;
    }
    if (line >= space.linesMax) break;
    placed.push({ person, xPx, line, name });
    xPx += widthPx + gapOf(space);
  }
  return placed;
}

function gapOf({ names }: FlowSpace): number {
  return names ? PERSON_GAP_PX : CROWDED_GAP_PX;
}

function shownName(person: PersonView): string {
  return fittedText(cleanLine(person.name) || "?", NAME_SIZE_PX, NAME_PX_MAX);
}

function personWidth(name: string | undefined): number {
  return name === undefined ? FACE_PX : FACE_PX + FACE_GAP_PX + textWidth(name, NAME_SIZE_PX);
}

export const NAME_OFFSET_PX = FACE_PX + FACE_GAP_PX;
