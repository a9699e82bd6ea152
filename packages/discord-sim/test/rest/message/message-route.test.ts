import type { Snowflake } from "@guildwire/discord-wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim, Permission } from "../../../src/index.ts";
import { type Answer, call } from "../bot-at-work.ts";

let sim: DiscordSim;
let channels: { readonly id: Snowflake; readonly name: string }[];

beforeEach(async () => {
  sim = await createDiscordSim({ rate: 0 });
  const { body } = await call(sim, "GET", `/guilds/${sim.guildId}/channels`);
  channels = body as never;
});

afterEach(() => sim.close());

function idOf(name: string): Snowflake {
  const channel = channels.find((candidate) => candidate.name === name);
  if (channel === undefined) throw new Error(`no channel ${name}`);
  return channel.id;
}

function post(body: unknown, channel = idOf("general")): Promise<Answer> {
  return call(sim, "POST", `/channels/${channel}/messages`, body);
}

function someone(): Snowflake {
  const person = sim.world().rooms.flatMap(({ people }) => people)[0];
  if (person === undefined) throw new Error("nobody is there");
  return person.id;
}

describe("messages over REST", () => {
  it("are created, listed, edited and deleted", async () => {
    const created = await post({ content: "one" });
    expect(created).toMatchObject({ status: 200, body: { content: "one", author: { bot: true } } });
    await post({ content: "two" });
    const path = `/channels/${idOf("general")}/messages`;
    const { body } = await call(sim, "GET", `${path}?limit=10`);
    expect((body as never as { content: string }[]).map(({ content }) => content)).toEqual(["two", "one"]);
    const before = await call(sim, "GET", `${path}?after=${String(created.body["id"])}`);
    expect(before.body).toMatchObject([{ content: "two" }]);
    const own = `${path}/${String(created.body["id"])}`;
    expect((await call(sim, "PATCH", own, { content: "uno" })).body["edited_timestamp"]).not.toBeNull();
    expect((await call(sim, "DELETE", own)).status).toBe(204);
    expect(await call(sim, "GET", own)).toMatchObject({ status: 404, body: { code: 10_008 } });
    expect(sim.stats().messagesSent).toBe(2);
  });

  it("are not doubled under one enforced nonce, even when the answer was lost", async () => {
    sim.setFaults({ restLoseAnswers: 1 });
    const draft = { content: "once", nonce: "n-1", enforce_nonce: true };
    await expect(post(draft)).rejects.toThrow();
    expect((await post(draft)).status).toBe(200);
    const { body } = await call(sim, "GET", `/channels/${idOf("general")}/messages`);
    expect(body).toHaveLength(1);
  });

  it.each([
    [{ content: "x".repeat(2001) }, 400, 50_035],
    [{ content: "" }, 400, 50_006],
    [{ content: "x", nonce: "x".repeat(26) }, 400, 50_035],
    [{ content: "x", embeds: Array.from({ length: 11 }, () => ({})) }, 400, 50_035],
    [{ embeds: [{ title: "x".repeat(257) }] }, 400, 50_035],
    [{ content: "x", message_reference: { message_id: "1" } }, 400, 50_035],
  ])("are refused when they are not right (%#)", async (draft, status, code) => {
    expect(await post(draft)).toMatchObject({ status, body: { code } });
  });

  it("name the field that is wrong", async () => {
    const { body } = await post({ content: "x".repeat(2001) });
    expect(body).toMatchObject({ errors: { content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH" }] } } });
  });

  it("need a place, the right to be there and the right to write", async () => {
    expect(await post({ content: "x" }, "1" as Snowflake)).toMatchObject({
      status: 404,
      body: { code: 10_003 },
    });
    expect(await post({ content: "x" }, idOf("ideas"))).toMatchObject({
      status: 400,
      body: { code: 50_008 },
    });
    const channelId = idOf("general");
    const send = String(Permission.SendMessages);
    sim.command({ type: "setOverwrite", channelId, targetId: sim.guildId, allow: "0", deny: send });
    expect(await post({ content: "x" })).toMatchObject({ status: 403, body: { code: 50_013 } });
    sim.command({ type: "updateChannel", channelId, hidden: true });
    expect(await post({ content: "x" })).toMatchObject({ status: 403, body: { code: 50_001 } });
  });

  it("of others are theirs", async () => {
    const channelId = idOf("general");
    const [dispatch] = sim.command({ type: "sendMessage", userId: someone(), channelId, content: "mine" });
    if (dispatch?.t !== "MESSAGE_CREATE") throw new Error("nothing was written");
    const path = `/channels/${channelId}/messages/${dispatch.d.id}`;
    expect(await call(sim, "PATCH", path, { content: "x" })).toMatchObject({ body: { code: 50_005 } });
    expect(await call(sim, "DELETE", path)).toMatchObject({ status: 403, body: { code: 50_013 } });
    const flame = encodeURIComponent("🔥");
    expect((await call(sim, "PUT", `${path}/reactions/${flame}/@me`)).status).toBe(204);
    expect((await call(sim, "GET", `${path}/reactions/${flame}`)).body).toHaveLength(1);
    await expect.poll(async () => (await call(sim, "PUT", `${path}/reactions/fire/@me`)).status).toBe(400);
  });

  it("go to people in private, always by the same channel", async () => {
    const open = () => call(sim, "POST", "/users/@me/channels", { recipient_id: someone() });
    const { body } = await open();
    expect((await open()).body["id"]).toBe(body["id"]);
    expect((await post({ content: "psst" }, body["id"] as Snowflake)).status).toBe(200);
    sim.command({ type: "sendDirectMessage", userId: someone(), content: "yes?" });
    const list = await call(sim, "GET", `/channels/${String(body["id"])}/messages`);
    expect(list.body).toMatchObject([{ content: "yes?" }, { content: "psst" }]);
  });
});

describe("channels over REST", () => {
  it("need MANAGE_CHANNELS to be made and changed", async () => {
    const path = `/guilds/${sim.guildId}/channels`;
    expect(await call(sim, "POST", path, { name: "x" })).toMatchObject({ body: { code: 50_013 } });
    await using strong = await createDiscordSim({ rate: 0, botPermissions: "8" });
    expect((await call(strong, "POST", path, {})).body).toMatchObject({ code: 50_035 });
    const made = await call(strong, "POST", path, { name: "new", type: 2, user_limit: 3 });
    expect(made).toMatchObject({ status: 201, body: { name: "new", type: 2, user_limit: 3 } });
    const own = `/channels/${String(made.body["id"])}`;
    expect((await call(strong, "PATCH", own, { name: "newer" })).body["name"]).toBe("newer");
    expect((await call(strong, "PUT", `${own}/voice-status`, { status: "Testing" })).status).toBe(204);
    expect(strong.world().rooms.find(({ name }) => name === "newer")?.status).toBe("Testing");
    expect((await call(strong, "DELETE", own)).status).toBe(200);
    expect((await call(strong, "GET", own)).body["code"]).toBe(10_003);
  });
});

describe("rate limits", () => {
  it("count messages per channel", async () => {
    const answers: Answer[] = [];
    for (let index = 0; index < 6; index += 1) answers.push(await post({ content: String(index) }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[5]?.headers.get("x-ratelimit-scope")).toBe("user");
    expect((await post({ content: "elsewhere" }, idOf("rules"))).status).toBe(200);
  });

  it("come in Discord's three scopes, and as a page from before Discord", async () => {
    sim.setFaults({ restGlobalLimit: 1 });
    const global = await call(sim, "GET", "/users/@me");
    expect(global).toMatchObject({ status: 429, body: { global: true } });
    expect(global.headers.get("x-ratelimit-global")).toBe("true");
    sim.setFaults({ restSharedLimit: 1 });
    const shared = await call(sim, "GET", "/users/@me");
    expect(shared.headers.get("x-ratelimit-scope")).toBe("shared");
    expect(Number(shared.headers.get("x-ratelimit-remaining"))).toBeGreaterThan(0);
    sim.setFaults({ restBadGateway: 1 });
    const edge = await call(sim, "GET", "/users/@me");
    expect([edge.status, edge.headers.get("content-type")]).toEqual([502, "text/html"]);
  });
});
