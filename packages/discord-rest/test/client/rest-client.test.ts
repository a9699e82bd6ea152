import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { Secret } from "@guildwire/runtime";
import { createVirtualClock } from "@guildwire/runtime/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  fileRestMemory,
  RestClient,
  type RestClientOptions,
  type RestEvent,
  type RestMemory,
  restRoute,
} from "../../src/index.ts";
import { MemoryTransport } from "./memory-transport.ts";

const TOKEN = "a.bot.token";
const LIMITS = {
  "x-ratelimit-bucket": "h",
  "x-ratelimit-limit": "5",
  "x-ratelimit-remaining": "4",
  "x-ratelimit-reset-after": "5",
  via: "1.1 google",
};

async function open(options: Partial<RestClientOptions> = {}) {
  const clock = createVirtualClock();
  const transport = new MemoryTransport();
  const events: RestEvent[] = [];
  const client = await RestClient.open({
    apiUrl: "https://discord.example/api/v10",
    token: new Secret(TOKEN),
    userAgent: "DiscordBot (https://example.org, 1)",
    clock,
    transport,
    random: () => 0,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      clock.turn();
    }
  };
  return { client, clock, transport, events, pass };
}

const message = (channelId: string, content = "Hello") =>
  restRoute("POST", "/channels/{channelId}/messages", { channelId }, { body: { content } });

