import { Secret } from "@guildwire/runtime";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createFetchGatewayBot } from "../src/discord-rest.ts";

const API_URL = "http://discord.test/api/v10";
const GATEWAY_BOT = `${API_URL}/gateway/bot`;
const BODY = {
  url: "wss://gateway.test",
  shards: 1,
  session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
};

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const fetchGatewayBot = createFetchGatewayBot({
  discordApiUrl: API_URL,
  token: new Secret("the-token"),
  proxies: null,
});

describe("GET /gateway/bot", () => {
  it("sends the token as a bot's and a User-Agent of the form Discord requires", async () => {
    const seen: Headers[] = [];
    server.use(
      http.get(GATEWAY_BOT, ({ request }) => {
        seen.push(request.headers);
        return HttpResponse.json(BODY);
      }),
    );
    expect(await fetchGatewayBot()).toMatchObject({
      ok: true,
      value: { url: "wss://gateway.test", sessionStartLimit: { remaining: 999, resetAfterMs: 14_400_000 } },
    });
    expect(seen[0]?.get("authorization")).toBe("Bot the-token");
    expect(seen[0]?.get("user-agent")).toMatch(/^DiscordBot \(https?:\/\/\S+, \d+\.\d+\.\d+\)/);
  });

  it("says that the token was refused with 401", async () => {
    server.use(http.get(GATEWAY_BOT, () => HttpResponse.json({ message: "401" }, { status: 401 })));
    expect(await fetchGatewayBot()).toEqual({ ok: false, reason: { kind: "tokenRefused" } });
  });

  it.each([
    ["a server error", () => new HttpResponse("bad gateway", { status: 502 })],
    ["no JSON", () => new HttpResponse("<html>", { status: 200 })],
    ["no URL", () => HttpResponse.json({ shards: 1 })],
    ["no answer", () => HttpResponse.error()],
  ])("is unreachable with %s, and does not tell the token", async (_, answer) => {
    server.use(http.get(GATEWAY_BOT, answer));
    const outcome = await fetchGatewayBot();
    expect(outcome).toMatchObject({ ok: false, reason: { kind: "unreachable" } });
    expect(JSON.stringify(outcome)).not.toContain("the-token");
  });
});
