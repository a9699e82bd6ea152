import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SILENT_AFTER_MS } from "../../src/intake/source-freshness.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, SECRET, startHub } from "../hub-at-work.ts";

let work: HubAtWork;

beforeEach(async () => {
  work = await startHub();
});
afterEach(async () => {
  await work.stop();
});

describe("health", () => {
  it("is about the hub, and names nobody", async () => {
    await work.deliver([new GuildStory().snapshot()]);
    work.clock.advance(SILENT_AFTER_MS);
    expect(await work.request("/api/health")).toMatchObject({
      // A silent worker is no illness of the hub's.
      status: 200,
      body: {
        status: "ok",
        state: "ok",
        timestamp: new Date(work.clock.wallMs()).toISOString(),
        version: expect.any(String),
        uptimeMs: SILENT_AFTER_MS,
        store: "ok",
      },
    });
    for (const path of ["/api/health", "/api/live", "/api/ready"])
      expect(JSON.stringify((await work.request(path)).body)).not.toContain(GUILD.id);
  });

  it("says so when the hub is closing, while it still lives", async () => {
    work.hub.announceClosing();
    expect(await work.request("/api/health")).toMatchObject({ status: 503, body: { status: "closing" } });
    expect(await work.request("/api/ready")).toMatchObject({ status: 503, body: { ready: false } });
    expect(await work.request("/api/live")).toMatchObject({ status: 200, body: { live: true } });
    expect((await work.status()).body).toMatchObject({ status: "closing", statusS: 0 });
  });
});

describe("the status", () => {
  it("names the sources, how far they are, since when they are so, and when they were last heard", async () => {
    await work.deliver([new GuildStory().snapshot()]);
    work.clock.advance(SILENT_AFTER_MS);
    using _browser = await (await work.browser()).auth([{ topic: `voice/${GUILD.id}/public` }]);
    work.clock.advance(5_000);
    const { status, body } = await work.status();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "ok",
      statusS: SILENT_AFTER_MS / 1_000 + 5,
      uptimeS: SILENT_AFTER_MS / 1_000 + 5,
      memory: { residentBytes: expect.any(Number) },
      loop: { delayMs: 0, delayMsMax: 0 },
      sockets: { open: 1, notGreetedYet: 0, subscriptions: 1, topicsFollowed: 1, heldRequests: 0 },
      limits: { connectionsPerUser: 10 },
      store: { status: "ok", failingS: null },
      history: { status: "ok", topics: 1 },
      secrets: { deliveries: 1, tickets: 1 },
      views: [{ name: "public", access: "anyone", people: "named" }],
      sources: [{ source: GUILD.id, epoch: "e1", seq: 1, status: "stale", statusS: 5, lastHeardS: 30 }],
      sourcesDoubted: 0,
    });
    expect(JSON.stringify(body)).not.toContain(SECRET.slice("whsec_".length));
  });

  it.each([
    ["without a token", {}],
    ["with another token", { authorization: `Bearer ${"A".repeat(43)}` }],
    ["with the secret itself", { authorization: `Bearer ${SECRET}` }],
  ])("is refused %s, and says nothing", async (_, headers) => {
    await work.deliver([new GuildStory().snapshot()]);
    const { status, body } = await work.request("/api/status", { headers });
    expect([status, JSON.stringify(body)]).toEqual([401, expect.not.stringContaining(GUILD.id)]);
  });
});

describe("metrics", () => {
  it("count deliveries, events, frames and sockets", async () => {
    await work.deliver([new GuildStory().snapshot()]);
    await work.post("{nope");
    const { body, headers } = await work.request("/api/metrics");
    expect(headers.get("content-type")).toContain("version=0.0.4");
    expect(body).toContain('guildwire_hub_deliveries_total{outcome="applied"} 1');
    expect(body).toContain('guildwire_hub_deliveries_total{outcome="invalid"} 1');
    expect(body).toContain('guildwire_hub_events_total{type="guild.snapshot"} 1');
    expect(body).toContain("guildwire_hub_connections 0");
    expect(body).toContain("guildwire_hub_intake_seconds_count 2");
  });
});

describe("the paths under /api/", () => {
  it.each([
    ["/api/internal/events", "GET", "POST"],
    ["/api/internal/events", "PUT", "POST"],
    ["/api/health", "POST", "GET, HEAD"],
    ["/api/metrics", "DELETE", "GET, HEAD"],
  ])("%s does not take %s", async (path, method, allow) => {
    const answer = await work.request(path, { method });
    expect(answer).toMatchObject({ status: 405, body: { error: { code: "method_not_allowed" } } });
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it("answer HEAD without a body", async () => {
    expect(await work.request("/api/ready", { method: "HEAD" })).toMatchObject({ status: 200 });
  });

  it("are JSON even where there is nothing", async () => {
    expect(await work.request("/api/nothing")).toMatchObject({
      status: 404,
      body: { error: { code: "not_found" } },
    });
  });

  it("are not stored by anyone between", async () => {
    expect((await work.request("/api/health")).headers.get("cache-control")).toBe("no-store");
  });
});

it("sends every answer with headers that cost nothing and protect", async () => {
  for (const path of ["/", "/api/live"]) {
    const { headers } = await work.request(path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'; frame-ancestors 'none'");
  }
});
