/** A little guild for tests: a model of a worker that knows who is where and tells it as events. */
import type { GuildwireEvent, Happening, Occupant, Room } from "@guildwire/events";

export const GUILD = { id: "100", name: "Test guild", iconUrl: null };
export const STORY_START_MS = Date.UTC(2026, 10, 21, 9);

const NO_FLAGS: Occupant["state"] = {
  selfMute: false,
  selfDeaf: false,
  mute: false,
  deaf: false,
  suppress: false,
  stream: false,
  video: false,
  handRaised: false,
};

export const isoAt = (ms: number): string => new Date(ms).toISOString();

export function roomOf(id: string, more: Partial<Room> = {}): Room {
  const room: Room = {
    id,
    name: `Room ${id}`,
    kind: "voice",
    position: Number(id),
    parentId: null,
    userLimit: 0,
    status: null,
    startedAt: null,
  };
  return { ...room, ...more };
}

export function occupantOf(userId: string, roomId: string, more: Partial<Occupant> = {}): Occupant {
  return {
    roomId,
    user: { id: userId, name: `User ${userId}`, avatarUrl: null, bot: false },
    state: NO_FLAGS,
    since: isoAt(STORY_START_MS),
    roomSince: isoAt(STORY_START_MS),
    ...more,
  };
}

export type StoryStep =
  | { readonly act: "enter"; readonly user: string; readonly room: string }
  | { readonly act: "leave"; readonly user: string }
  | { readonly act: "mute"; readonly user: string }
  | { readonly act: "openRoom"; readonly room: string }
  | { readonly act: "renameRoom"; readonly room: string }
  | { readonly act: "closeRoom"; readonly room: string; readonly peopleFirst: boolean }
  | { readonly act: "status"; readonly status: "live" | "resync" | "outage" };

/** Steps that make no sense in the present state tell nothing. Each step takes a second. */
export class GuildStory {
  readonly #rooms = new Map<string, Room>();
  readonly #people = new Map<string, Occupant>();
  #status: "live" | "resync" | "outage" = "live";
  #seq = 0;
  #nowMs: number;
  readonly epoch: string;

  constructor(epoch = "e1", startMs = STORY_START_MS) {
    this.epoch = epoch;
    this.#nowMs = startMs;
  }

  /** The event of a happening, next in the log. */
  event(happening: Happening): GuildwireEvent {
    this.#seq += 1;
    return { ...happening, seq: this.#seq, id: `${this.epoch}-${this.#seq}`, timestamp: isoAt(this.#nowMs) };
  }

  snapshot(): GuildwireEvent {
    return this.event({
      type: "guild.snapshot",
      data: {
        guild: GUILD,
        rooms: [...this.#rooms.values()],
        categories: [],
        occupants: [...this.#people.values()],
        status: this.#status,
      },
    });
  }

  tell(step: StoryStep): readonly GuildwireEvent[] {
    this.#nowMs += 1_000;
    switch (step.act) {
      case "enter":
        return this.#enter(step.user, step.room);
      case "leave":
        return this.#leave(step.user);
      case "mute":
        return this.#mute(step.user);
      case "openRoom":
        return this.#setRoom("room.created", roomOf(step.room), !this.#rooms.has(step.room));
      case "renameRoom": {
        const room = roomOf(step.room, { name: `Renamed ${this.#nowMs}` });
        return this.#setRoom("room.updated", room, this.#rooms.has(step.room));
      }
      case "closeRoom":
        return this.#closeRoom(step.room, step.peopleFirst);
      case "status":
        this.#status = step.status;
        return [
          this.event({ type: "source.status", data: { status: step.status, since: isoAt(this.#nowMs) } }),
        ];
      default:
        return step satisfies never;
    }
  }

  #enter(userId: string, roomId: string): readonly GuildwireEvent[] {
    const before = this.#people.get(userId);
    if (!this.#rooms.has(roomId) || before?.roomId === roomId) return [];
    const roomSince = isoAt(this.#nowMs);
    const after = occupantOf(userId, roomId, { since: before?.since ?? roomSince, roomSince });
    this.#people.set(userId, after);
    if (before === undefined) return [this.event({ type: "voice.joined", data: after })];
    return [
      this.event({ type: "voice.left", data: { ...before, movedTo: roomId } }),
      this.event({ type: "voice.joined", data: { ...after, movedFrom: before.roomId } }),
    ];
  }

  #leave(userId: string): readonly GuildwireEvent[] {
    const before = this.#people.get(userId);
    if (before === undefined) return [];
    this.#people.delete(userId);
    return [this.event({ type: "voice.left", data: before })];
  }

  #mute(userId: string): readonly GuildwireEvent[] {
    const before = this.#people.get(userId);
    if (before === undefined) return [];
    const after = { ...before, state: { ...before.state, selfMute: !before.state.selfMute } };
    this.#people.set(userId, after);
    return [this.event({ type: "voice.updated", data: after })];
  }

  #setRoom(
    type: "room.created" | "room.updated",
    room: Room,
    makesSense: boolean,
  ): readonly GuildwireEvent[] {
    if (!makesSense) return [];
    this.#rooms.set(room.id, room);
    return [this.event({ type, data: { room } })];
  }

  #closeRoom(id: string, peopleFirst: boolean): readonly GuildwireEvent[] {
    const room = this.#rooms.get(id);
    if (room === undefined) return [];
    this.#rooms.delete(id);
    const gone = [...this.#people.values()]
      .filter((person) => person.roomId === id)
      .map(({ user }) => user.id);
    const people = (): readonly GuildwireEvent[] => gone.flatMap((userId) => this.#leave(userId));
    const deleted = (): readonly GuildwireEvent[] => [this.event({ type: "room.deleted", data: { room } })];
    const inOrder = peopleFirst ? [people, deleted] : [deleted, people];
    return inOrder.flatMap((tell) => tell());
  }
}
