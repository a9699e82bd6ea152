/**
 * Snapshots that come in parts: pure. What has come of one is kept until its last part is there; then it is a snapshot
 * like any other, and nobody has seen a piece of it.
 *
 *   kept parts + events ──▶ events with whole snapshots in place of their last parts + the parts that are kept now
 *
 * Rules:
 *   A1  Parts follow each other: the next event after part n of m is part n + 1 of m. Anything else, a tombstone among
 *       it, and the snapshot cannot be had any more: the worker is asked for another.
 *   A2  The first part begins anew, whatever is kept.
 *   A3  A snapshot has the place and the time of its last part.
 */
import type { EventData, GuildwireEvent, ReceivedDelivery } from "@guildwire/events";

export type ReceivedEvent = ReceivedDelivery["events"][number];
export type SnapshotPart = EventData<"snapshot.part">;

/** Whether what came before this event need not be known. */
export function beginsSnapshot({ known, event }: ReceivedEvent): boolean {
  return (
    known && (event.type === "guild.snapshot" || (event.type === "snapshot.part" && event.data.part === 1))
  );
}

export interface Assembled {
  /** Without parts, and without what this version does not know. */
  readonly told: readonly GuildwireEvent[];
  readonly parts: readonly SnapshotPart[];
}

/** `undefined`: the parts do not follow each other (A1). */
export function assemble(
  kept: readonly SnapshotPart[],
  received: readonly ReceivedEvent[],
): Assembled | undefined {
  const told: GuildwireEvent[] = [];
  let open = kept;
  for (const one of received) {
    const part = one.known && one.event.type === "snapshot.part" ? one.event.data : undefined;
    if (part === undefined ? open.length > 0 : !isNext(open, part)) return undefined;
    if (part === undefined) {
      if (one.known) told.push(one.event);
      continue;
    }
    open = part.part === 1 ? [part] : [...open, part];
    if (part.part < part.parts) continue;
    const { seq, id, timestamp } = one.event;
    told.push({ seq, id, timestamp, type: "guild.snapshot", data: whole(open) });
    open = [];
  }
  return { told, parts: open };
}

function isNext(open: readonly SnapshotPart[], { part, parts }: SnapshotPart): boolean {
  const before = open.at(-1);
  return part === 1 || (before?.part === part - 1 && before.parts === parts);
}

function whole(parts: readonly SnapshotPart[]): EventData<"guild.snapshot"> {
  const [first] = parts;
  if (first === undefined) throw new Error("invariant broken: a snapshot has parts");
  const { part: _part, parts: _parts, ...frame } = first;
  return {
    ...frame,
    rooms: parts.flatMap(({ rooms }) => rooms),
    categories: parts.flatMap(({ categories }) => categories),
    occupants: parts.flatMap(({ occupants }) => occupants),
  };
}
