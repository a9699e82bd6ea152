import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { wireEvent } from "../../world/guild/event-change.ts";
import { Permission } from "../../world/permission.ts";
import { wireMember, wireUser } from "../../world/wire-people.ts";
import type { Details, ScheduledEvent, World } from "../../world/world.ts";
import { inGuild, mayAt, mayIn, refusalOf, worldNow } from "../access.ts";
import {
  choiceRule,
  type Fields,
  idRule,
  keptRule,
  limitOf,
  objectRule,
  problemsOf,
  readBody,
  required,
  textRule,
  timeRule,
} from "../form.ts";
import { isObject } from "../message/message-form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

const ONE = "/guilds/:guild/scheduled-events/:event";

/** Scheduled events. */
export const EVENT_ROUTES: readonly Route[] = [
  {
    operation: "list_guild_scheduled_events",
    method: "GET",
    path: "/guilds/:guild/scheduled-events",
    answer: inGuild((world) =>
      success([...world.scheduledEvents.values()].map((event) => wireEvent(world, event))),
    ),
  },
  {
    operation: "create_guild_scheduled_event",
    method: "POST",
    path: "/guilds/:guild/scheduled-events",
    answer: inGuild(createEvent),
  },
  {
    operation: "get_guild_scheduled_event",
    method: "GET",
    path: ONE,
    answer: withEvent((world, event) => success(wireEvent(world, event))),
  },
  {
    operation: "update_guild_scheduled_event",
    method: "PATCH",
    path: ONE,
    answer: withEvent(updateEvent),
  },
  {
    operation: "delete_guild_scheduled_event",
    method: "DELETE",
    path: ONE,
    answer: withEvent((world, event, call) => {
      if (!mayManage(world, event.channelId, Permission.ManageEvents)) return failure("MissingPermissions");
      const outcome = call.context.seat.apply({ type: "deleteEvent", eventId: event.id }, world.guild.id);
      return refusalOf(outcome) ?? NO_CONTENT;
    }),
  },
  {
    operation: "list_guild_scheduled_event_users",
    method: "GET",
    path: `${ONE}/users`,
    answer: withEvent(listInterested),
  },
  {
    operation: "count_guild_scheduled_event_users",
    method: "GET",
    path: `${ONE}/users/counts`,
    answer: withEvent((_, event) =>
      success({
        guild_scheduled_event_count: event.interested.length,
        guild_scheduled_event_exception_counts: {},
      }),
    ),
  },
];

const RULES = {
  name: textRule(100, 1),
  description: textRule(1000),
  privacy_level: choiceRule(2),
  entity_type: choiceRule(1, 2, 3),
  channel_id: idRule,
  entity_metadata: objectRule,
  scheduled_start_time: timeRule,
  scheduled_end_time: timeRule,
  status: choiceRule(1, 2, 3, 4),
  image: keptRule,
  recurrence_rule: objectRule,
};

function createEvent(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const missing = ["name", "privacy_level", "scheduled_start_time", "entity_type"].filter(
    (name) => fields[name] === undefined,
  );
  const problems = [...problemsOf(fields, RULES), ...missing.map(required), ...past(fields, call)];
  if (problems.length > 0) return invalidForm(problems);
  const common = commonOf(fields);
  if (!mayManage(world, common.channelId ?? null, Permission.CreateEvents)) {
    return failure("MissingPermissions");
  }
  const open = [...world.scheduledEvents.values()].filter(({ status }) => status <= 2);
  if (open.length >= 100) return failure("TooManyEvents");
  const outcome = call.context.seat.apply(
    {
      type: "createEvent",
      userId: world.bot.id,
      name: String(fields["name"]),
      entityType: fields["entity_type"] as 1 | 2 | 3,
      startsAt: String(fields["scheduled_start_time"]),
      ...common,
    },
    world.guild.id,
  );
  const refusal = refusalOf(outcome, NAMES);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  const made = [...after.scheduledEvents.values()].find(({ id }) => !world.scheduledEvents.has(id));
  return made === undefined ? failure("General") : success(wireEvent(after, made));
}

