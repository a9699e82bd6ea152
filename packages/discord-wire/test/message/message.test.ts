import { MessageReferenceType } from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import { decodeMessage, decodeMessageRemoval, decodeMessageUpdate } from "../../src/message/message.ts";
import { MESSAGE_ID, message, reply } from "./fixtures.ts";

function decode(d: unknown) {
  const outcome = decodeMessage(d);
  if (!outcome.ok) throw new Error(outcome.problem);
  return outcome.value;
}

function decodeUpdate(d: unknown) {
  const outcome = decodeMessageUpdate(d);
  if (!outcome.ok) throw new Error(outcome.problem);
  return outcome.value;
}

describe("a message", () => {
  it("is read with the author's nickname in the guild and the time of its id", () => {
    expect(decode(message())).toEqual({
      id: MESSAGE_ID,
      channelId: "123456789",
      guildId: "111222333",
      type: 0,
      author: {
        id: "987654321",
        name: "Ally",
        username: "alice",
        avatarUrl: "https://cdn.discordapp.com/avatars/987654321/a1b2.png?size=128",
        bot: false,
      },
      authorRoles: ["5"],
      webhookId: null,
      applicationId: null,
      createdAt: "2024-09-29T17:19:27.041Z",
      nonce: null,
      reference: null,
      snapshots: [],
      interaction: null,
      content: "Hello, world!",
      editedAt: null,
      flags: 0,
      pinned: false,
      mentions: [],
      mentionRoles: [],
      mentionEveryone: false,
      attachments: [],
      embeds: [],
      components: [],
      stickers: [],
      poll: null,
      reactions: [],
      threadId: null,
    });
  });

  it("of the REST API takes the guild from the caller, because answers leave it out", () => {
    const { guild_id: _, member: __, ...entry } = message();
    const outcome = decodeMessage(entry, "111222333" as never);
    expect(outcome).toMatchObject({ ok: true, value: { guildId: "111222333", authorRoles: null } });
  });

  it.each([
    ["id", "message without `id`"],
    ["channel_id", "message without `channel_id`"],
    ["author", "message without `author`"],
  ])("without `%s` is a problem that names the field", (field, problem) => {
    const { [field as "id"]: _, ...rest } = message();
    expect(decodeMessage(rest)).toEqual({ ok: false, problem });
  });

  it("keeps a nonce that was a number as its digits", () => {
    expect(decode(message({ nonce: 4211 })).nonce).toBe("4211");
  });

  it("of a webhook has an author that is no person [MSG-3]", () => {
    const read = decode(message({ webhook_id: "77" }));
    expect(read).toMatchObject({ webhookId: "77", author: { bot: true } });
  });

  it("that replies to a deleted message has `referenced: null`, and none when nothing was looked up [MSG-2]", () => {
    expect(decode(message({ ...reply, referenced_message: null })).referenced).toBeNull();
    expect("referenced" in decode(message(reply))).toBe(false);
    const read = decode(message({ ...reply, referenced_message: message({ content: "before" }) as never }));
    expect(read.referenced?.content).toBe("before");
    expect(read.reference).toEqual({
      kind: "reply",
      guildId: "111222333",
      channelId: "123456789",
      messageId: "1280000000000000000",
    });
  });

  it("that is a forward carries the copy, and no text of its own", () => {
    const read = decode(
      message({
        content: "",
        message_reference: { type: MessageReferenceType.Forward, channel_id: "9", message_id: "8" },
        message_snapshots: [
          {
            message: {
              type: 0,
              content: "forwarded",
              embeds: [],
              attachments: [],
              timestamp: "2024-01-01T12:00:00.123456+02:00",
              edited_timestamp: null,
              mentions: [],
              mention_roles: [],
              flags: 0 as never,
            },
          },
        ],
      }),
    );
    expect(read.reference).toMatchObject({ kind: "forward", channelId: "9" });
    expect(read.snapshots).toMatchObject([{ content: "forwarded", createdAt: "2024-01-01T10:00:00.123Z" }]);
  });

  it("reads attachments with the signed query, and spoilers by flag or by name", () => {
    const url = "https://cdn.discordapp.com/attachments/1/2/cat.png?ex=66&is=65&hm=ab";
    const read = decode(
      message({
        attachments: [
          { id: "1", filename: "cat.png", size: 10, url, proxy_url: url, width: 4, height: 3, flags: 8 },
          { id: "2", filename: "SPOILER_a.txt", size: 1, url, proxy_url: url },
          { id: "3", filename: "plain.txt", size: 1, url, proxy_url: url },
          { filename: "without id" } as never,
        ] as never,
      }),
    );
    expect(
      read.attachments.map(({ id, spoiler, width, url: of }) => [id, spoiler, width, of === url]),
    ).toEqual([
      ["1", true, 4, true],
      ["2", true, null, true],
      ["3", false, null, true],
    ]);
  });

  it("reads components with their nesting, media and links, and drops what nests too deep", () => {
    let deep: object = { type: 10, content: "bottom" };
    for (let level = 0; level < 50; level += 1) deep = { type: 17, components: [deep] };
    const read = decode(
      message({
        components: [
          {
            type: 17,
            accent_color: 255,
            components: [
              { type: 10, content: "# Title" },
              {
                type: 9,
                components: [{ type: 10, content: "beside" }],
                accessory: { type: 2, style: 5, label: "Open", url: "https://example.org" },
              },
              {
                type: 12,
                items: [{ media: { url: "https://example.org/a.png" }, description: "a", spoiler: true }],
              },
              { type: 14, divider: false, spacing: 2 },
            ],
          },
          deep,
        ] as never,
      }),
    );
    expect(read.components[0]).toEqual({
      type: 17,
      accentColor: 255,
      components: [
        { type: 10, content: "# Title" },
        {
          type: 9,
          components: [{ type: 10, content: "beside" }],
          accessory: { type: 2, style: 5, label: "Open", url: "https://example.org" },
        },
        {
          type: 12,
          media: [
            {
              url: "https://example.org/a.png",
              proxyUrl: null,
              width: null,
              height: null,
              contentType: null,
              description: "a",
              spoiler: true,
            },
          ],
        },
        { type: 14, spacing: 2, divider: false },
      ],
    });
    expect(JSON.stringify(read.components[1])).not.toContain("bottom");
  });

  it("reads a poll whose results are absent as not known, and not as zero", () => {
    const poll = {
      question: { text: "Which day?" },
      answers: [{ answer_id: 1, poll_media: { text: "Friday", emoji: { id: null, name: "🍕" } } }],
      expiry: "2024-10-01T00:00:00.000000+00:00",
      allow_multiselect: true,
      layout_type: 1,
    };
    expect(decode(message({ poll: poll as never })).poll).toEqual({
      question: "Which day?",
      answers: [{ id: 1, text: "Friday", emoji: { id: null, name: "🍕", animated: false } }],
      expiresAt: "2024-10-01T00:00:00.000Z",
      multiselect: true,
      results: null,
    });
    const counted = {
      ...poll,
      results: { is_finalized: true, answer_counts: [{ id: 1, count: 3, me_voted: false }] },
    };
    expect(decode(message({ poll: counted as never })).poll?.results).toEqual({
      finalized: true,
      counts: [{ id: 1, count: 3 }],
    });
  });
});

