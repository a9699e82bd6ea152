import { CLOSE_CODES } from "./close-codes.ts";
import { GREETINGS } from "./greeting.ts";
import { LOSSES } from "./loss.ts";
import { RESUMINGS } from "./resuming.ts";
import type { Scenario } from "./scenario.ts";

/** The rows of the matrix, in order. */
export const SCENARIOS: readonly Scenario[] = [...LOSSES, ...GREETINGS, ...RESUMINGS, ...CLOSE_CODES];
