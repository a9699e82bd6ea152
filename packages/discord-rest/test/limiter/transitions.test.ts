import { describe, expect, it } from "vitest";
import type { StateName } from "../../src/limiter/state.ts";
import { cell, INPUT_NAMES, repeatCell, STATES } from "./transition-cases.ts";
import { TRANSITIONS } from "./transition-table.ts";

describe.each(Object.keys(STATES) as StateName[])("in %s", (state) => {
  it.each(INPUT_NAMES)("%s does what the table says", (input) => {
    expect(cell(state, input)).toBe(TRANSITIONS[state][input]);
  });
});

describe("a call that is safe to repeat", () => {
  it.each([
    ["answered500", ""],
    ["lost", ""],
    ["wokeAtTimeout", "x1"],
    ["cancelledUnderWay", "x1 1:unknown/cancelled"],
  ] as const)("waits again after %s, unless it was cancelled", (input, effects) => {
    expect(repeatCell(input)).toBe(effects);
  });
});
