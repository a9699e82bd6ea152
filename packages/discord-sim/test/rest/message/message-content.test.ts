import type { Snowflake } from "@guildwire/discord-wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim } from "../../../src/index.ts";
import { ALL_PERMISSIONS, BOT_PERMISSIONS } from "../../../src/world/permission.ts";
import { HandClock } from "../../hand-clock.ts";
import { type Answer, call } from "../bot-at-work.ts";

let sim: DiscordSim;
let clock: HandClock;
let channelId: Snowflake;
let person: Snowflake;

async function start(permissions = ALL_PERMISSIONS): Promise<void> {
  clock = new HandClock();
  sim = await createDiscordSim({ rate: 0, clock, botPermissions: String(permissions) });
  const channels = (await call(sim, "GET", `/guilds/${sim.guildId}/channels`)).body as unknown as {
    id: Snowflake;
    name: string;
  }[];
  channelId = channels.find(({ name }) => name === "general")?.id as Snowflake;
  person = sim
    .world()
    .rooms.flatMap(({ people }) => people)
    .find(({ bot }) => !bot)?.id as Snowflake;
}

beforeEach(() => start());
afterEach(() => sim.close());

function post(body: unknown): Promise<Answer> {
  return call(sim, "POST", `/channels/${channelId}/messages`, body);
}

function row(...components: readonly unknown[]): unknown {
  return { type: 1, components };
}

function button(customId: string): unknown {
  return { type: 2, style: 1, label: "x", custom_id: customId };
}

async function upload(
  files: readonly (readonly [name: string, text: string])[],
  json: unknown,
): Promise<Answer> {
  const form = new FormData();
  form.set("payload_json", JSON.stringify(json));
  for (const [index, [name, text]] of files.entries()) form.set(`files[${index}]`, new Blob([text]), name);
  const headers = { authorization: `Bot ${sim.token}`, "user-agent": "test" };
  const path = `${sim.apiUrl}/channels/${channelId}/messages`;
  const response = await fetch(path, { method: "POST", headers, body: form });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer["body"],
  };
}

describe("what a message holds", () => {
  it("is kept: components with ids, embeds, a poll", async () => {
    const components = [row(button("a"), button("b"))];
    const sent = await post({ content: "x", components, embeds: [{ title: "T" }], tts: true });
    expect(sent.body).toMatchObject({
      tts: true,
      embeds: [{ title: "T", type: "rich" }],
      components: [{ id: 1, components: [{ id: 2, custom_id: "a" }, { id: 3 }] }],
    });
    const poll = { question: { text: "Tea?" }, answers: [{ poll_media: { text: "Yes" } }], duration: 1 };
    expect((await post({ poll })).body).toMatchObject({ poll: { question: { text: "Tea?" }, results: {} } });
  });

  it.each([
    ["an unknown field", { content: "x", colour: 1 }, "colour"],
    ["two buttons of one id", { components: [row(button("a"), button("a"))] }, "components"],
    [
      "six buttons in a row",
      { components: [row(...["a", "b", "c", "d", "e", "f"].map(button))] },
      "components",
    ],
    ["a select without options", { components: [row({ type: 3, custom_id: "s" })] }, "components"],
    [
      "content beside Components V2",
      { content: "x", flags: 32_768, components: [{ type: 10, content: "y" }] },
      "content",
    ],
    ["an ephemeral flag", { content: "x", flags: 64 }, "flags"],
    [
      "both a parse and a list of users",
      { content: "x", allowed_mentions: { parse: ["users"], users: ["1"] } },
      "allowed_mentions",
    ],
  ])("is refused with 50035 when it has %s", async (_, body, field) => {
    const refused = await post(body);
    expect(refused).toMatchObject({ status: 400, body: { code: 50_035 } });
    expect(Object.keys(refused.body["errors"] as object)).toEqual([field]);
  });

  it("pings whom `allowed_mentions` allows, and everybody alone with the permission", async () => {
    const content = `<@${person}> @everyone`;
    expect((await post({ content })).body).toMatchObject({
      mention_everyone: true,
      mentions: [{ id: person }],
    });
    const silent = await post({ content, allowed_mentions: { parse: [] } });
    expect(silent.body).toMatchObject({ mention_everyone: false, mentions: [] });
    await sim.close();
    await start(BOT_PERMISSIONS);
    expect((await post({ content })).body).toMatchObject({ mention_everyone: false });
  });

  it("may be a forward of a message the bot can read", async () => {
    sim.command({ type: "sendMessage", userId: person, channelId, content: "original" });
    const [original] = (await call(sim, "GET", `/channels/${channelId}/messages`)).body as unknown as [
      { id: string },
    ];
    const reference = { type: 1, message_id: original.id, channel_id: channelId };
    const forward = await post({ message_reference: reference });
    expect(forward.body).toMatchObject({
      flags: 16_384,
      message_reference: { type: 1, message_id: original.id },
      message_snapshots: [{ message: { content: "original" } }],
    });
  });

  it("may name ids as numbers, also beyond 2^53", async () => {
    const sent = await post({ content: "first" });
    const path = `${sim.apiUrl}/channels/${channelId}/messages`;
    const headers = {
      authorization: `Bot ${sim.token}`,
      "user-agent": "t",
      "content-type": "application/json",
    };
    const body = `{"content":"reply","message_reference":{"message_id":${String(sent.body["id"])}}}`;
    const reply = (await (await fetch(path, { method: "POST", headers, body })).json()) as Record<
      string,
      unknown
    >;
    expect(reply).toMatchObject({ type: 19, referenced_message: { id: sent.body["id"] } });
  });
});

