/** All of them, in the order of RESULTS.md. */
import { BACKLOG } from "../delivery/backlog.ts";
import { DELIVERY } from "../delivery/delivery.ts";
import { END_TO_END } from "../end-to-end/end-to-end.ts";
import { FAN_OUT } from "../fan-out/fan-out.ts";
import { GROWTH } from "../growth/growth.ts";
import { INTAKE } from "../intake/intake.ts";
import { MEMORY } from "../memory/memory.ts";
import { REST } from "../rest/rest.ts";
import { START } from "../start/start.ts";
import type { AnyBenchmark } from "./benchmark.ts";

export const BENCHMARKS: readonly AnyBenchmark[] = [
  INTAKE,
  MEMORY,
  START,
  DELIVERY,
  END_TO_END,
  FAN_OUT,
  REST,
  BACKLOG,
  GROWTH,
];
