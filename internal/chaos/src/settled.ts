/** Whether all is true again: world, replica, and the cursors of worker and hub. Says what is not, or nothing. */
import { PersonFlag, type VoiceEntry } from "@guildwire/client/rooms";
import { pause, type Rig } from "./rig.ts";

interface World {
  readonly rooms: readonly WorldRoom[];
}

interface WorldRoom {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly position: number;
  readonly parentId: string | null;
  readonly userLimit: number;
  readonly status: string | null;
  readonly people: readonly Person[];
}

type Person = Readonly<Record<string, boolean>> & {
  readonly id: string;
  readonly name: string;
};

const POLL_MS = 200;

export interface Settling {
  readonly afterMs: number;
  /** What was still not true at the end of the time; `undefined` when all was. */
  readonly difference: string | undefined;
}

/** Polls until all is true, for at most `boundMs`. Life must stand still. */
export async function settle(rig: Rig, boundMs: number): Promise<Settling> {
  const startedAtMs = performance.now();
  for (;;) {
    const difference = await differenceNow(rig).catch((error: unknown) => `not answered: ${String(error)}`);
    const afterMs = Math.round(performance.now() - startedAtMs);
    if (difference === undefined || afterMs > boundMs) return { afterMs, difference };
    await pause(POLL_MS);
  }
}

async function differenceNow(rig: Rig): Promise<string | undefined> {
  const { outbox, state } = await rig.workerHealth();
  if (state !== "CONNECTED") return `the worker is ${state}`;
  if (outbox.waiting > 0) return `${outbox.waiting} events wait in the worker`;
  if (outbox.parked > 0) return `${outbox.parked} events are parked`;
  const [source] = (await rig.hubStatus()).sources;
  if (source?.epoch !== outbox.epoch || source.seq !== outbox.lastSeq) {
    return `the hub is at ${source?.seq}, the worker at ${outbox.lastSeq}`;
  }
  if (source.seq !== rig.ledger.acked)
    return `the hub is at ${source.seq}, acknowledged is ${rig.ledger.acked}`;
  if (source.status !== "live") return `the hub calls the server ${source.status}`;
  const replica = await rig.replica();
  if (replica.sync !== "following" || replica.status !== "live") return `the replica is ${replica.status}`;
  const { witness } = rig;
  return worldDifference(
    (await rig.control("GET", "/world")) as World,
    replica.entries,
    (userId, name) => witness.lost !== undefined || witness.story.nameOf(userId) === name,
  );
}

/**
 * Both sides as the same plain lines. A name that somebody takes is told to those who read all members alone; the worker
 * learns it with his next voice state, so until then the name that was last told with one, `wasTold`, is right as well.
 */
export function worldDifference(
  world: World,
  entries: readonly VoiceEntry[],
  wasTold: (userId: string, name: string) => boolean,
): string | undefined {
  const held = new Map(
    entries.flatMap(([key, value]) => ("room" in value ? [[key.slice(2), value.name]] : [])),
  );
  const truth = worldLines(world, ({ id, name }) => {
    const heldName = held.get(id);
    return heldName !== undefined && wasTold(id, heldName) ? heldName : name;
  });
  const replica = new Set(entries.flatMap(replicaLine));
  const missing = truth.find((line) => !replica.has(line));
  if (missing !== undefined) return `the replica lacks ${missing}`;
  const known = new Set(truth);
  const invented = [...replica].find((line) => !known.has(line));
  return invented === undefined ? undefined : `the replica invents ${invented}`;
}

const FLAG_NAMES = Object.entries(PersonFlag).map(
  ([name, bit]) => [name.charAt(0).toLowerCase() + name.slice(1), bit] as const,
);

function worldLines({ rooms }: World, nameOf: (person: Person) => string): readonly string[] {
  return rooms.flatMap(({ id, name, kind, position, parentId, userLimit, status, people }) => [
    JSON.stringify(["room", id, name, kind, position, parentId, userLimit, status]),
    ...people.map((person) =>
      JSON.stringify([
        "person",
        person.id,
        id,
        nameOf(person),
        person["bot"],
        FLAG_NAMES.filter(([flag]) => person[flag]).map(([flag]) => flag),
      ]),
    ),
  ]);
}

function replicaLine([key, value]: VoiceEntry): readonly string[] {
  const id = key.slice(2);
  if ("kind" in value) {
    const { name, kind, position, parentId, userLimit, status } = value;
    return [JSON.stringify(["room", id, name, kind, position, parentId, userLimit, status])];
  }
  if ("room" in value) {
    const flags = FLAG_NAMES.filter(([, bit]) => (value.flags & bit) !== 0).map(([flag]) => flag);
    return [JSON.stringify(["person", id, value.room, value.name, value.bot, flags])];
  }
  return [];
}
