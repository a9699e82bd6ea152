/**
 * A step of a topic's log: what leads from one offset to a later one. A set without a revision has the offset the
 * delta ends at. Because ops are absolute, deltas that follow each other squash into one: the last op per key.
 */
import type { Op } from "./op.ts";

export interface Delta {
  readonly epoch: string;
  /** The offset this starts from. */
  readonly from: number;
  /** The offset this ends at; always greater than `from`. */
  readonly to: number;
  /** When the newest of these changes happened, Unix ms. */
  readonly atMs: number;
  readonly ops: readonly Op[];
}

/** One delta for all of them, or `undefined` for none. They must follow each other in one epoch. */
export function squashDeltas(deltas: readonly Delta[]): Delta | undefined {
  const first = deltas[0];
  const last = deltas.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (first === last) return first;

  const { cleared, byKey } = lastOps(deltas);
  const ops: Op[] = cleared ? [["c"]] : [];
  for (const op of byKey.values()) {
    // After a clear there is nothing to delete.
    if (op[0] === "d" && cleared) continue;
    ops.push(op[0] === "s" && op[3] === last.to ? ["s", op[1], op[2]] : op);
  }
  const atMs = Math.max(...deltas.map((delta) => delta.atMs));
  return { epoch: last.epoch, from: first.from, to: last.to, atMs, ops };
}

/** The last op of each key since the last clear, in the order of these ops; sets with the revision they really have. */
function lastOps(deltas: readonly Delta[]): {
  readonly cleared: boolean;
  readonly byKey: ReadonlyMap<string, Op>;
} {
  let cleared = false;
  const byKey = new Map<string, Op>();
  for (const delta of deltas) {
    for (const op of delta.ops) {
      if (op[0] === "c") {
        cleared = true;
        byKey.clear();
        continue;
      }
      byKey.delete(op[1]);
      byKey.set(op[1], op[0] === "s" ? ["s", op[1], op[2], op[3] ?? delta.to] : op);
    }
  }
  return { cleared, byKey };
}
