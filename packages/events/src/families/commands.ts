import * as z from "zod";

/** Why a command failed. `code` is ours, `discordCode` Discord's own where it answered with one. */
export const commandErrorSchema = z.object({
  code: z.string(),
  discordCode: z.int().optional(),
  message: z.string(),
});
export type CommandError = z.infer<typeof commandErrorSchema>;

const commandId = z.string().min(1).max(128);

/** The events of `app/<application>/commands/<receiver>`: how the receiver's own commands ended. */
export const COMMANDS_EVENTS = {
  "command.done": z.object({ id: commandId, kind: z.string(), result: z.unknown() }),
  "command.failed": z.object({ id: commandId, kind: z.string(), error: commandErrorSchema }),
  /** The call was sent and its answer was lost: it may have happened, and is not repeated. */
  "command.unknown": z.object({ id: commandId, kind: z.string() }),
} as const satisfies Record<string, z.ZodType>;
