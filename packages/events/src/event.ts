/**
 * The events a worker sends, one schema per type. All ids are strings (Discord snowflakes do not fit a number).
 * The tables of these shapes are the public contract: add fields, never change or remove one.
 */
import * as z from "zod";

const id = z.string().regex(/^\d{1,20}$/, "must be a Discord id: up to 20 digits, as a string");
const isoTime = z.iso.datetime({ offset: true });

export const roomSchema = z.object({
  id,
  name: z.string(),
  /** A stage channel has an audience; a voice channel does not. */
  kind: z.enum(["voice", "stage"]),
  position: z.int(),
  /** The category the room stands in. */
  parentId: id.nullable(),
  /** People allowed at once; 0 = no limit. */
  userLimit: z.int().nonnegative(),
  /** The room's status line, up to 500 characters; of a stage, the topic while it is live. */
  status: z.string().nullable(),
  /** When the present conversation began; `null` while the room is empty or the time is unknown. */
  startedAt: isoTime.nullable(),
});
export type Room = z.infer<typeof roomSchema>;

export const categorySchema = z.object({ id, name: z.string(), position: z.int() });
/** A heading that rooms stand under; only snapshots and `guild.updated` carry them. */
export type Category = z.infer<typeof categorySchema>;

export const userSchema = z.object({
  id,
  /** Nickname in the guild, else display name, else username. */
  name: z.string(),
  avatarUrl: z.string().nullable(),
  bot: z.boolean(),
});
export type User = z.infer<typeof userSchema>;

export const voiceFlagsSchema = z.object({
  selfMute: z.boolean(),
  selfDeaf: z.boolean(),
  mute: z.boolean(),
  deaf: z.boolean(),
  suppress: z.boolean(),
  stream: z.boolean(),
  video: z.boolean(),
  handRaised: z.boolean(),
});
export type VoiceFlags = z.infer<typeof voiceFlagsSchema>;

export const occupantSchema = z.object({
  roomId: id,
  user: userSchema,
  state: voiceFlagsSchema,
  /** When this person came into voice, by the worker's clock. */
  since: isoTime,
  /** When this person came into this room. */
  roomSince: isoTime,
  /** The times are guesses: the worker learned of this person from a snapshot. */
  approx: z.literal(true).optional(),
});
export type Occupant = z.infer<typeof occupantSchema>;

const guildSchema = z.object({ id, name: z.string(), iconUrl: z.string().nullable() });
export type Guild = z.infer<typeof guildSchema>;

const roomData = z.object({ room: roomSchema, approx: z.literal(true).optional() });

const voiceData = occupantSchema.extend({
  /** On `voice.left`: the room this person went to; the matching `voice.joined` follows at once. */
  movedTo: id.optional(),
  /** On `voice.joined`: the room this person came from. */
  movedFrom: id.optional(),
});

/**
 * `live`: what is shown is true now. `resync`: the Gateway connection is being restored. `outage`: Discord says the
 * guild is unavailable. `gone`: the bot is not in the guild. (A receiver adds `stale` itself when the worker is silent.)
 */
export const sourceStatusSchema = z.enum(["live", "resync", "stale", "outage", "gone"]);
export type SourceStatus = z.infer<typeof sourceStatusSchema>;

const guildData = z.object({ guild: guildSchema });

/**
 * Events that were given up before they were delivered, because more waited than the worker may keep: the numbers
 * `from` to `to`, `events` of them in all, are not sent any more. The snapshot beside it holds what they led to.
 */
const compactedSchema = z.object({
  from: z.int().positive(),
  to: z.int().positive(),
  events: z.int().positive(),
});
export type Compacted = z.infer<typeof compactedSchema>;

const snapshotData = z.object({
  guild: guildSchema,
  rooms: z.array(roomSchema),
  categories: z.array(categorySchema),
  occupants: z.array(occupantSchema),
  status: sourceStatusSchema,
  /** This snapshot stands for events that are not sent; a receiver sees `seq` jump over them. */
  compacted: compactedSchema.optional(),
});

/** Bytes of a snapshot's `data` that go out as one event. A larger one is told in parts. */
export const SNAPSHOT_BYTES_MAX = 1_000_000;
/** Parts of one snapshot. Those of a snapshot that is larger than this allows for are larger as well. */
export const SNAPSHOT_PARTS_MAX = 128;

const snapshotPartData = snapshotData
  .extend({ part: z.int().positive(), parts: z.int().min(2).max(SNAPSHOT_PARTS_MAX) })
  .refine(({ part, parts }) => part <= parts, { path: ["part"], message: "must be at most `parts`" });

export const EVENT_DATA = {
  "room.created": roomData,
  "room.updated": roomData,
  "room.deleted": roomData,
  "room.status": z.object({ roomId: id, status: z.string().nullable(), startedAt: isoTime.nullable() }),
  "voice.joined": voiceData,
  "voice.left": voiceData,
  "voice.updated": voiceData,
  "guild.snapshot": snapshotData,
  /**
   * A part of a snapshot that is too large for one delivery. The parts follow each other in the log, from 1 to `parts`;
   * the last one makes a snapshot of all, whose lists are theirs, one after the other.
   */
  "snapshot.part": snapshotPartData,
  "guild.updated": guildData.extend({ categories: z.array(categorySchema) }),
  "guild.unavailable": guildData,
  "guild.available": guildData,
  "guild.removed": guildData,
  "source.status": z.object({
    status: sourceStatusSchema,
    since: isoTime,
    /** When Discord's connection last brought anything, by the worker's clock. Absent before the first time. */
    receivedAt: isoTime.optional(),
    /** `discord_silent`: the connection is open, and Discord does not answer on it. Others may come. */
    reason: z.string().optional(),
    /** Said once, after the snapshot that stands for these events. */
    compacted: compactedSchema.optional(),
  }),
} as const satisfies Record<string, z.ZodType>;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<Type extends EventType = EventType> = z.infer<(typeof EVENT_DATA)[Type]>;

/** What happened, before it has a place in a log: `{ type: "voice.joined", data: … }`, one member per type. */
export type Happening = {
  [Type in EventType]: { readonly type: Type; readonly data: EventData<Type> };
}[EventType];

/** An event as delivered: a happening with its place in the worker's log. */
export type GuildwireEvent = Happening & {
  /** Place in the log of one `epoch`, from 1, without holes. */
  readonly seq: number;
  /** `<epoch>-<seq>`, the same on every delivery of this event. */
  readonly id: string;
  /** When the worker learned of it, ISO 8601. */
  readonly timestamp: string;
};

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENT_DATA, type);
}
