import { readSecrets, signDelivery } from "@guildwire/events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { takeDelivery } from "../src/server/take-delivery.ts";

const SECRET = "a-secret-for-this-test-of-32-characters";

beforeEach(() => void vi.stubEnv("HUB_SECRET", SECRET));
afterEach(() => void vi.unstubAllEnvs());

function signed(body: string): Request {
  const secrets = readSecrets(SECRET);
  const parts = { id: "e1_1_1", timestampS: Math.floor(Date.now() / 1_000), body };
  return new Request("http://app.example/api/discord-events", {
    method: "POST",
    body,
    headers: {
      "webhook-id": parts.id,
      "webhook-timestamp": String(parts.timestampS),
      "webhook-signature": signDelivery(parts, secrets.ok ? secrets.keys : []),
    },
  });
}

it("refuses what is signed and is no JSON, saying so", async () => {
  const answer = await takeDelivery(signed("no JSON"));
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: "the body is not JSON" });
});

it("refuses what has been changed on its way", async () => {
  const { headers } = signed("{}");
  const request = new Request("http://app.example/", { method: "POST", body: "{ }", headers });
  expect((await takeDelivery(request)).status).toBe(401);
});

it("names the variable when it has no secret", async () => {
  vi.stubEnv("HUB_SECRET", "");
  const answer = await takeDelivery(signed("{}"));
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({ error: "HUB_SECRET is empty" });
});
