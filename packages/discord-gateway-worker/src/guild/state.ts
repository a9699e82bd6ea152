/**
 * What the worker knows of its guild: enough to tell a join from a move, and to describe everything at once. Rooms
 * the bot cannot see are not in it; people in them are, but nothing is said of them until their room becomes visible.
 */
import type { Category, Guild, Occupant, Room } from "@guildwire/events";

/** `unknown`: nothing was ever heard of the guild. */
export type GuildStatus = "unknown" | "available" | "outage" | "gone";

export interface GuildState {
  readonly status: GuildStatus;
  readonly guild: Guild | null;
  readonly categories: ReadonlyMap<string, Category>;
  readonly rooms: ReadonlyMap<string, Room>;
  /** Keyed by user: Discord allows one place in voice per user and guild. */
  readonly occupants: ReadonlyMap<string, Occupant>;
}

/** A step of the state's life; what is stored is the same list that is applied in memory. */
export type Change =
  | { readonly kind: "guild"; readonly status: GuildStatus; readonly guild: Guild | null }
  | { readonly kind: "setCategory"; readonly category: Category }
  | { readonly kind: "deleteCategory"; readonly id: string }
  | { readonly kind: "setRoom"; readonly room: Room }
  | { readonly kind: "deleteRoom"; readonly id: string }
  | { readonly kind: "setOccupant"; readonly occupant: Occupant }
  | { readonly kind: "deleteOccupant"; readonly userId: string };

/** The one copy that is changed in place: copying a large guild for every voice event would cost more than the event. */
export class GuildMemory implements GuildState {
  status: GuildStatus = "unknown";
  guild: Guild | null = null;
  readonly categories = new Map<string, Category>();
  readonly rooms = new Map<string, Room>();
  readonly occupants = new Map<string, Occupant>();

  apply(changes: readonly Change[]): void {
    for (const change of changes) this.#applyOne(change);
  }

  #applyOne(change: Change): void {
    switch (change.kind) {
      case "guild":
        this.status = change.status;
        this.guild = change.guild;
        return;
      case "setCategory":
        this.categories.set(change.category.id, change.category);
        return;
      case "deleteCategory":
        this.categories.delete(change.id);
        return;
      case "setRoom":
        this.rooms.set(change.room.id, change.room);
        return;
      case "deleteRoom":
        this.rooms.delete(change.id);
        return;
      case "setOccupant":
        this.occupants.set(change.occupant.user.id, change.occupant);
        return;
      case "deleteOccupant":
        this.occupants.delete(change.userId);
        return;
    }
  }
}
