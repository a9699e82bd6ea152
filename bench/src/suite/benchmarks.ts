/** All of them, in the order of RESULTS.md. */
import { INTAKE } from "../intake/intake.ts";
import type { AnyBenchmark } from "./benchmark.ts";

export const BENCHMARKS: readonly AnyBenchmark[] = [INTAKE];
