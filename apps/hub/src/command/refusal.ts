/** How this process refuses what it cannot do. */
import { createRefusal } from "@guildwire/runtime/process";
import { APP } from "../log.ts";

export const REFUSAL = createRefusal(APP);
export const { refuse, refuseConfiguration } = REFUSAL;
