/**
 * A view: a named projection of a guild, which is all that leaves the hub of it. The topic `voice/<guild>/<view>` holds
 * the projection; what the worker told is kept beside it under `state/<guild>`, which nothing serves.
 */

/** `anyone`: whoever asks. `ticket`: who brings a ticket that names the view (`mintTicket` of `@guildwire/events`). */
export type ViewAccess = "anyone" | "ticket";

export interface View {
  readonly name: string;
  readonly access: ViewAccess;
  readonly rooms: RoomRule;
  readonly people: PeopleRule;
  readonly show: ShownFields;
  /** Ids of users who are in no view. */
  readonly optOut: ReadonlySet<string>;
}

export interface RoomRule {
  /** Ids of rooms and categories; `undefined` = all. */
  readonly only: ReadonlySet<string> | undefined;
  /** Ids of rooms and categories that are left out, whatever `only` says. */
  readonly except: ReadonlySet<string>;
  readonly kinds: ReadonlySet<"voice" | "stage">;
}

export interface PeopleRule {
  /** `anonymous`: as guests, under an id and a name made up for this view and this stay. `none`: rooms alone. */
  readonly shown: "named" | "anonymous" | "none";
  readonly bots: boolean;
}

/** What of a room and of a person is told. What is not, has the value of an ordinary room or person. */
export interface ShownFields {
  readonly avatars: boolean;
  /** Muted, deafened, streaming and so on. */
  readonly flags: boolean;
  /** The room's status line, or a stage's topic. */
  readonly status: boolean;
  /** Since when someone is there, and since when a conversation goes on. */
  readonly times: boolean;
}
