import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";
import { fractionOf } from "@guildwire/runtime/random";
import type { MessageLogs } from "./chat/message.ts";

/**
 * The simulated server as plain data. Nothing here changes in place: a command (command.ts) applied to a world
 * (apply.ts) gives the next world and what Discord would tell a bot about it.
 *
 * Rules that hold in every world: someone in voice is a member and in an existing voice or stage channel; a channel's
 * parent is an existing category; `voiceStartedAt` is set exactly while somebody is in the channel; the role with the
 * guild's own id (@everyone) is always there, and members have only roles that are.
 */
export interface World {
  readonly seed: number;
  readonly firstBotId: Snowflake;
  readonly guild: Guild;
  /** The bot through whose eyes this world is seen: what events say, and which come at all, depends on it. */
  readonly bot: Bot;
  readonly channels: ReadonlyMap<Snowflake, Channel>;
  /** Everyone in the server, the bot included. */
  readonly members: ReadonlyMap<Snowflake, Member>;
  /** Who is in voice, by user id. */
  readonly voice: ReadonlyMap<Snowflake, VoicePresence>;
  readonly roles: ReadonlyMap<Snowflake, Role>;
  /** Who is not offline, by user id. */
  readonly presences: ReadonlyMap<Snowflake, Presence>;
  /** Stages with a topic, by channel id. */
  readonly stages: ReadonlyMap<Snowflake, StageInstance>;
  /** The latest messages of each channel and thread. */
  readonly messages: MessageLogs;
  readonly threads: ReadonlyMap<Snowflake, Thread>;
  readonly webhooks: ReadonlyMap<Snowflake, Webhook>;
  readonly bans: ReadonlyMap<Snowflake, Ban>;
  /** By code. */
  readonly invites: ReadonlyMap<string, Invite>;
  readonly scheduledEvents: ReadonlyMap<Snowflake, ScheduledEvent>;
  readonly emojis: ReadonlyMap<Snowflake, GuildEmoji>;
  /** How many ids this world has handed out: the next id follows from it and from the seed. */
  readonly idsMade: number;
}

export interface Guild {
  readonly id: Snowflake;
  readonly name: string;
  readonly ownerId: Snowflake;
  readonly afkChannelId: Snowflake | null;
  /** The server as the bot sees it: there, down for the moment (an outage), or gone because the bot was removed. */
  readonly standing: "available" | "unavailable" | "removed";
  /** What was set and what nothing here acts on, in Discord's own names. */
  readonly details?: Details;
}

/** Fields that are kept and shown as they were given, in Discord's own names. */
export type Details = Readonly<Record<string, unknown>>;

export interface Bot {
  /** Its application has the same id. */
  readonly id: Snowflake;
  readonly username: string;
}

export const CHANNEL_KINDS = [
  "text",
  "announcement",
  "forum",
  "media",
  "category",
  "voice",
  "stage",
] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export interface Channel {
  readonly id: Snowflake;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly position: number;
  readonly parentId: Snowflake | null;
  /** People allowed at once; 0 = no limit. Only rooms have one. */
  readonly userLimit: number;
  /** No bot may view it, whatever its roles and the overwrites say: Discord then sends it obfuscated. */
  readonly hidden: boolean;
  /** Status line of a room; Discord forgets it when the room empties. */
  readonly status: string | null;
  /** When the present conversation began, Unix **seconds**; `null` while nobody is in. */
  readonly voiceStartedAt: number | null;
  /** What roles and members may do here otherwise than in the server. */
  readonly overwrites: readonly Overwrite[];
  /** Topic, slow mode, tags and the like. */
  readonly details?: Details;
}

export interface Overwrite {
  /** A role or a member. */
  readonly id: Snowflake;
  readonly kind: "role" | "member";
  readonly allow: bigint;
  readonly deny: bigint;
}

export interface Role {
  readonly id: Snowflake;
  readonly name: string;
  readonly permissions: bigint;
  readonly position: number;
  readonly color: number;
  /** Belongs to a bot and comes and goes with it. */
  readonly managed: boolean;
  readonly details?: Details;
}

export const PRESENCE_STATUSES = ["online", "idle", "dnd", "offline"] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];

export interface Presence {
  readonly userId: Snowflake;
  readonly status: Exclude<PresenceStatus, "offline">;
  /** What the person plays, `null` for nothing. */
  readonly playing: string | null;
  /** Unix milliseconds. */
  readonly sinceMs: number;
}

export interface StageInstance {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  readonly topic: string;
}

export interface Member {
  readonly id: Snowflake;
  readonly username: string;
  readonly globalName: string | null;
  readonly nick: string | null;
  readonly bot: boolean;
  /** ISO 8601 with offset, as on the wire. */
  readonly joinedAt: string;
  /** By the server; it stays with someone who leaves voice and comes back. */
  readonly mute: boolean;
  readonly deaf: boolean;
  /** Besides @everyone, which everybody has. */
  readonly roles: readonly Snowflake[];
  /** Until when the member is timed out, ISO 8601. */
  readonly timedOutUntil?: string | null;
}

