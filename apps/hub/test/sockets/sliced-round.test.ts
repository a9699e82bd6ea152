import { describe, expect, it } from "vitest";
import { createSlicedRounds, SLICE_MEMBERS } from "../../src/sockets/sliced-round.ts";

/** Visits of so many members, each of which takes its time; how many there were by the end of each turn. */
function visitsByTurn(members: number, visitMs: number): readonly number[] {
  let nowMs = 1_000;
  let visits = 0;
  let next: (() => void) | undefined;
  const rounds = createSlicedRounds<number>({
    members: new Set(Array.from({ length: members }, (_, index) => index)),
    soon(task) {
      next = task;
      return () => undefined;
    },
    nowMs: () => nowMs,
    onIdle: () => undefined,
  });
  rounds.start(() => {
    visits += 1;
    nowMs += visitMs;
  });
  const byTurn = [visits];
  while (next !== undefined) {
    const turn = next;
    next = undefined;
    turn();
    byTurn.push(visits);
  }
  return byTurn;
}

describe("a round in slices", () => {
  it("is done at once when it is less than a slice (R2)", () => {
    expect(visitsByTurn(SLICE_MEMBERS - 1, 0)).toEqual([499]);
  });

  it("visits so many members in one turn, when that is quick, and none in the turn that it is asked for in (R2)", () => {
    expect(visitsByTurn(2 * SLICE_MEMBERS + 1, 0)).toEqual([0, 500, 1_000, 1_001]);
  });

  it("ends a turn after 2 ms, looking at the clock now and then (R4)", () => {
    expect(visitsByTurn(250, 0.0105)).toEqual([200, 250]);
    expect(visitsByTurn(250, 0.021)).toEqual([100, 200, 250]);
  });

  it("goes on however slow a visit is", () => {
    expect(visitsByTurn(120, 1_000)).toEqual([50, 100, 120]);
  });
});
