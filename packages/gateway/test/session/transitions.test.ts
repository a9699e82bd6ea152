import { describe, expect, it } from "vitest";
import type { StateName } from "../../src/session/state.ts";
import { cell, INPUTS, type InputName, STATES } from "./transition-cases.ts";
import { TRANSITIONS } from "./transition-table.ts";

describe.each(Object.keys(STATES) as StateName[])("in %s", (state) => {
  it.each(Object.keys(INPUTS) as InputName[])("%s does what the table says", (input) => {
    expect(cell(state, input)).toBe(TRANSITIONS[state][input]);
  });
});