export const THREAD_KINDS = ["announcementThread", "publicThread", "privateThread"] as const;
export type ThreadKind = (typeof THREAD_KINDS)[number];

export interface Thread {
  readonly id: Snowflake;
  readonly kind: ThreadKind;
  readonly parentId: Snowflake;
  readonly ownerId: Snowflake;
  readonly name: string;
  readonly archived: boolean;
  readonly locked: boolean;
  readonly invitable: boolean;
  readonly autoArchiveMinutes: number;
  readonly createdAt: string;
  /** When `archived` last changed. */
  readonly archivedAt: string;
  readonly slowmodeSeconds: number;
  readonly messagesSent: number;
  /** With when they joined. */
  readonly members: ReadonlyMap<Snowflake, string>;
  /** Of a forum post. */
  readonly appliedTags: readonly Snowflake[];
  readonly flags: number;
}

export interface Webhook {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  readonly name: string;
  readonly avatar: string | null;
  readonly token: string;
  /** The application that made it. */
  readonly applicationId: Snowflake | null;
  readonly creatorId: Snowflake;
}

export interface Ban {
  readonly user: Member;
  readonly reason: string | null;
}

export interface Invite {
  readonly code: string;
  readonly channelId: Snowflake;
  readonly inviterId: Snowflake;
  readonly createdAt: string;
  /** 0 = for ever. */
  readonly maxAgeSeconds: number;
  /** 0 = as often as one likes. */
  readonly maxUses: number;
  readonly uses: number;
  readonly temporary: boolean;
}

export interface ScheduledEvent {
  readonly id: Snowflake;
  readonly channelId: Snowflake | null;
  readonly creatorId: Snowflake;
  readonly name: string;
  readonly description: string | null;
  readonly startsAt: string;
  readonly endsAt: string | null;
  /** 1 scheduled, 2 active, 3 completed, 4 canceled. */
  readonly status: 1 | 2 | 3 | 4;
  /** 1 stage, 2 voice, 3 external. */
  readonly entityType: 1 | 2 | 3;
  readonly location: string | null;
  readonly interested: readonly Snowflake[];
  readonly details?: Details;
}

export interface GuildEmoji {
  readonly id: Snowflake;
  readonly name: string;
  readonly animated: boolean;
  readonly roles: readonly Snowflake[];
  readonly creatorId: Snowflake;
}

export interface VoicePresence {
  readonly userId: Snowflake;
  readonly channelId: Snowflake;
  /** The voice session: new with every join, kept on a move. */
  readonly sessionId: string;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  readonly suppress: boolean;
  readonly stream: boolean;
  readonly video: boolean;
  /** Since when a hand is raised in a stage, ISO 8601. */
  readonly handRaisedAt: string | null;
}

/** Where messages are: a channel, or a thread with the channel it is in. */
export interface Place {
  readonly id: Snowflake;
  readonly kind: ChannelKind | ThreadKind;
  /** Its permissions are those of the thread as well. */
  readonly channel: Channel;
  readonly thread: Thread | undefined;
}

export function placeOf(world: World, id: Snowflake): Place | undefined {
  const channel = world.channels.get(id);
  if (channel !== undefined) return { id, kind: channel.kind, channel, thread: undefined };
  const thread = world.threads.get(id);
  const parent = thread && world.channels.get(thread.parentId);
  return thread && parent && { id, kind: thread.kind, channel: parent, thread };
}

/** Whether a channel or thread is in this server. */
export function hasPlace(world: World, id: Snowflake): boolean {
  return world.channels.has(id) || world.threads.has(id);
}

/** A room: a channel one can be in. */
export function isRoom(channel: Channel): boolean {
  return channel.kind === "voice" || channel.kind === "stage";
}

export function occupantsOf(world: World, channelId: Snowflake): readonly VoicePresence[] {
  return [...world.voice.values()].filter((presence) => presence.channelId === channelId);
}

/** `nick`, else the account's display name, else the account's name: what Discord shows. */
export function displayName(member: Member): string {
  return member.nick ?? member.globalName ?? member.username;
}

/** The `n`th id of a seed. Ids grow with `n`, as Discord's do with time, and owe nothing to the clock. */
export function idFromSeed(seed: number, n: number): Snowflake {
  const seedOffsetMs = Math.floor(fractionOf(`ids/${seed}`) * IDS_SPREAD_MS);
  return snowflakeAt(IDS_START_MS + seedOffsetMs + n * 60_000, n % 4096);
}

/** An id that tells the time, as those of threads, webhooks and the like do. Two of one millisecond differ. */
export function idFromTime(world: World, channelId: Snowflake, atMs: number): Snowflake {
  const machine = Math.floor(fractionOf(`ids/${channelId}`) * 1024) << 12;
  return snowflakeAt(Math.floor(atMs), machine + (world.idsMade % 4096));
}

/** 2021-01-01, a date at which invented accounts and channels may well have been made. */
const IDS_START_MS = 1_609_459_200_000;
/** Seeds start within a year of each other. */
const IDS_SPREAD_MS = 365 * 24 * 3_600_000;
