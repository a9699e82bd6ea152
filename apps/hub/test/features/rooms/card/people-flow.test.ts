import type { PersonView } from "@guildwire/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flowPeople } from "../../../../src/features/rooms/card/people-flow.ts";
import { textWidth } from "../../../../src/features/rooms/card/text-width.ts";
import { crowd, roomsOf } from "./card-rooms.ts";

const peopleOf = (names: readonly string[]): readonly PersonView[] => [
  ...roomsOf({ Lounge: names }).people.values(),
];

describe("people on a card", () => {
  it("stand in lines, in their order", () => {
    const flow = flowPeople(peopleOf(crowd(6)), { widthPx: 300, linesMax: 4, names: true });
    expect(flow.placed.map(({ name }) => name)).toEqual(crowd(6));
    expect(flow.placed.map(({ line }) => line)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(flow).toMatchObject({ more: undefined, lines: 2 });
  });

  it("become a number where the space ends", () => {
    const flow = flowPeople(peopleOf(crowd(500)), { widthPx: 300, linesMax: 2, names: true });
    expect(flow.more).toMatchObject({ count: 500 - flow.placed.length, line: 1 });
    expect(flow.lines).toBe(2);
  });

  it("stand closer without names", () => {
    const withNames = flowPeople(peopleOf(crowd(40)), { widthPx: 300, linesMax: 1, names: true });
    const without = flowPeople(peopleOf(crowd(40)), { widthPx: 300, linesMax: 1, names: false });
    expect(without.placed.length).toBeGreaterThan(2 * withNames.placed.length);
    expect(without.placed[0]?.name).toBeUndefined();
  });

  it("never reach over the edge, overlap or go missing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 60 }),
        fc.integer({ min: 220, max: 860 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (names, widthPx, linesMax, withNames) => {
          const people = peopleOf(names);
          const flow = flowPeople(people, { widthPx, linesMax, names: withNames });
          expect(flow.placed.length + (flow.more?.count ?? 0)).toBe(people.length);
          expect(flow.lines).toBeLessThanOrEqual(linesMax);
          const endPx = new Map<number, number>();
          for (const { xPx, line, name } of flow.placed) {
            expect(xPx).toBeGreaterThanOrEqual(endPx.get(line) ?? 0);
            endPx.set(line, xPx + 18 + (name === undefined ? 0 : 6 + textWidth(name, 12)));
          }
          if (flow.more !== undefined) {
            const { xPx, line, count } = flow.more;
            expect(xPx).toBeGreaterThanOrEqual(endPx.get(line) ?? 0);
            endPx.set(line, xPx + textWidth(`+${count}`, 12, "bold"));
          }
          for (const end of endPx.values()) expect(end).toBeLessThanOrEqual(widthPx);
        },
      ),
    );
  });
});
