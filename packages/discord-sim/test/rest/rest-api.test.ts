import type { Snowflake } from "@guildwire/discord-wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim } from "../../src/discord-sim.ts";

const USER_AGENT = "DiscordBot (https://example.org, 1.0)";
let sim: DiscordSim;

beforeAll(async () => {
  sim = await createDiscordSim({ rate: 0, restCallsPerSecondMax: 1000 });
});

afterAll(() => sim.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const all = { authorization: `Bot ${sim.token}`, "user-agent": USER_AGENT, ...headers };
  const response = await fetch(sim.apiUrl + path, { headers: all });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe("REST", () => {
  it("tells the Gateway's URL to anybody", async () => {
    expect(await get("/gateway", { authorization: "" })).toMatchObject({
      status: 200,
      body: { url: sim.gatewayUrl },
    });
  });

  it("tells a bot how often it may still identify", async () => {
    expect((await get("/gateway/bot")).body).toMatchObject({
      url: sim.gatewayUrl,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 1000, max_concurrency: 1 },
    });
  });

  it("leads back by the name the client used", async () => {
    const url = sim.apiUrl.replace("127.0.0.1", "localhost");
    const response = await fetch(`${url}/gateway`, { headers: { "user-agent": USER_AGENT } });
    expect(await response.json()).toEqual({ url: `ws://localhost:${sim.port}/gateway` });
  });

  it("knows the bot, its application and its server", async () => {
    expect((await get("/users/@me")).body).toMatchObject({ bot: true });
    expect((await get("/applications/@me")).body).toMatchObject({ flags: 565_248, flags_new: "565248" });
    expect((await get(`/guilds/${sim.guildId}`)).body).toMatchObject({ id: sim.guildId });
  });

  it("lists channels without those the bot may not view", async () => {
    const channels = (await get(`/guilds/${sim.guildId}/channels`)).body as { type: number; flags: number }[];
    expect(channels.filter(({ type }) => type === 2 || type === 13)).toHaveLength(8);
    expect(channels.every(({ flags }) => flags === 0)).toBe(true);
  });

  it("knows members and where they are in voice", async () => {
    const room = sim.world().rooms.find(({ people }) => people.length > 0);
    const userId = room?.people[0]?.id as Snowflake;
    expect((await get(`/guilds/${sim.guildId}/members/${userId}`)).body).toMatchObject({
      user: { id: userId },
    });
    expect((await get(`/guilds/${sim.guildId}/voice-states/${userId}`)).body).toMatchObject({
      user_id: userId,
      channel_id: room?.id,
    });
    expect(await get(`/guilds/${sim.guildId}/voice-states/@me`)).toMatchObject({
      status: 404,
      body: { code: 10_065 },
    });
  });

  it.each([
    ["/guilds/1", 404, 10_004],
    ["/guilds/900000000000000001/members/1", 404, 10_007],
    ["/nowhere", 404, 0],
  ])("answers %s with %i and code %i", async (path, status, code) => {
    expect(await get(path)).toMatchObject({ status, body: { code } });
  });

  it.each([
    ["no authorization", ""],
    ["a bare token", "ODMwNDgzNzYyMzQ4Mjk0MTQ0.sim.not-a-real-discord-bot-token"],
    ["a wrong token", "Bot wrong"],
  ])("refuses %s with 401", async (_, authorization) => {
    const answer = await get("/users/@me", { authorization });
    expect(answer).toMatchObject({ status: 401, body: { message: "401: Unauthorized", code: 0 } });
  });

  it("refuses a call without User-Agent, and in strict mode one of another form", async () => {
    expect(await get("/gateway", { "user-agent": "" })).toMatchObject({
      status: 403,
      body: { code: 40_333 },
    });
    expect((await get("/gateway", { "user-agent": "node" })).status).toBe(200);
    await using strict = await createDiscordSim({ rate: 0, strictUserAgent: true });
    const url = `${strict.apiUrl}/gateway`;
    expect((await fetch(url, { headers: { "user-agent": "node" } })).status).toBe(403);
    expect((await fetch(url, { headers: { "user-agent": USER_AGENT } })).status).toBe(200);
  });

  it("refuses other versions and methods", async () => {
    const v9 = await fetch(sim.apiUrl.replace("v10", "v9/gateway"));
    expect(v9.status).toBe(400);
    const headers = { "user-agent": USER_AGENT };
    const post = await fetch(`${sim.apiUrl}/gateway`, { method: "POST", headers });
    expect(post.status).toBe(405);
  });

  it("counts calls in rate-limit headers and refuses the 51st of a second", async () => {
    const { headers } = await get(`/guilds/${sim.guildId}`);
    expect(Number(headers.get("x-ratelimit-limit"))).toBe(50);
    expect(Number(headers.get("x-ratelimit-reset-after"))).toBeLessThanOrEqual(1);
    const path = `/guilds/${sim.guildId}/channels`;
    const answers = await Promise.all(Array.from({ length: 60 }, () => get(path)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body).toMatchObject({ global: false });
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
    expect(refused[0]?.headers.get("x-ratelimit-remaining")).toBe("0");
  });

  it("fails as a fault says", async () => {
    sim.setFaults({ restStatus: 502 });
    expect((await get("/gateway")).status).toBe(502);
    sim.setFaults({ restStatus: null });
    expect((await get("/gateway")).status).toBe(200);
  });
});
