/**
 * How far one receiver has one stream, and what it will never get of it: pure.
 *
 *   acknowledged ≤ seq │ from … to: a jump, rendered for this receiver │ to + 1 …: sent as stored
 *
 * Rules:
 *   CURSOR-1  A jump is stored with the cursor before anything behind it is sent, so no number disappears silently.
 *   CURSOR-2  A jump ends when the receiver has acknowledged what stands for it: in a fact stream `events.lost` at
 *             `to`, in a state stream the snapshot and the status up to `through`.
 *   CURSOR-3  Jumps that touch become one. Its reason is that of the older one.
 */
export type JumpReason = "joined" | "bound" | "reset" | "epoch";

export interface Jump {
  readonly from: number;
  readonly to: number;
  /** Events that are not sent; `null` when that is not known. */
  readonly count: number | null;
  readonly reason: JumpReason;
  /** The last event that mentions the jump: `to` in a fact stream. */
  readonly through: number;
}

export interface Cursor {
  readonly receiver: string;
  readonly stream: string;
  /** Everything up to here is acknowledged. */
  readonly seq: number;
  readonly jump: Jump | null;
  /** The highest fence this receiver has reported for this stream; above the stream's own, nothing is sent. */
  readonly fence: number;
}

/** Where reading the log continues. */
export function readAfter({ seq, jump }: Cursor): number {
  return Math.max(seq, jump?.to ?? 0);
}

/** The cursor once everything up to `seq` is acknowledged. */
export function acknowledged(cursor: Cursor, seq: number): Cursor {
  const { jump } = cursor;
  const next = { ...cursor, seq: Math.max(cursor.seq, seq) };
  if (jump === null) return next;
  if (seq >= jump.through) return { ...next, jump: null };
  if (seq < jump.from || seq >= jump.to) return next;
  const from = seq + 1;
  return { ...next, jump: { ...jump, from, count: jump.count === null ? null : jump.to - from + 1 } };
}

/** The cursor with one more jump, behind everything it had. */
export function jumped(cursor: Cursor, jump: Jump): Cursor {
  const { jump: before } = cursor;
  if (before === null) return { ...cursor, jump };
  const count = before.count === null || jump.count === null ? null : before.count + jump.count;
  return {
    ...cursor,
    jump: { ...jump, from: Math.min(before.from, jump.from), count, reason: before.reason },
  };
}
