import type { Snowflake } from "@guildwire/discord-wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim } from "../../src/index.ts";
import { ALL_PERMISSIONS, BOT_PERMISSIONS, Permission } from "../../src/world/permission.ts";
import { SessionClient } from "../session-client.ts";
import { type Answer, call } from "./bot-at-work.ts";

let sim: DiscordSim;
let guild: string;
let channelId: Snowflake;
let person: Snowflake;

async function start(permissions: bigint): Promise<void> {
  sim = await createDiscordSim({ rate: 0, identifyWindowMs: 0, botPermissions: String(permissions) });
  guild = `/guilds/${sim.guildId}`;
  const channels = (await call(sim, "GET", `${guild}/channels`)).body as unknown as {
    id: Snowflake;
    name: string;
  }[];
  channelId = channels.find(({ name }) => name === "general")?.id as Snowflake;
  person = sim
    .world()
    .rooms.flatMap(({ people }) => people)
    .find(({ bot }) => !bot)?.id as Snowflake;
}

beforeEach(() => start(ALL_PERMISSIONS));
afterEach(() => sim.close());

function get(path: string): Promise<Answer> {
  return call(sim, "GET", path);
}

describe("an application", () => {
  it("has its bot's id and an owner, and a token whose first part is that id", async () => {
    const { body } = await get("/oauth2/applications/@me");
    expect(body).toMatchObject({ bot: { id: body["id"] }, owner: { username: expect.any(String) } });
    expect(Buffer.from(sim.token.split(".")[0] ?? "", "base64").toString()).toBe(body["id"]);
  });

  it("keeps what is set, and gets no interactions over the Gateway with an endpoint of its own", async () => {
    const url = "https://example.org/interactions";
    const patched = await call(sim, "PATCH", "/applications/@me", {
      interactions_endpoint_url: url,
      tags: ["a"],
    });
    expect(patched.body).toMatchObject({ interactions_endpoint_url: url, tags: ["a"] });
    expect((await get("/applications/@me")).body).toMatchObject({ interactions_endpoint_url: url });
  });
});

describe("channels", () => {
  it("keep topic, age limit, slow mode, tags and overwrites", async () => {
    const draft = { name: "deep", type: 0, topic: "T", nsfw: true, rate_limit_per_user: 5 };
    const made = await call(sim, "POST", `${guild}/channels`, draft);
    expect(made).toMatchObject({ status: 201, body: draft });
    const forum = await call(sim, "POST", `${guild}/channels`, {
      name: "f",
      type: 15,
      available_tags: [{ name: "t" }],
    });
    expect(forum.body).toMatchObject({
      available_tags: [{ name: "t", id: expect.any(String), moderated: false }],
    });
    const id = String(made.body["id"]);
    const overwrite = { type: 0, allow: "0", deny: "2048" };
    expect((await call(sim, "PUT", `/channels/${id}/permissions/${sim.guildId}`, overwrite)).status).toBe(
      204,
    );
    expect((await get(`/channels/${id}`)).body["permission_overwrites"]).toEqual([
      { id: sim.guildId, ...overwrite },
    ]);
    expect((await call(sim, "DELETE", `/channels/${id}/permissions/${sim.guildId}`)).status).toBe(204);
    expect((await get(`/channels/${id}`)).body["permission_overwrites"]).toEqual([]);
  });

  it("that an overwrite hides are forbidden, and silent on the Gateway", async () => {
    await sim.close();
    await start(BOT_PERMISSIONS);
    const client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token, { intents: (1 << 0) | (1 << 9) });
    await client.event("GUILD_CREATE");
    const view = String(Permission.ViewChannel);
    sim.command({ type: "setOverwrite", channelId, targetId: sim.guildId, allow: "0", deny: view });
    const everyone = sim.command({ type: "updateRole", roleId: sim.guildId, permissions: "0" });
    expect(everyone.map(({ t }) => t)).not.toContain("MESSAGE_CREATE");
    const roles = (await get(`${guild}/roles`)).body as unknown as { id: Snowflake; managed: boolean }[];
    const own = roles.find(({ managed }) => managed)?.id as Snowflake;
    sim.command({ type: "setOverwrite", channelId, targetId: own, allow: "0", deny: view });
    expect(sim.command({ type: "sendMessage", userId: person, channelId, content: "secret" })).toEqual([]);
    expect(await get(`/channels/${channelId}/messages`)).toMatchObject({
      status: 403,
      body: { code: 50_001 },
    });
    const [shown] = sim.command({ type: "setOverwrite", channelId, targetId: own, allow: view, deny: "0" });
    expect(shown).toMatchObject({ t: "CHANNEL_UPDATE", d: { name: "general", flags: 0 } });
    expect(sim.command({ type: "sendMessage", userId: person, channelId, content: "seen" })).toHaveLength(1);
    client.close(1000);
  });
});