describe("files", () => {
  it("have addresses that work for a day", async () => {
    const sent = await upload([["my note.txt", "hello"]], {
      attachments: [{ id: 0, description: "a note" }],
    });
    const [{ url, ...attachment }] = sent.body["attachments"] as [{ url: string }];
    expect(attachment).toMatchObject({ filename: "my_note.txt", size: 5, description: "a note" });
    expect(url).toMatch(/\?ex=[0-9a-f]+&is=[0-9a-f]+&hm=[0-9a-f]{64}&$/);
    expect(await (await fetch(url)).text()).toBe("hello");
    expect((await fetch(url.replace("hm=", "hm=0"))).status).toBe(404);
    clock.pass(24 * 3_600_000 + 1000);
    expect((await fetch(url)).status).toBe(404);
    const again = await call(sim, "GET", `/channels/${channelId}/messages/${String(sent.body["id"])}`);
    const [fresh] = again.body["attachments"] as [{ url: string }];
    expect(await (await fetch(fresh.url)).text()).toBe("hello");
  });

  it("shown by an embed are no attachments", async () => {
    const embeds = [{ image: { url: "attachment://a.png" } }];
    const sent = await upload([["a.png", "png"]], { embeds });
    expect(sent.body["attachments"]).toEqual([]);
    const [embed] = sent.body["embeds"] as [{ image: { url: string } }];
    expect((await fetch(embed.image.url)).status).toBe(200);
  });

  it("that an edit does not name are removed", async () => {
    const sent = await upload(
      [
        ["a.txt", "a"],
        ["b.txt", "b"],
      ],
      { content: "x" },
    );
    const [, second] = sent.body["attachments"] as [unknown, { id: string }];
    const path = `/channels/${channelId}/messages/${String(sent.body["id"])}`;
    const edited = await call(sim, "PATCH", path, { attachments: [{ id: second.id }] });
    expect(edited.body["attachments"]).toMatchObject([{ filename: "b.txt" }]);
  });
});

describe("edits", () => {
  it("of messages older than an hour are limited to 3 in 6 s and channel (30046), without a header", async () => {
    const sent = await post({ content: "old" });
    const path = `/channels/${channelId}/messages/${String(sent.body["id"])}`;
    clock.pass(3_600_001);
    for (let n = 0; n < 3; n += 1)
      expect((await call(sim, "PATCH", path, { content: String(n) })).status).toBe(200);
    const refused = await call(sim, "PATCH", path, { content: "more" });
    expect(refused).toMatchObject({ status: 429, body: { code: 30_046, global: false } });
    clock.pass(6001);
    expect((await call(sim, "PATCH", path, { content: "more" })).status).toBe(200);
  });
});

describe("an enforced nonce", () => {
  it("of a message that was deleted meanwhile fails with 10008", async () => {
    const draft = { content: "once", nonce: "n", enforce_nonce: true };
    const sent = await post(draft);
    await call(sim, "DELETE", `/channels/${channelId}/messages/${String(sent.body["id"])}`);
    expect(await post(draft)).toMatchObject({ status: 404, body: { code: 10_008 } });
    clock.pass(5 * 60_000);
    expect((await post(draft)).status).toBe(200);
  });
});

describe("polls", () => {
  it("count votes, tell of each, and end by themselves with exact results", async () => {
    const answers = ["Yes", "No"].map((text) => ({ poll_media: { text } }));
    const sent = await post({ poll: { question: { text: "Tea?" }, answers, duration: 1 } });
    const place = { channelId, messageId: sent.body["id"] as Snowflake };
    const [added] = sim.command({ type: "vote", userId: person, answer: 1, ...place });
    expect(added).toMatchObject({ t: "MESSAGE_POLL_VOTE_ADD", d: { answer_id: 1 } });
    expect(sim.command({ type: "vote", userId: person, answer: 2, ...place }).map(({ t }) => t)).toEqual([
      "MESSAGE_POLL_VOTE_REMOVE",
      "MESSAGE_POLL_VOTE_ADD",
    ]);
    const voters = await call(sim, "GET", `/channels/${channelId}/polls/${place.messageId}/answers/2`);
    expect(voters.body).toMatchObject({ users: [{ id: person }] });
    clock.pass(3_600_000);
    const [result, ended] = (await call(sim, "GET", `/channels/${channelId}/messages`)).body as unknown as [
      Record<string, unknown>,
      Record<string, unknown>,
    ];
    expect(ended).toMatchObject({
      poll: { results: { is_finalized: true, answer_counts: [{ id: 2, count: 1 }] } },
    });
    expect(result).toMatchObject({ type: 46, embeds: [{ type: "poll_result" }] });
  });
});