describe("a request", () => {
  it("goes out with token, User-Agent, JSON and an encoded reason", async () => {
    const { client, transport } = await open();
    const route = restRoute(
      "PATCH",
      "/channels/{channelId}",
      { channelId: "1" },
      { body: { name: "a" }, query: { x: true, y: undefined }, auditReason: "because é" },
    );
    const outcome = client.request(route);
    expect(transport.last.request).toEqual({
      method: "PATCH",
      path: "/api/v10/channels/1?x=true",
      headers: {
        authorization: `Bot ${TOKEN}`,
        "user-agent": "DiscordBot (https://example.org, 1)",
        "content-type": "application/json",
        "x-audit-log-reason": "because%20%C3%A9",
      },
      body: '{"name":"a"}',
    });
    transport.last.answer(200, { id: "1" }, LIMITS);
    expect(await outcome).toEqual({
      stage: "answered",
      ok: true,
      status: 200,
      body: { id: "1" },
      attempts: 1,
    });
  });

  it("that Discord rejects comes back with its code, its message and no token", async () => {
    const { client, transport } = await open();
    const outcome = client.request(message("1"));
    transport.last.answer(403, { code: 50_013, message: "Missing Permissions" }, LIMITS);
    const { stage, error } = (await outcome) as { stage: string; error: Error };
    expect({ stage, ...error, message: error.message }).toMatchObject({
      stage: "answered",
      code: "rejected",
      status: 403,
      discordCode: 50_013,
      message: "POST /channels/{}/messages: Discord rejected the call: 403 Missing Permissions",
    });
    expect(inspect([client, await outcome], { depth: 9, showHidden: true })).not.toContain(TOKEN);
  });

  it("that could not be sent in time says how long it would have had to wait", async () => {
    const { client, transport } = await open();
    const first = client.request(message("1"));
    transport.last.answer(
      200,
      {},
      { ...LIMITS, "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "60" },
    );
    await first;
    expect(await client.request(message("1"), { deadlineMs: 5_000 })).toMatchObject({
      stage: "notSent",
      attempts: 0,
      error: { code: "deadline_unreachable", fault: "discord", retryAfterMs: 60_000 },
    });
    expect(transport.exchanges).toHaveLength(1);
  });

  it("whose answer never comes ends as unknown, and the next one goes out", async () => {
    const { client, transport, pass } = await open();
    const lost = client.request(message("1"));
    const next = client.request(message("1", "next"));
    pass(10_010);
    expect(await lost).toMatchObject({ stage: "unknown", attempts: 1, error: { code: "no_answer" } });
    expect(transport.exchanges.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    transport.last.answer(200, {}, LIMITS);
    expect(await next).toMatchObject({ stage: "answered", ok: true });
  });

  it("that found no connection is repeated until its deadline, then says what failed", async () => {
    const { client, transport, pass } = await open();
    const outcome = client.request(message("1"), { deadlineMs: 3_000 });
    for (let ms = 0; ms < 3_000; ms += 10) {
      if (transport.exchanges.length > 0 && !transport.last.isEnded) {
        transport.last.isEnded = true;
        transport.last.fail("notSent");
      }
      pass(10);
    }
    expect(transport.exchanges.length).toBeGreaterThan(2);
    const { stage, error } = (await outcome) as { stage: string; error: Error };
    expect(stage).toBe("notSent");
    expect(error.message).toContain("connection refused");
  });

  it("is taken back by its signal: before it is sent for certain, afterwards as unknown", async () => {
    const { client, transport } = await open();
    const [sent, waiting, early] = [new AbortController(), new AbortController(), new AbortController()];
    early.abort();
    const outcomes = [sent, waiting, early].map(({ signal }) => client.request(message("1"), { signal }));
    waiting.abort();
    sent.abort();
    expect(await Promise.all(outcomes)).toMatchObject([
      { stage: "unknown", error: { code: "cancelled" } },
      { stage: "notSent", error: { code: "cancelled" } },
      { stage: "notSent", error: { code: "cancelled" } },
    ]);
    expect(transport.exchanges).toHaveLength(1);
  });

  it("reports 429 and every attempt as events, by template", async () => {
    const { client, transport, events, pass } = await open();
    const outcome = client.request(message("1"));
    transport.last.answer(
      429,
      { retry_after: 0.5, global: false },
      { ...LIMITS, "x-ratelimit-scope": "shared" },
    );
    pass(600);
    transport.last.answer(200, {}, LIMITS);
    expect(await outcome).toMatchObject({ stage: "answered", ok: true, attempts: 2 });
    const route = "POST /channels/{}/messages";
    expect(events).toMatchObject([
      { type: "attempt", route, attempt: 1, result: 429 },
      { type: "limited", route, paused: "line", refusal: { scope: "shared", retryAfterMs: 500 } },
      { type: "attempt", route, attempt: 2, result: 200 },
    ]);
  });
});

describe("a client without a token", () => {
  it("refuses what needs one and sends what does not", async () => {
    const { client, transport } = await open({ token: null });
    expect(await client.request(message("1"))).toMatchObject({
      stage: "notSent",
      error: { code: "token_missing" },
    });
    const route = restRoute("GET", "/webhooks/{applicationId}/{interactionToken}/messages/@original", {
      applicationId: "1",
      interactionToken: "t",
    });
    void client.request(route);
    expect(transport.last.request.headers).not.toHaveProperty("authorization");
  });
});

describe("closing", () => {
  it("ends what waits, gives what is under way its time, and then ends that", async () => {
    const { client, transport, pass } = await open();
    const [underWay, waiting] = [client.request(message("1")), client.request(message("1"))];
    const closed = client.close(2_000);
    expect(await waiting).toMatchObject({ stage: "notSent", error: { code: "closed" } });
    pass(2_010);
    expect(await underWay).toMatchObject({ stage: "unknown", error: { code: "cancelled" } });
    await closed;
    expect(transport.isClosed).toBe(true);
    expect(await client.request(message("1"))).toMatchObject({ stage: "notSent", error: { code: "closed" } });
    await client.close();
  });
});

describe("options", () => {
  it.each(["", "discord.com/api", "ftp://discord.com", "https://discord.com/api?v=10"])(
    "refuse the API's URL %j",
    async (apiUrl) => {
      await expect(open({ apiUrl })).rejects.toThrow("apiUrl must be an http or https URL without a query");
    },
  );
});

describe.each([
  ["a file", () => fileRestMemory(join(temporaryFolder(), "rest.json"))],
  ["a store of another kind", inMemory],
])("what outlives a restart, in %s", (_, make) => {
  it("is nothing at first", async () => {
    expect(await make().load()).toBeNull();
  });

  it("is the count of invalid requests and long pauses, saved within a second", async () => {
    const memory = make();
    const first = await open({ memory });
    for (const channel of ["1", "2", "3"]) {
      void first.client.request(message(channel));
      first.transport.last.answer(403, { code: 50_013 }, LIMITS);
    }
    void first.client.request(message("4"), { deadlineMs: 1 });
    first.transport.last.answer(429, { retry_after: 900, global: true }, LIMITS);
    first.pass(1_010);
    await first.client.close();

    const second = await open({ memory });
    expect(second.client.status()).toMatchObject({ invalidRequests: 4 });
    expect(second.client.status().pausedMs).toBeGreaterThan(890_000);
  });
});

describe("a memory that fails", () => {
  it("is reported and stops nothing", async () => {
    const memory: RestMemory = {
      load: () => Promise.reject(new Error("unreadable")),
      save: () => Promise.reject(new Error("disk full")),
    };
    const { client, transport, events } = await open({ memory });
    const outcome = client.request(message("1"));
    transport.last.answer(403, {}, LIMITS);
    await outcome;
    await client.close();
    expect(events.filter(({ type }) => type === "memoryFailed")).toHaveLength(2);
  });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "guildwire-rest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function inMemory(): RestMemory {
  let stored: string | null = null;
  return {
    load: async () => (stored === null ? null : JSON.parse(stored)),
    save: async (memory) => {
      stored = JSON.stringify(memory);
    },
  };
}
