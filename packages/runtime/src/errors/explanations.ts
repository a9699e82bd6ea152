import { DELIVERY_EXPLANATIONS } from "./delivery-explanations.ts";
import { DISCORD_EXPLANATIONS } from "./discord-explanations.ts";
import type { ErrorName } from "./error-code.ts";
import { PROCESS_EXPLANATIONS } from "./process-explanations.ts";
import type { Explanation } from "./prose.ts";

/** One for each code; the type checker misses none. */
export const EXPLANATIONS: Readonly<Record<ErrorName, Explanation>> = {
  ...DISCORD_EXPLANATIONS,
  ...DELIVERY_EXPLANATIONS,
  ...PROCESS_EXPLANATIONS,
};
