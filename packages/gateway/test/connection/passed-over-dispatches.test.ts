import { describe, expect, it } from "vitest";
import { PassedOverDispatches } from "../../src/connection/passed-over-dispatches.ts";

function setUp() {
  const runs: (readonly [connection: number, firstSeq: number, lastSeq: number])[] = [];
  const passedOver = new PassedOverDispatches((...run) => runs.push(run));
  return { runs, passedOver };
}

describe("dispatches that were passed over", () => {
  it("are one run while their sequences follow one another", async () => {
    const { runs, passedOver } = setUp();
    for (const seq of [5, 6, 7]) passedOver.add(1, { seq, name: "X" });
    expect(runs).toEqual([]);
    await Promise.resolve();
    expect(runs).toEqual([[1, 5, 7]]);
  });

  it("are told of once, however often it is asked for", async () => {
    const { runs, passedOver } = setUp();
    passedOver.add(1, { seq: 5, name: "X" });
    passedOver.flush();
    passedOver.flush();
    await Promise.resolve();
    passedOver.add(1, { seq: 6, name: "X" });
    await Promise.resolve();
    expect(runs).toEqual([
      [1, 5, 5],
      [1, 6, 6],
    ]);
  });

  it.each([
    { what: "a gap", second: [1, 7] },
    { what: "a repeat", second: [1, 5] },
    { what: "another connection", second: [2, 6] },
  ] as const)("begin a new run behind $what", ({ second: [connection, seq] }) => {
    const { runs, passedOver } = setUp();
    passedOver.add(1, { seq: 5, name: "X" });
    passedOver.add(connection, { seq, name: "X" });
    passedOver.flush();
    expect(runs).toEqual([
      [1, 5, 5],
      [connection, seq, seq],
    ]);
  });

  it("begin with sequence 0 as with any other", () => {
    const { runs, passedOver } = setUp();
    passedOver.add(0, { seq: 0, name: "X" });
    passedOver.flush();
    expect(runs).toEqual([[0, 0, 0]]);
  });

  it("are counted by name, and together beyond the bound", () => {
    const { passedOver } = setUp();
    for (let name = 0; name < 200; name += 1) passedOver.add(1, { seq: name, name: `N${name}` });
    passedOver.add(1, { seq: 200, name: "N0" });
    const counts = passedOver.byName();
    expect(counts.get("N0")).toBe(2);
    expect(counts.get("other")).toBe(72);
    expect(counts.size).toBe(129);
  });
});