describe("an update of a message", () => {
  it("with embeds alone leaves text and author unchanged [MSG-1]", () => {
    const update = decodeUpdate({
      id: "1",
      channel_id: "2",
      guild_id: "3",
      embeds: [{ type: "link", title: "t" }],
    });
    expect(Object.keys(update.patch)).toEqual(["embeds"]);
    expect("author" in update).toBe(false);
  });

  it("with an empty list or null empties the field [MSG-1]", () => {
    const update = decodeUpdate({
      id: "1",
      channel_id: "2",
      attachments: [],
      poll: null,
      edited_timestamp: null,
    });
    expect(update).toEqual({
      id: "1",
      channelId: "2",
      guildId: null,
      patch: { attachments: [], poll: null, editedAt: null },
    });
  });

  it("that is whole carries every field that Discord sent", () => {
    const { reactions: _, ...sent } = message({ edited_timestamp: "2024-09-29T19:00:00.000000+00:00" });
    const { patch } = decodeUpdate(sent);
    expect(patch).toMatchObject({ content: "Hello, world!", editedAt: "2024-09-29T19:00:00.000Z" });
    expect("reactions" in patch).toBe(false);
  });
});

describe("a deletion", () => {
  it("of one message and of many is read as a list of ids", () => {
    expect(decodeMessageRemoval({ id: "1", channel_id: "2", guild_id: "3" })).toEqual({
      ok: true,
      value: { ids: ["1"], channelId: "2", guildId: "3" },
    });
    expect(decodeMessageRemoval({ ids: ["1", "4"], channel_id: "2" })).toEqual({
      ok: true,
      value: { ids: ["1", "4"], channelId: "2", guildId: null },
    });
  });

  it("without an id is a problem", () => {
    expect(decodeMessageRemoval({ channel_id: "2" })).toMatchObject({ ok: false });
    expect(decodeMessageRemoval({ id: "1" })).toMatchObject({ ok: false });
  });
});