function updateEvent(world: World, event: ScheduledEvent, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = problemsOf(fields, RULES);
  if (problems.length > 0) return invalidForm(problems);
  if (!mayManage(world, event.channelId, Permission.ManageEvents)) return failure("MissingPermissions");
  const { name, entity_type: entityType, scheduled_start_time: startsAt, status } = fields;
  const outcome = call.context.seat.apply(
    {
      type: "updateEvent",
      eventId: event.id,
      ...(typeof name === "string" ? { name } : {}),
      ...(typeof entityType === "number" ? { entityType: entityType as 1 | 2 | 3 } : {}),
      ...(typeof startsAt === "string" ? { startsAt } : {}),
      ...(typeof status === "number" ? { status: status as 1 | 2 | 3 | 4 } : {}),
      ...commonOf(fields),
    },
    world.guild.id,
  );
  const refusal = refusalOf(outcome, NAMES);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  return success(wireEvent(after, after.scheduledEvents.get(event.id) ?? event));
}

const NAMES = {
  startsAt: "scheduled_start_time",
  endsAt: "scheduled_end_time",
  location: "entity_metadata.location",
};

function past(fields: Fields, { context }: Call): Parameters<typeof invalidForm>[0] {
  const starts = Date.parse(String(fields["scheduled_start_time"]));
  if (Number.isNaN(starts) || starts >= context.atMs) return [];
  const message = "Cannot schedule event in the past.";
  return [{ field: "scheduled_start_time", code: "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message }];
}

function commonOf(fields: Fields): {
  description?: string | null;
  channelId?: Snowflake | null;
  location?: string | null;
  endsAt?: string | null;
  details?: Details;
} {
  const {
    description,
    channel_id: channelId,
    entity_metadata: metadata,
    scheduled_end_time: endsAt,
  } = fields;
  const { image, recurrence_rule: recurrence } = fields;
  const location = isObject(metadata) ? metadata["location"] : undefined;
  const details = {
    ...(image === undefined ? {} : { image: image === null ? null : "0".repeat(32) }),
    ...(recurrence === undefined ? {} : { recurrence_rule: recurrence }),
  };
  return {
    ...(typeof description === "string" || description === null ? { description } : {}),
    ...(channelId === null || isSnowflake(channelId) ? { channelId } : {}),
    ...(typeof location === "string" ? { location } : {}),
    ...(typeof endsAt === "string" || endsAt === null ? { endsAt } : {}),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

function mayManage(world: World, channelId: Snowflake | null, permission: bigint): boolean {
  const channel = channelId === null ? undefined : world.channels.get(channelId);
  const { ManageEvents } = Permission;
  return channel === undefined
    ? mayIn(world, permission) || mayIn(world, ManageEvents)
    : mayAt(world, channel, permission) || mayAt(world, channel, ManageEvents);
}

function listInterested(world: World, event: ScheduledEvent, { request }: Call): RestAnswer {
  const page = limitOf(request.query, { most: 100, usual: 100 });
  if (!page.ok) return page.answer;
  const after = request.query.get("after");
  const withMember = request.query.get("with_member") === "true";
  const people = event.interested
    .toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    .filter((id) => !isSnowflake(after) || BigInt(id) > BigInt(after))
    .slice(0, page.limit);
  return success(
    people.flatMap((id) => {
      const member = world.members.get(id);
      if (member === undefined) return [];
      const own = { guild_scheduled_event_id: event.id, user: wireUser(member) };
      return [withMember ? { ...own, member: wireMember(member) } : own];
    }),
  );
}

function withEvent(answer: (world: World, event: ScheduledEvent, call: Call) => RestAnswer): Route["answer"] {
  return inGuild((world, call) => {
    const event = world.scheduledEvents.get(call.parameters["event"] as Snowflake);
    return event === undefined ? failure("UnknownEvent") : answer(world, event, call);
  });
}
