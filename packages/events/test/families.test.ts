import { describe, expect, it } from "vitest";
import { FACT_EVENTS, MESSAGES_EVENTS } from "../src/families/index.ts";

const person = { id: "2", name: "Alice", username: "alice", avatarUrl: null, bot: false };

const content = {
  content: "Hello",
  editedAt: null,
  flags: 0,
  pinned: false,
  mentions: [],
  mentionRoles: [],
  mentionEveryone: false,
  attachments: [],
  embeds: [],
  components: [{ type: 17, components: [{ type: 9, components: [], accessory: { type: 2, label: "Go" } }] }],
  stickers: [],
  poll: null,
  reactions: [],
  threadId: null,
};

const message = {
  id: "1",
  channelId: "3",
  guildId: "4",
  type: 0,
  author: person,
  authorRoles: null,
  webhookId: null,
  applicationId: null,
  createdAt: "2026-12-01T00:00:00.000Z",
  nonce: null,
  reference: null,
  snapshots: [],
  interaction: null,
  ...content,
};

describe("events of the fact streams", () => {
  it("take a message that replies to another, nested components included", () => {
    const event = { message: { ...message, referenced: { ...message, id: "9" } } };
    expect(MESSAGES_EVENTS["message.created"].parse(event)).toEqual(event);
  });

  it("take a patch of one field, and tell a deleted reply's target from one that was not looked up", () => {
    const update = { id: "1", channelId: "3", patch: { embeds: [] }, edited: false };
    expect(MESSAGES_EVENTS["message.updated"].parse(update)).toEqual(update);
    const created = MESSAGES_EVENTS["message.created"];
    expect(created.parse({ message: { ...message, referenced: null } }).message.referenced).toBeNull();
    expect("referenced" in created.parse({ message }).message).toBe(false);
  });

  it.each([
    ["an id that is a number", { message: { ...message, id: 1 } }],
    ["a time that is none", { message: { ...message, createdAt: "yesterday" } }],
    ["no author", { message: { ...message, author: undefined } }],
  ])("refuse a message with %s", (_, event) => {
    expect(MESSAGES_EVENTS["message.created"].safeParse(event).success).toBe(false);
  });

  it("refuse a window of more messages than a page holds", () => {
    const window = {
      channelId: "3",
      after: null,
      upTo: "5",
      messages: Array.from({ length: 101 }, () => message),
      except: [],
      complete: true,
    };
    expect(MESSAGES_EVENTS["messages.window"].safeParse(window).success).toBe(false);
    expect(MESSAGES_EVENTS["messages.window"].safeParse({ ...window, messages: [message] }).success).toBe(
      true,
    );
  });

  it("have names of the form `area.what`, each with a schema", () => {
    for (const events of Object.values(FACT_EVENTS)) {
      for (const type of Object.keys(events)) expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/);
    }
  });
});
