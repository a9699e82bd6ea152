import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DISPATCH_NAMES,
  type DispatchFamily,
  decodeDispatch,
  decodeOfFamily,
  dispatchNamesOf,
  FAMILY_DECODERS,
  rolesInGuildCreate,
} from "../src/index.ts";
import { author } from "./message/fixtures.ts";

const FAMILIES = Object.keys(FAMILY_DECODERS) as DispatchFamily[];

/** Objects with Discord's own field names and values of any type, so that each reader meets each wrong type. */
const anyPayload = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      "1",
      "80351110224678912",
      "2024-01-01T00:00:00Z",
      "",
      null,
      true,
      0,
      1,
      -1,
      2 ** 60,
      Number.NaN,
    ),
    fc.string({ maxLength: 5 }),
    tie("object"),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      ...[
        "id",
        "ids",
        "guild_id",
        "channel_id",
        "message_id",
        "user_id",
        "user",
        "member",
        "author",
        "type",
        "emoji",
      ],
      ...[
        "components",
        "data",
        "options",
        "resolved",
        "users",
        "members",
        "message",
        "channel",
        "token",
        "name",
      ],
      ...[
        "application_id",
        "custom_id",
        "component_type",
        "embeds",
        "attachments",
        "poll",
        "thread",
        "roles",
        "role",
      ],
      ...[
        "permissions",
        "permission_overwrites",
        "parent_id",
        "activities",
        "timestamps",
        "referenced_message",
      ],
      ...[
        "owner_id",
        "channels",
        "threads",
        "scheduled_start_time",
        "status",
        "entity_type",
        "answer_id",
        "url",
      ],
    ),
    tie("value"),
    { maxKeys: 10 },
  ),
})).object;

describe("dispatches by family", () => {
  it("are never thrown at, whatever stands in them", () => {
    fc.assert(
      fc.property(anyPayload, (d) => {
        for (const name of DISPATCH_NAMES) expect(decodeDispatch(name, d)).toBeDefined();
        for (const family of FAMILIES) {
          for (const name of dispatchNamesOf(family)) expect(decodeOfFamily(family, name, d)).toBeDefined();
        }
      }),
      { numRuns: 300 },
    );
  });

  it("that are not of the family are passed over", () => {
    expect(decodeOfFamily("messages", "TYPING_START", {})).toBeUndefined();
    expect(decodeOfFamily("messages", "constructor", {})).toBeUndefined();
    expect(decodeOfFamily("polls", "MESSAGE_CREATE", {})).toBeUndefined();
  });

  it("name the dispatch in a problem", () => {
    expect(decodeOfFamily("messages", "MESSAGE_CREATE", {})).toEqual({
      ok: false,
      problem: "MESSAGE_CREATE: message without `id`",
    });
  });
});

