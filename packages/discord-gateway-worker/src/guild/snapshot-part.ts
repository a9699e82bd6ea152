/**
 * A snapshot too large for one delivery, as parts that follow each other in the log: pure. A receiver has the snapshot
 * when it has all of them.
 */
import { type EventData, type Happening, SNAPSHOT_BYTES_MAX, SNAPSHOT_PARTS_MAX } from "@guildwire/events";

/** Bytes of a part's lists, softly: small enough for company in a batch, and to be taken in one turn. */
const PART_BYTES = 192 * 1024;

type Snapshot = EventData<"guild.snapshot">;
type Lists = Pick<Snapshot, "rooms" | "categories" | "occupants">;

export function isSnapshot(type: string): boolean {
  return type === "guild.snapshot" || type === "snapshot.part";
}

/** Whether a receiver that knows nothing can begin with this entry of the log; `data` is JSON text. */
export function beginsSnapshot({ type, data }: { readonly type: string; readonly data: string }): boolean {
  if (type !== "snapshot.part") return type === "guild.snapshot";
  return (JSON.parse(data) as { readonly part: number }).part === 1;
}

/** The happening itself, unless it is a snapshot that must be cut. */
export function inParts(happening: Happening): readonly Happening[] {
  if (happening.type !== "guild.snapshot") return [happening];
  const bytes = bytesOf(happening.data);
  if (bytes <= SNAPSHOT_BYTES_MAX) return [happening];
  const { rooms, categories, occupants, compacted, ...frame } = happening.data;
  // Two parts that follow each other are together above the bound, so there are never more of them than there may be.
  const bytesMax = Math.max(PART_BYTES, Math.ceil((2 * bytes) / (SNAPSHOT_PARTS_MAX - 1)));
  const parts = cutInto({ rooms, categories, occupants }, bytesMax);
  return parts.map((lists, index) => ({
    type: "snapshot.part",
    data: {
      part: index + 1,
      parts: parts.length,
      ...frame,
      ...lists,
      ...(index === 0 && compacted !== undefined && { compacted }),
    },
  }));
}

function cutInto({ rooms, categories, occupants }: Lists, bytesMax: number): readonly Lists[] {
  const emptyPart = (): Lists => ({ rooms: [], categories: [], occupants: [] });
  let open = emptyPart();
  let bytes = 0;
  const parts = [open];
  const placed = <Item>(items: readonly Item[], listOf: (part: Lists) => Item[]): void => {
    for (const item of items) {
      const more = bytesOf(item);
      if (bytes > 0 && bytes + more > bytesMax) {
        open = emptyPart();
        parts.push(open);
        bytes = 0;
      }
      bytes += more;
      listOf(open).push(item);
    }
  };
  placed(categories, (part) => part.categories);
  placed(rooms, (part) => part.rooms);
  placed(occupants, (part) => part.occupants);
  return parts;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
