/**
 * The same story told twice: by Discord's dispatches, and by the events that the hub took. Each is a list of lines per
 * person ("joined R", "left R", "moved R > S", "flags R …") and one of rooms; in a resumable run the two are equal.
 * This file reads raw dispatches by rules of its own: it must not share a mistake with the worker.
 */
export type Story = ReadonlyMap<string, readonly string[]>;

/** The key under which rooms come and go. */
export const ROOMS = "rooms";

type Json = Readonly<Record<string, unknown>>;

const ROOM_TYPES: readonly unknown[] = [2, 13];
/** A channel that the bot may not view. */
const OBFUSCATED = 1 << 17;

const GATEWAY_FLAGS: readonly (readonly [string, string])[] = [
  ["self_mute", "selfMute"],
  ["self_deaf", "selfDeaf"],
  ["mute", "mute"],
  ["deaf", "deaf"],
  ["suppress", "suppress"],
  ["self_stream", "stream"],
  ["self_video", "video"],
];

interface Place {
  readonly roomId: string;
  readonly flags: string;
}

/** Takes dispatches of one server, in their order. */
export class DispatchStory {
  readonly lines = new Map<string, string[]>();
  readonly #rooms = new Set<string>();
  readonly #places = new Map<string, Place>();
  readonly #names = new Map<string, string>();

  /** As it was last told with a voice state, or at the beginning. */
  nameOf(userId: string): string | undefined {
    return this.#names.get(userId);
  }

  take(type: string, data: Json): void {
    switch (type) {
      case "GUILD_CREATE":
        for (const channel of data["channels"] as readonly Json[])
          if (isRoom(channel)) this.#rooms.add(idOf(channel));
        for (const voice of data["voice_states"] as readonly Json[])
          this.#places.set(userOf(voice), placeOf(voice));
        for (const member of data["members"] as readonly Json[]) this.#learn(member);
        return;
      case "CHANNEL_CREATE":
      case "CHANNEL_UPDATE":
        if (isRoom(data)) this.#open(idOf(data));
        else this.#shut(idOf(data));
        return;
      case "CHANNEL_DELETE":
        this.#shut(idOf(data));
        return;
      case "VOICE_STATE_UPDATE":
        this.#learn(data["member"] as Json);
        this.#move(userOf(data), data["channel_id"] === null ? undefined : placeOf(data));
        return;
      case "GUILD_MEMBER_REMOVE":
        this.#move(idOf(data["user"] as Json), undefined);
    }
  }

  #learn({ nick, user }: Json): void {
    const { id, global_name: globalName, username } = user as Json;
    this.#names.set(String(id), String(nick ?? globalName ?? username));
  }

  #open(roomId: string): void {
    if (this.#rooms.has(roomId)) return;
    this.#rooms.add(roomId);
    tell(this.lines, ROOMS, `created ${roomId}`);
  }

  #shut(roomId: string): void {
    if (!this.#rooms.has(roomId)) return;
    for (const [userId, place] of this.#places) if (place.roomId === roomId) this.#move(userId, undefined);
    this.#rooms.delete(roomId);
    tell(this.lines, ROOMS, `deleted ${roomId}`);
  }

  #move(userId: string, after: Place | undefined): void {
    const before = this.#places.get(userId);
    if (after === undefined) this.#places.delete(userId);
    else this.#places.set(userId, after);
    const from = before !== undefined && this.#rooms.has(before.roomId) ? before : undefined;
    const to = after !== undefined && this.#rooms.has(after.roomId) ? after : undefined;
    const line = lineOf(from, to);
    if (line !== undefined) tell(this.lines, userId, line);
  }
}

function lineOf(from: Place | undefined, to: Place | undefined): string | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) return `joined ${to?.roomId} ${to?.flags}`;
  if (to === undefined) return `left ${from.roomId}`;
  if (from.roomId !== to.roomId) return `moved ${from.roomId} > ${to.roomId} ${to.flags}`;
  return from.flags === to.flags ? undefined : `flags ${to.roomId} ${to.flags}`;
}

/** The lines of the events that the hub took, in the order of their numbers, as JSON. */
export function eventStory(events: readonly string[]): Story {
  const lines = new Map<string, string[]>();
  const flagsOf = new Map<string, string>();
  for (const text of events) {
    const event = JSON.parse(text) as { readonly type: string; readonly data: Json };
    const { type, data } = event;
    if (type === "guild.snapshot") {
      for (const person of data["occupants"] as readonly Json[]) {
        flagsOf.set(idOf(person["user"] as Json), eventFlags(person));
      }
    }
    if (type === "room.created" || type === "room.deleted") {
      tell(lines, ROOMS, `${type.slice("room.".length)} ${idOf(data["room"] as Json)}`);
    }
    if (!type.startsWith("voice.")) continue;
    const userId = idOf(data["user"] as Json);
    const flags = eventFlags(data);
    const line = eventLine(type, data, flags, flagsOf.get(userId));
    if (type !== "voice.left") flagsOf.set(userId, flags);
    if (line !== undefined) tell(lines, userId, line);
  }
  return lines;
}

/** A move is told by its second half; the first one says only that it is not a departure. */
function eventLine(type: string, data: Json, flags: string, before: string | undefined): string | undefined {
  const roomId = String(data["roomId"]);
  switch (type) {
    case "voice.joined":
      return data["movedFrom"] === undefined
        ? `joined ${roomId} ${flags}`
        : `moved ${String(data["movedFrom"])} > ${roomId} ${flags}`;
    case "voice.left":
      return data["movedTo"] === undefined ? `left ${roomId}` : undefined;
    default:
      // The same flags: a name or picture changed, of which a voice state says nothing.
      return flags === before ? undefined : `flags ${roomId} ${flags}`;
  }
}

/** The first difference, in words; `undefined` when they are equal. */
export function storyDifference(told: Story, taken: Story): string | undefined {
  for (const key of new Set([...told.keys(), ...taken.keys()])) {
    const expected = told.get(key) ?? [];
    const actual = taken.get(key) ?? [];
    const length = Math.max(expected.length, actual.length);
    for (let at = 0; at < length; at += 1) {
      if (expected[at] === actual[at]) continue;
      const said = `Discord told "${expected[at] ?? "nothing more"}", the hub took "${actual[at] ?? "nothing more"}"`;
      return `${key}, line ${at + 1} of ${expected.length} and ${actual.length}: ${said}`;
    }
  }
  return undefined;
}

export function countLines(story: Story): number {
  return [...story.values()].reduce((sum, lines) => sum + lines.length, 0);
}

function tell(lines: Map<string, string[]>, key: string, line: string): void {
  const own = lines.get(key);
  if (own === undefined) lines.set(key, [line]);
  else own.push(line);
}

function isRoom(channel: Json): boolean {
  return ROOM_TYPES.includes(channel["type"]) && (Number(channel["flags"] ?? 0) & OBFUSCATED) === 0;
}

function idOf(json: Json): string {
  return String(json["id"]);
}

function userOf(voice: Json): string {
  return String(voice["user_id"]);
}

function placeOf(voice: Json): Place {
  const flags = GATEWAY_FLAGS.filter(([wire]) => voice[wire] === true).map(([, ours]) => ours);
  if (typeof voice["request_to_speak_timestamp"] === "string") flags.push("handRaised");
  return { roomId: String(voice["channel_id"]), flags: flags.toSorted().join("+") };
}

function eventFlags(data: Json): string {
  return Object.entries(data["state"] as Json)
    .filter(([, value]) => value === true)
    .map(([name]) => name)
    .toSorted()
    .join("+");
}
