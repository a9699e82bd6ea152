/** A position as text, `epoch:offset`: in tags, event ids and addresses. */
import type { Position } from "@guildwire/live";

const POSITION = /^([\w-]{1,64}):(\d{1,16})$/;

export function positionText({ epoch, offset }: Position): string {
  return `${epoch}:${offset}`;
}

export function readPosition(text: string): Position | undefined {
  const [, epoch, digits] = POSITION.exec(text) ?? [];
  const offset = Number(digits);
  return epoch === undefined || !Number.isSafeInteger(offset) ? undefined : { epoch, offset };
}
