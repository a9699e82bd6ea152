import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SILENT_AFTER_MS } from "../../src/intake/source-freshness.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";

let work: HubAtWork;

beforeEach(async () => {
  work = await startHub();
});
afterEach(async () => {
  await work.stop();
});

describe("health", () => {
  it("names the sources, how far they are, and when they were last heard", async () => {
    expect(await work.request("/api/health")).toMatchObject({
      status: 200,
      body: { status: "ok", sources: [], sockets: 0 },
    });
    const story = new GuildStory();
    await work.deliver([story.snapshot()]);
    const heardMs = work.clock.nowMs();
    work.clock.advance(SILENT_AFTER_MS);
    using _browser = await (await work.browser()).auth();
    expect((await work.request("/api/health")).body).toEqual({
      status: "ok",
      timestamp: new Date(work.clock.nowMs()).toISOString(),
      version: expect.any(String),
      uptimeMs: SILENT_AFTER_MS,
      store: "ok",
      sockets: 1,
      topics: 0,
      sources: [{ source: GUILD.id, epoch: "e1", seq: 1, status: "stale", lastHeardMs: heardMs }],
    });
  });

  it("says so when the hub is closing, while it still lives", async () => {
    work.hub.announceClosing();
    expect(await work.request("/api/health")).toMatchObject({ status: 503, body: { status: "closing" } });
    expect(await work.request("/api/ready")).toMatchObject({ status: 503, body: { ready: false } });
    expect(await work.request("/api/live")).toMatchObject({ status: 200, body: { live: true } });
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
