/** How this process refuses what it cannot do. */
import { unreadableEnvFiles } from "@guildwire/runtime";
import type { ExitCode } from "@guildwire/runtime/errors";
import { createRefusal } from "@guildwire/runtime/process";

/** As logs call this process. */
export const APP = "guildwire-worker";

export const REFUSAL = createRefusal(APP);
export const { refuse } = REFUSAL;

/** Also names the `.env` files here that cannot be read. */
export function refuseConfiguration(mistakes: readonly string[]): ExitCode {
  return REFUSAL.refuseConfiguration([...mistakes, ...unreadableEnvFiles(process.cwd())]);
}
