import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, withEntry, withoutEntry } from "../change.ts";
import type { GuildCommand } from "../command.ts";
import type { Dispatch } from "../dispatch.ts";
import { wireUser } from "../wire-people.ts";
import { idFromTime, type ScheduledEvent, type World } from "../world.ts";

/** Scheduled events: planned, begun, ended, and who is interested. Nothing begins or ends by itself. */

type Command<Type> = Extract<GuildCommand, { type: Type }>;

const EVENTS_MAX = 100;
const EXTERNAL = 3;
/** Which status may follow which. */
const NEXT_STATUS: Readonly<Record<ScheduledEvent["status"], readonly ScheduledEvent["status"][]>> = {
  1: [1, 2, 4],
  2: [2, 3],
  3: [3],
  4: [4],
};

export function createEvent(world: World, command: Command<"createEvent">, atMs: number): Change {
  if (!world.members.has(command.userId)) return refused("userId", "is not a member");
  const open = [...world.scheduledEvents.values()].filter(({ status }) => status <= 2);
  if (open.length >= EVENTS_MAX) return refused("name", `would be event ${EVENTS_MAX + 1}`);
  const event: ScheduledEvent = {
    id: idFromTime(world, world.guild.id, atMs),
    channelId: command.channelId ?? null,
    creatorId: command.userId,
    name: command.name,
    description: command.description ?? null,
    startsAt: command.startsAt,
    endsAt: command.endsAt ?? null,
    status: 1,
    entityType: command.entityType,
    location: command.location ?? null,
    interested: [],
    ...(command.details === undefined ? {} : { details: command.details }),
  };
  const problem = placeProblem(world, event);
  if (problem !== undefined) return refused(problem.field, problem.problem);
  const next = {
    ...world,
    scheduledEvents: withEntry(world.scheduledEvents, event.id, event),
    idsMade: world.idsMade + 1,
  };
  return changed(next, { t: "GUILD_SCHEDULED_EVENT_CREATE", d: wireEvent(next, event) });
}

export function updateEvent(world: World, command: Command<"updateEvent">): Change {
  const event = world.scheduledEvents.get(command.eventId);
  if (event === undefined) return refused("eventId", "does not exist");
  const { type: _type, eventId: _id, details, ...changes } = command;
  const updated: ScheduledEvent = {
    ...event,
    ...changes,
    ...(details === undefined ? {} : { details: { ...event.details, ...details } }),
  };
  if (!NEXT_STATUS[event.status].includes(updated.status)) {
    return refused("status", `cannot follow ${event.status}`);
  }
  const problem = placeProblem(world, updated);
  if (problem !== undefined) return refused(problem.field, problem.problem);
  const next = { ...world, scheduledEvents: withEntry(world.scheduledEvents, event.id, updated) };
  return changed(next, { t: "GUILD_SCHEDULED_EVENT_UPDATE", d: wireEvent(next, updated) });
}

export function deleteEvent(world: World, eventId: Snowflake): Change {
  const event = world.scheduledEvents.get(eventId);
  if (event === undefined) return refused("eventId", "does not exist");
  const next = { ...world, scheduledEvents: withoutEntry(world.scheduledEvents, eventId) };
  return changed(next, { t: "GUILD_SCHEDULED_EVENT_DELETE", d: wireEvent(world, event) });
}

export function followEvent(world: World, eventId: Snowflake, userId: Snowflake, isOn: boolean): Change {
  const event = world.scheduledEvents.get(eventId);
  if (event === undefined) return refused("eventId", "does not exist");
  if (!world.members.has(userId)) return refused("userId", "is not a member");
  if (event.interested.includes(userId) === isOn) return changed(world);
  const others = event.interested.filter((id) => id !== userId);
  const updated = { ...event, interested: isOn ? [...others, userId] : others };
  const next = { ...world, scheduledEvents: withEntry(world.scheduledEvents, eventId, updated) };
  const d = { guild_scheduled_event_id: eventId, user_id: userId, guild_id: world.guild.id };
  const dispatch: Dispatch = isOn
    ? { t: "GUILD_SCHEDULED_EVENT_USER_ADD", d }
    : { t: "GUILD_SCHEDULED_EVENT_USER_REMOVE", d };
  return changed(next, dispatch);
}

/** Stage and voice events need a channel of their kind, external ones a place and an end. */
function placeProblem(
  world: World,
  event: ScheduledEvent,
): { readonly field: string; readonly problem: string } | undefined {
  if (event.entityType === EXTERNAL) {
    if (event.location === null) return { field: "location", problem: "is missing" };
    if (event.endsAt === null) return { field: "endsAt", problem: "is missing" };
    return undefined;
  }
  const kind = event.channelId === null ? undefined : world.channels.get(event.channelId)?.kind;
  const wanted = event.entityType === 1 ? "stage" : "voice";
  return kind === wanted ? undefined : { field: "channelId", problem: `is not a ${wanted} channel` };
}

export function wireEvent(world: World, event: ScheduledEvent): Readonly<Record<string, unknown>> {
  const creator = world.members.get(event.creatorId);
  return {
    id: event.id,
    guild_id: world.guild.id,
    channel_id: event.channelId,
    creator_id: event.creatorId,
    ...(creator === undefined ? {} : { creator: wireUser(creator) }),
    name: event.name,
    description: event.description,
    scheduled_start_time: event.startsAt,
    scheduled_end_time: event.endsAt,
    privacy_level: 2,
    status: event.status,
    entity_type: event.entityType,
    entity_id: null,
    entity_metadata: event.location === null ? null : { location: event.location },
    image: null,
    recurrence_rule: null,
    user_count: event.interested.length,
    ...event.details,
  };
}
