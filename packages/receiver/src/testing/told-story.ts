/** Deliveries for the checks of a receiver: a small server, told by a worker that does not exist. */
import type { Happening, Occupant, Room } from "@guildwire/events";

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

/** What is told, before it has a place; a type from the future among them. */
export type Told = Happening | { readonly type: "news.unheard_of"; readonly data: object };

export class ToldStory {
  readonly source: string;
  readonly epoch: string;
  /** ISO 8601 of all that is told. */
  readonly #at: string;

  constructor(source: string, epoch: string, atMs: number) {
    this.source = source;
    this.epoch = epoch;
    this.#at = new Date(atMs).toISOString();
  }

  room(id: string): Room {
    const place = { kind: "voice", position: Number(id), parentId: null, userLimit: 0 } as const;
    return { id, name: `Room ${id}`, ...place, status: null, startedAt: null };
  }

  occupant(userId: string, roomId: string): Occupant {
    const user = { id: userId, name: `Person ${userId}`, avatarUrl: null, bot: false };
    return { roomId, user, state: NO_FLAGS, since: this.#at, roomSince: this.#at };
  }

  joined(userId: string, roomId: string): Told {
    return { type: "voice.joined", data: this.occupant(userId, roomId) };
  }

  left(userId: string, roomId: string): Told {
    return { type: "voice.left", data: this.occupant(userId, roomId) };
  }

  snapshot(rooms: readonly string[], occupants: readonly Occupant[] = []): Told {
    return { type: "guild.snapshot", data: this.#whole(rooms, occupants) };
  }

  part(part: number, parts: number, rooms: readonly string[], occupants: readonly Occupant[]): Told {
    return { type: "snapshot.part", data: { ...this.#whole(rooms, occupants), part, parts } };
  }

  /** The text of a delivery's body. */
  body(fromSeq: number, told: readonly Told[]): string {
    const { source, epoch } = this;
    const events = told.map(({ type, data }, index) => {
      const seq = fromSeq + index;
      return { seq, id: `${epoch}-${seq}`, type, timestamp: this.#at, data };
    });
    return JSON.stringify({ source, epoch, events });
  }

  #whole(rooms: readonly string[], occupants: readonly Occupant[]) {
    const guild = { id: this.source, name: "A server for checks", iconUrl: null };
    const shown = rooms.map((id) => this.room(id));
    return { guild, rooms: shown, categories: [], occupants: [...occupants], status: "live" as const };
  }
}
