import { describe, expect, it } from "vitest";
import { decodeInteraction, type Interaction } from "../src/index.ts";
import { author, message } from "./message/fixtures.ts";

const member = { user: author, nick: "Ally", roles: ["5"], permissions: "2147483647", joined_at: "x" };

function interaction(fields: object): object {
  return {
    id: "1",
    application_id: "42",
    token: "token-of-the-interaction",
    version: 1,
    guild_id: "111222333",
    channel_id: "123456789",
    channel: { id: "123456789", type: 0, name: "general", parent_id: "9" },
    member,
    app_permissions: "1024",
    locale: "de",
    guild_locale: "en-GB",
    context: 0,
    authorizing_integration_owners: { "0": "111222333" },
    entitlements: [],
    attachment_size_limit: 10_485_760,
    ...fields,
  };
}

function decode(fields: object): Interaction {
  const outcome = decodeInteraction(interaction(fields));
  if (!outcome.ok) throw new Error(outcome.problem);
  return outcome.value;
}

describe("an interaction", () => {
  it("by a slash command carries its nested options and what ids stand for", () => {
    const read = decode({
      type: 2,
      data: {
        id: "7",
        name: "raid",
        type: 1,
        options: [{ name: "sign", type: 1, options: [{ name: "who", type: 6, value: "987654321" }] }],
        resolved: {
          users: { "987654321": author },
          members: { "987654321": { nick: "Ally", roles: ["5"] } },
        },
      },
    });
    expect(read).toMatchObject({
      id: "1",
      applicationId: "42",
      token: "token-of-the-interaction",
      guildId: "111222333",
      channel: { id: "123456789", type: 0, name: "general", parentId: "9" },
      person: { id: "987654321", name: "Ally" },
      member: { roles: ["5"], permissions: "2147483647" },
      locale: "de",
      guildLocale: "en-GB",
      installedBy: { guildId: "111222333", userId: null },
      data: {
        kind: "command",
        command: {
          name: "raid",
          options: [{ name: "sign", type: 1, options: [{ name: "who", type: 6, value: "987654321" }] }],
        },
      },
      resolved: { users: [{ name: "Ally" }], members: [{ userId: "987654321", roles: ["5"] }] },
    });
  });

  it("by autocomplete marks the option that is being typed", () => {
    const read = decode({
      type: 4,
      data: { id: "7", name: "raid", type: 1, options: [{ name: "q", type: 3, value: "fr", focused: true }] },
    });
    expect(read.data).toMatchObject({
      kind: "autocomplete",
      command: { options: [{ name: "q", value: "fr", focused: true }] },
    });
  });

  it("by a button carries the message, by a select its values", () => {
    const button = decode({ type: 3, data: { custom_id: "yes", component_type: 2 }, message: message() });
    expect(button.data).toEqual({ kind: "component", customId: "yes", componentType: 2, values: [] });
    expect(button.message?.content).toBe("Hello, world!");
    const select = decode({ type: 3, data: { custom_id: "s", component_type: 3, values: ["a", "b"] } });
    expect(select.data).toMatchObject({ values: ["a", "b"] });
  });

  it("by a modal flattens labels and the action rows of older modals", () => {
    const read = decode({
      type: 5,
      data: {
        custom_id: "form",
        components: [
          { type: 18, component: { type: 4, custom_id: "why", value: "because" } },
          { type: 18, component: { type: 3, custom_id: "pick", values: ["a"] } },
          { type: 1, components: [{ type: 4, custom_id: "old", value: "" }] },
          { type: 10, content: "only text" },
        ],
      },
    });
    expect(read.data).toEqual({
      kind: "modal",
      customId: "form",
      fields: [
        { customId: "why", type: 4, value: "because" },
        { customId: "pick", type: 3, values: ["a"] },
        { customId: "old", type: 4, value: "" },
      ],
    });
  });

  it("in a direct message comes from a user, with no member and no installing guild", () => {
    const read = decode({
      type: 2,
      guild_id: undefined,
      member: undefined,
      user: author,
      context: 1,
      authorizing_integration_owners: { "0": "0", "1": "987654321" },
      data: { id: "7", name: "help", type: 1 },
    });
    expect(read).toMatchObject({
      guildId: null,
      member: null,
      person: { name: "Alice" },
      installedBy: { guildId: null, userId: "987654321" },
    });
  });

  it.each([
    ["of an unknown type", { type: 9, data: {} }],
    ["without data", { type: 2 }],
    ["without a token", { type: 3, token: undefined, data: { custom_id: "a", component_type: 2 } }],
    ["without a person", { type: 3, member: undefined, data: { custom_id: "a", component_type: 2 } }],
  ])("%s is a problem that quotes nothing of it", (_, fields) => {
    const outcome = decodeInteraction(interaction(fields));
    expect(outcome.ok).toBe(false);
    expect(JSON.stringify(outcome)).not.toContain("token-of-the-interaction");
  });
});
