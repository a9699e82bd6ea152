/** What the server itself thinks of a client, at the end of a run. */
import type { SimStats } from "@guildwire/discord-sim";
import type { FaultKind } from "../fault-kinds.ts";
import { Violation } from "../observation.ts";

/** Unknown opcode, undecodable, authenticated twice, a sequence that never was, too fast. */
const BLAMING_CODES = [4001, 4002, 4005, 4007, 4008] as const;
const RATE_LIMITED = 4008;

export function assertServerIsContent(stats: SimStats, kinds: readonly FaultKind[]): void {
  const { framesBeforeHello, identifiesOnResumeUrl, closes } = stats;
  if (framesBeforeHello > 0)
    throw new Violation("the server hears nothing before Hello", `${framesBeforeHello}`);
  if (identifiesOnResumeUrl > 0) {
    throw new Violation("no Identify goes to the resume URL", `${identifiesOnResumeUrl}`);
  }
  // This fault closes with the same codes.
  if (kinds.includes("close")) return;
  const blamed = BLAMING_CODES.filter((code) => {
    // Frames that are held up for seconds and arrive with later ones are nobody's fault.
    return (closes[code] ?? 0) > 0 && !(code === RATE_LIMITED && kinds.includes("lateUp"));
  });
  if (blamed.length > 0) throw new Violation("the server finds no fault with a client", `${blamed}`);
}