describe("threads", () => {
  it("begin at a message once (160004), are listed, archived, and come back when somebody writes", async () => {
    const sent = await call(sim, "POST", `/channels/${channelId}/messages`, { content: "begin" });
    const path = `/channels/${channelId}/messages/${String(sent.body["id"])}/threads`;
    const thread = await call(sim, "POST", path, { name: "Aside" });
    expect(thread).toMatchObject({
      status: 201,
      body: { id: sent.body["id"], type: 11, parent_id: channelId },
    });
    expect((await call(sim, "POST", path, { name: "Again" })).body).toMatchObject({ code: 160_004 });
    const id = thread.body["id"] as Snowflake;
    expect((await get(`${guild}/threads/active`)).body).toMatchObject({
      threads: [{ id }],
      members: [{ id }],
    });
    const [joined, created] = sim.command({
      type: "sendMessage",
      userId: person,
      channelId: id,
      content: "hi",
    });
    expect(joined).toMatchObject({ t: "THREAD_MEMBERS_UPDATE", d: { added_members: [{ user_id: person }] } });
    expect(created).toMatchObject({ t: "MESSAGE_CREATE", d: { channel_id: id } });
    await call(sim, "PATCH", `/channels/${id}`, { archived: true });
    const archived = await get(`/channels/${channelId}/threads/archived/public`);
    expect(archived.body).toMatchObject({
      threads: [{ id, thread_metadata: { archived: true } }],
      has_more: false,
    });
    const [back] = sim.command({ type: "sendMessage", userId: person, channelId: id, content: "again" });
    expect(back).toMatchObject({ t: "THREAD_UPDATE", d: { thread_metadata: { archived: false } } });
  });

  it("are a forum's posts, whose first message has their id", async () => {
    const channels = (await get(`${guild}/channels`)).body as unknown as { id: string; type: number }[];
    const forum = channels.find(({ type }) => type === 15)?.id;
    expect((await call(sim, "POST", `/channels/${forum}/messages`, { content: "x" })).body).toMatchObject({
      code: 50_008,
    });
    const draft = { name: "Post", message: { content: "first" } };
    const post = await call(sim, "POST", `/channels/${forum}/threads`, draft);
    expect(post).toMatchObject({ status: 201, body: { parent_id: forum, message: { content: "first" } } });
    expect((post.body["message"] as { id: string }).id).toBe(post.body["id"]);
  });

  it("that are private are seen by those inside", async () => {
    await sim.close();
    await start(BOT_PERMISSIONS);
    const made = sim.command({
      type: "createThread",
      userId: person,
      channelId,
      name: "Secret",
      isPrivate: true,
    });
    expect(made).toEqual([]);
    expect((await get(`${guild}/threads/active`)).body).toMatchObject({ threads: [] });
  });
});

describe("webhooks", () => {
  it("post under another name by token alone, also into threads", async () => {
    const made = await call(sim, "POST", `/channels/${channelId}/webhooks`, { name: "Herald" });
    const url = `${sim.apiUrl}/webhooks/${String(made.body["id"])}/${String(made.body["token"])}`;
    const headers = { "content-type": "application/json", "user-agent": "t" };
    const body = JSON.stringify({ content: "news", username: "Town Crier" });
    expect((await fetch(url, { method: "POST", headers, body })).status).toBe(204);
    const waited = (await (await fetch(`${url}?wait=true`, { method: "POST", headers, body })).json()) as {
      id: string;
    };
    expect(waited).toMatchObject({
      webhook_id: made.body["id"],
      author: { username: "Town Crier", bot: true },
    });
    const edit = { method: "PATCH", headers, body: JSON.stringify({ content: "old news" }) };
    expect(await (await fetch(`${url}/messages/${waited.id}`, edit)).json()).toMatchObject({
      content: "old news",
    });
    expect((await fetch(`${url}x`, { method: "POST", headers, body })).status).toBe(401);
    expect((await fetch(url, { method: "DELETE", headers: { "user-agent": "t" } })).status).toBe(204);
    expect((await fetch(url, { method: "POST", headers, body })).status).toBe(404);
  });
});

