import { describe, expect, it } from "vitest";
import { explain, run } from "./model-run.ts";

const RUNS = 200;
const FIRST_SEED = 1;

describe("the client against the simulator under random faults", () => {
  it(`keeps its invariants and is live again afterwards, in ${RUNS} runs`, async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
      const { failure } = await run({ seed });
      if (failure !== undefined) expect.fail(await explain({ seed }));
    }
  }, 60_000);

  it("goes the same way each time a seed is played", async () => {
    const [first, second] = [await run({ seed: 7 }), await run({ seed: 7 })];
    expect(second).toEqual(first);
  });
});
