/**
 * One seeded run: the real client against the simulator on a virtual time, under faults, then calm. Rules: all chance
 * comes from the seed, a fork per step, so that leaving out steps or kinds of faults shifts nothing else; the checks
 * see everything from the first moment; when the faults have stopped the client is live and up to date within
 * `LIVE_WITHIN_MS`; at the end nothing of it is left.
 */
import type { FaultKind } from "./fault-kinds.ts";
import { Model } from "./model.ts";

export interface RunOptions {
  readonly seed: number;
  /** Default 25. */
  readonly steps?: number;
  /** Kinds left out although the seed has them. */
  readonly without?: readonly FaultKind[];
}

export interface RunReport {
  readonly kinds: readonly FaultKind[];
  readonly faults: number;
  readonly dials: number;
  readonly dispatches: number;
  readonly virtualMs: number;
  readonly observations: number;
  /** The latest lines of the trace. */
  readonly trace: readonly string[];
  /** `undefined` when all rules held. */
  readonly failure: Error | undefined;
}

export const STEPS = 25;

export async function run(options: RunOptions): Promise<RunReport> {
  const model = await Model.create(options);
  try {
    await model.play(options.steps ?? STEPS);
    return model.report(undefined);
  } catch (failure) {
    return model.report(failure instanceof Error ? failure : new Error(String(failure)));
  } finally {
    await model.close();
  }
}

/** The same failure from as few kinds of faults and steps as can be found by leaving one out at a time. */
export async function shrink(options: RunOptions): Promise<RunOptions> {
  let smallest = options;
  for (const kind of (await run(options)).kinds) {
    const candidate = { ...smallest, without: [...(smallest.without ?? []), kind] };
    if ((await run(candidate)).failure !== undefined) smallest = candidate;
  }
  for (let steps = 0; steps < (smallest.steps ?? STEPS); steps += 1) {
    const candidate = { ...smallest, steps };
    if ((await run(candidate)).failure !== undefined) return candidate;
  }
  return smallest;
}

/** What to read when a run has failed: how to see it again, what broke, and what led to it. */
export async function explain(options: RunOptions): Promise<string> {
  const smallest = await shrink(options);
  const { failure, trace, kinds } = await run(smallest);
  const without = smallest.without?.length ? ` --without ${smallest.without.join(",")}` : "";
  return [
    `seed ${options.seed}: ${failure?.message ?? "did not fail again: the run is not repeated by its seed"}`,
    `again: node tools/soak.ts --seed ${options.seed} --steps ${smallest.steps ?? STEPS}${without}`,
    `faults: ${kinds.join(" ")}`,
    ...trace,
  ].join("\n");
}
