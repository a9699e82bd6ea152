/** All of them, in the order of RESULTS.md. */
import type { AnyBenchmark } from "./benchmark.ts";

export const BENCHMARKS: readonly AnyBenchmark[] = [];