describe("roles, bans, invites and events", () => {
  it("are made, changed and deleted", async () => {
    const role = await call(sim, "POST", `${guild}/roles`, {
      name: "Guide",
      permissions: "0",
      mentionable: true,
    });
    expect(role.body).toMatchObject({ name: "Guide", mentionable: true });
    const id = String(role.body["id"]);
    expect((await call(sim, "PUT", `${guild}/members/${person}/roles/${id}`)).status).toBe(204);
    expect((await get(`${guild}/members/${person}`)).body["roles"]).toEqual([id]);
    expect((await call(sim, "PATCH", `${guild}/roles/${id}`, { color: 255 })).body).toMatchObject({
      color: 255,
    });
    expect((await call(sim, "DELETE", `${guild}/roles/${id}`)).status).toBe(204);

    const invite = await call(sim, "POST", `/channels/${channelId}/invites`, { max_uses: 1 });
    expect((await get(`/invites/${String(invite.body["code"])}`)).body).toMatchObject({ max_uses: 1 });
    expect((await call(sim, "DELETE", `/invites/${String(invite.body["code"])}`)).status).toBe(200);
    expect((await get(`/invites/${String(invite.body["code"])}`)).body).toMatchObject({ code: 10_006 });

    const starts = new Date(Date.now() + 3_600_000).toISOString();
    const draft = { name: "Fair", privacy_level: 2, entity_type: 3, scheduled_start_time: starts };
    const incomplete = await call(sim, "POST", `${guild}/scheduled-events`, draft);
    expect(incomplete).toMatchObject({
      status: 400,
      body: { errors: { entity_metadata: { location: {} } } },
    });
    const place = { entity_metadata: { location: "Park" }, scheduled_end_time: starts };
    const event = await call(sim, "POST", `${guild}/scheduled-events`, { ...draft, ...place });
    const path = `${guild}/scheduled-events/${String(event.body["id"])}`;
    expect((await call(sim, "PATCH", path, { status: 2 })).body).toMatchObject({ status: 2 });
    sim.command({ type: "followEvent", eventId: event.body["id"] as Snowflake, userId: person });
    expect((await get(`${path}/users`)).body).toMatchObject([{ user: { id: person } }]);

    expect((await call(sim, "PUT", `${guild}/bans/${person}`, { delete_message_seconds: 0 })).status).toBe(
      204,
    );
    expect((await get(`${guild}/bans/${person}`)).body).toMatchObject({ user: { id: person } });
    expect((await get(`${guild}/members/${person}`)).body).toMatchObject({ code: 10_007 });
    expect((await call(sim, "DELETE", `${guild}/bans/${person}`)).status).toBe(204);
  });

  it("need their permissions (50013)", async () => {
    await sim.close();
    await start(BOT_PERMISSIONS);
    const calls = [
      ["POST", `${guild}/roles`, {}],
      ["PUT", `${guild}/bans/${person}`, {}],
      ["DELETE", `${guild}/members/${person}`, undefined],
      ["POST", `/channels/${channelId}/webhooks`, { name: "x" }],
      ["GET", `${guild}/invites`, undefined],
      ["PATCH", guild, { name: "x y" }],
      ["PATCH", `${guild}/members/${person}`, { communication_disabled_until: null }],
    ] as const;
    for (const [method, path, body] of calls) {
      expect(await call(sim, method, path, body), `${method} ${path}`).toMatchObject({
        status: 403,
        body: { code: 50_013 },
      });
    }
  });
});

describe("several applications", () => {
  it("see what their own roles let them see, and hear of what the others do", async () => {
    const other = sim.addApplication({ name: "helper", permissions: String(BOT_PERMISSIONS) });
    const [mine, theirs] = [new SessionClient(sim.gatewayUrl), new SessionClient(sim.gatewayUrl)];
    const intents = (1 << 0) | (1 << 9) | (1 << 15);
    await mine.identify(sim.token, { intents });
    await theirs.identify(other.token, { intents });
    expect(await theirs.event("READY")).toMatchObject({
      user: { id: other.id },
      application: { id: other.id },
    });
    await mine.event("GUILD_CREATE");
    await theirs.event("GUILD_CREATE");
    await call(sim, "POST", `/channels/${channelId}/messages`, { content: "hello, helper" });
    expect(await theirs.event("MESSAGE_CREATE")).toMatchObject({ content: "hello, helper" });
    expect(await mine.event("MESSAGE_CREATE")).toMatchObject({ content: "hello, helper" });
    sim.command({ type: "removeBot", applicationId: other.id });
    expect(await theirs.event("GUILD_DELETE")).toEqual({ id: sim.guildId });
    expect(await mine.event("READY")).toMatchObject({ user: { id: sim.applications()[0]?.id } });
    mine.close(1000);
    theirs.close(1000);
  });
});

describe("the bot", () => {
  it("is told of a server it is added to while it runs", async () => {
    const client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    await client.event("GUILD_CREATE");
    const [created] = sim.command({ type: "addGuild", name: "Newtown" });
    expect(created).toMatchObject({ t: "GUILD_CREATE", d: { name: "Newtown" } });
    expect(sim.guildIds).toHaveLength(2);
    expect((await get(`/guilds/${sim.guildIds[1]}`)).body).toMatchObject({ name: "Newtown" });
    client.close(1000);
  });

  it("joins voice with op 4 and is told where its voice server is", async () => {
    const client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    await client.event("GUILD_CREATE");
    const room = sim.world().rooms.find(({ kind, userLimit }) => kind === "voice" && userLimit === 0);
    const d = { guild_id: sim.guildId, channel_id: room?.id, self_mute: true, self_deaf: false };
    client.send(4, d);
    expect(await client.event("VOICE_SERVER_UPDATE")).toMatchObject({
      guild_id: sim.guildId,
      token: expect.any(String),
    });
    const own = await get(`${guild}/voice-states/@me`);
    expect(own.body).toMatchObject({ channel_id: room?.id, self_mute: true });
    expect(own.body["session_id"]).toBe(sim.sessions()[0]?.id);
    client.close(1000);
  });
});
