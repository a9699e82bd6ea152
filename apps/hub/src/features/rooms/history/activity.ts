/**
 * Who came, went and moved in one step of a topic: pure. The rules are those of topic-history.ts: a time that is not known
 * is the time at which it was learned, and what names a room that is gone is forgotten (H4, H5).
 */
import type { PersonValue } from "@guildwire/client/rooms";
import { personKey } from "../projection/voice-values.ts";
import { ACTIVITY_MAX } from "./day.ts";
import { type PeopleChanges, personIn, type RecordedPerson } from "./people.ts";
import type { Activity, ActivityRoom } from "./room-history.ts";
import type { RecordedRoom, Step, TopicHistory } from "./topic-history.ts";

type After = Pick<TopicHistory, "rooms">;

/**
 * Those who left, then those who came or moved, as in the SDK's `voiceChanges`. `byKey`: the values that the step set, or
 * `undefined` for what it deleted.
 */
export function activityOf(
  before: TopicHistory,
  after: After,
  changes: PeopleChanges,
  byKey: ReadonlyMap<string, unknown>,
  step: Step,
): readonly Activity[] {
  const left: Activity[] = [];
  const entered: Activity[] = [];
  for (const id of changes.keys()) {
    const value = byKey.get(personKey(id)) as PersonValue | undefined;
    const one = value === undefined ? leaving(before, id, step) : entering(before, after, id, value, step);
    if (one !== undefined) (one.type === "left" ? left : entered).push(one);
  }
  return [...left, ...entered];
}

function leaving(before: TopicHistory, id: string, step: Step): Activity | undefined {
  const person = personIn(before.people, id);
  const room = person && roomIn(before, person.room);
  if (person === undefined || room === undefined) return undefined;
  const isGuess = step.isGuess === true || before.status !== "live";
  return activity("left", id, person, { room }, step, isGuess ? undefined : step.atMs);
}

function entering(
  before: TopicHistory,
  after: After,
  id: string,
  value: PersonValue,
  step: Step,
): Activity | undefined {
  const earlier = personIn(before.people, id);
  const room = roomIn(after, value.room);
  if (room === undefined || earlier?.room === value.room) return undefined;
  const sinceMs = earlier === undefined ? value.since : value.roomSince;
  const atMs = value.approx === true ? undefined : sinceMs;
  if (earlier === undefined) return activity("joined", id, value, { room }, step, atMs);
  const from = roomIn(before, earlier.room);
  return from && activity("moved", id, value, { room: from, to: room }, step, atMs);
}

function roomIn({ rooms }: Pick<TopicHistory, "rooms">, id: string): ActivityRoom | undefined {
  const room = rooms.get(id);
  return room && { id, name: room.name };
}

function activity(
  type: Activity["type"],
  id: string,
  { name, avatarUrl }: RecordedPerson,
  where: Pick<Activity, "room" | "to">,
  { position, atMs, knownAtMs }: Step,
  happenedAtMs: number | undefined,
): Activity {
  return {
    o: position.offset,
    // Nothing is known before it happens, whatever the worker's clock says.
    atMs: Math.min(happenedAtMs ?? atMs, knownAtMs),
    type,
    person: { id, name, avatarUrl },
    ...where,
    ...(happenedAtMs === undefined && { approx: true }),
  };
}

export function withActivity(
  held: readonly Activity[],
  news: readonly Activity[],
  rooms: ReadonlyMap<string, RecordedRoom>,
): readonly Activity[] {
  const isTold = ({ room, to }: Activity) => rooms.has(room.id) && (to === undefined || rooms.has(to.id));
  if (news.length === 0 && held.every(isTold)) return held;
  return [...held, ...news]
    .filter(isTold)
    .sort((a, b) => a.atMs - b.atMs)
    .slice(-ACTIVITY_MAX);
}