describe("GUILD_CREATE for message streams", () => {
  const guild = {
    id: "100",
    owner_id: "1",
    roles: [{ id: "100", name: "@everyone", permissions: "1024", position: 0, color: 0, mentionable: false }],
    members: [{ user: { ...author, id: "42" }, roles: ["5"] }],
    channels: [
      {
        id: "10",
        type: 15,
        name: "help",
        nsfw: true,
        permission_overwrites: [
          { id: "100", type: 0, allow: "0", deny: "1024" },
          { id: "42", type: 1 },
        ],
        available_tags: [{ id: "3", name: "solved" }],
      },
      { type: 0, name: "without id" },
    ],
    threads: [
      {
        id: "11",
        type: 12,
        parent_id: "10",
        name: "post",
        thread_metadata: { archived: false, locked: true, create_timestamp: "2024-01-01T00:00:00+00:00" },
      },
    ],
  };

  it("carries channels with overwrites, active threads and roles", () => {
    expect(decodeOfFamily("channels", "GUILD_CREATE", guild)).toEqual({
      ok: true,
      value: {
        type: "GUILD_CREATE",
        data: {
          guildId: "100",
          ownerId: "1",
          roles: [
            { id: "100", name: "@everyone", permissions: "1024", position: 0, color: 0, mentionable: false },
          ],
          channels: [
            {
              id: "10",
              guildId: "100",
              type: 15,
              name: "help",
              topic: null,
              position: 0,
              parentId: null,
              nsfw: true,
              lastMessageId: null,
              overwrites: [
                { id: "100", kind: "role", allow: "0", deny: "1024" },
                { id: "42", kind: "member", allow: "0", deny: "0" },
              ],
              tags: [{ id: "3", name: "solved" }],
              obfuscated: false,
            },
          ],
          threads: [
            {
              id: "11",
              guildId: "100",
              type: 12,
              parentId: "10",
              name: "post",
              ownerId: null,
              lastMessageId: null,
              archived: false,
              locked: true,
              private: true,
              appliedTags: [],
              createdAt: "2024-01-01T00:00:00.000Z",
            },
          ],
        },
      },
    });
    expect(rolesInGuildCreate(guild, "42" as never)).toEqual(["5"]);
    expect(rolesInGuildCreate(guild, "43" as never)).toBeUndefined();
  });

  it("of a guild that is unavailable carries nothing", () => {
    const outcome = decodeOfFamily("channels", "GUILD_CREATE", { id: "100", unavailable: true });
    expect(outcome).toEqual({ ok: true, value: { type: "GUILD_CREATE", data: null } });
  });
});

describe("the other families", () => {
  it("read a reaction with the person who reacted, and a removal without", () => {
    const place = { user_id: "987654321", channel_id: "2", message_id: "3", guild_id: "4" };
    const emoji = { id: null, name: "👍" };
    expect(
      decodeOfFamily("reactions", "MESSAGE_REACTION_ADD", {
        ...place,
        emoji,
        member: { user: author, nick: "Ally" },
      }),
    ).toMatchObject({ value: { data: { person: { name: "Ally" }, emoji: { name: "👍" }, burst: false } } });
    expect(decodeOfFamily("reactions", "MESSAGE_REACTION_REMOVE", { ...place, emoji })).toMatchObject({
      value: { data: { person: null, userId: "987654321" } },
    });
    expect(decodeOfFamily("reactions", "MESSAGE_REACTION_REMOVE_ALL", place)).toMatchObject({
      value: { data: { emoji: null } },
    });
  });

  it("read activities without custom statuses, whatever the player", () => {
    const outcome = decodeOfFamily("presences", "PRESENCE_UPDATE", {
      user: { id: "1" },
      guild_id: "2",
      status: "dnd",
      activities: [
        { type: 4, name: "Custom Status", state: "secret" },
        {
          type: 2,
          name: "Tidal",
          details: "Song",
          state: "Artist",
          timestamps: { start: 5 },
          assets: { large_text: "LP" },
        },
        { type: "0", name: "ill-typed" },
      ],
    });
    expect(outcome).toMatchObject({
      value: {
        data: {
          status: "dnd",
          activities: [
            { type: 2, name: "Tidal", details: "Song", state: "Artist", largeText: "LP", startedAtMs: 5 },
          ],
        },
      },
    });
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  it("read a scheduled event, and refuse a status that Discord has not documented", () => {
    const event = {
      id: "1",
      guild_id: "2",
      name: "Raid",
      scheduled_start_time: "2026-12-05T20:00:00+00:00",
      scheduled_end_time: null,
      status: 2,
      entity_type: 3,
      entity_metadata: { location: "Hall" },
    };
    expect(decodeOfFamily("scheduledEvents", "GUILD_SCHEDULED_EVENT_CREATE", event)).toMatchObject({
      value: {
        data: { status: "active", place: "external", location: "Hall", startsAt: "2026-12-05T20:00:00.000Z" },
      },
    });
    expect(
      decodeOfFamily("scheduledEvents", "GUILD_SCHEDULED_EVENT_CREATE", { ...event, status: 9 }),
    ).toMatchObject({
      ok: false,
    });
  });
});
