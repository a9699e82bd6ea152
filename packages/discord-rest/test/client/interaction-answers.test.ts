import { createVirtualClock } from "@guildwire/runtime/testing";
import { describe, expect, it } from "vitest";
import { createInteractionAnswers, RestClient } from "../../src/index.ts";
import { MemoryTransport } from "./memory-transport.ts";

async function open() {
  const clock = createVirtualClock();
  const transport = new MemoryTransport();
  const client = await RestClient.open({
    apiUrl: "https://discord.example/api/v10",
    token: null,
    userAgent: "DiscordBot (https://example.org, 1)",
    clock,
    transport,
    random: () => 0,
  });
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      clock.turn();
    }
  };
  return { answers: createInteractionAnswers(client), transport, pass };
}

const interaction = (id: string, ageMs = 0, placeId = "guild") => ({
  id,
  token: `token-${id}`,
  applicationId: "7",
  ageMs,
  placeId,
});

describe("answers to interactions", () => {
  it("go to the interaction's own paths, without the bot's token", async () => {
    const { answers, transport } = await open();
    void answers.callback(interaction("1"), { type: 5 }, { withResponse: true });
    void answers.editOriginal(interaction("2"), { content: "done" });
    void answers.getOriginal(interaction("3"));
    void answers.deleteOriginal(interaction("4"));
    void answers.followUp(interaction("5"), { content: "more" });
    void answers.editFollowUp(interaction("6"), "60", { content: "edited" });
    void answers.deleteFollowUp(interaction("7"), "70");
    expect(
      transport.exchanges.map(({ request: { method, path, body } }) => `${method} ${path} ${body}`),
    ).toEqual([
      'POST /api/v10/interactions/1/token-1/callback?with_response=true {"type":5}',
      'PATCH /api/v10/webhooks/7/token-2/messages/@original {"content":"done"}',
      "GET /api/v10/webhooks/7/token-3/messages/@original null",
      "DELETE /api/v10/webhooks/7/token-4/messages/@original null",
      'POST /api/v10/webhooks/7/token-5 {"content":"more"}',
      'PATCH /api/v10/webhooks/7/token-6/messages/60 {"content":"edited"}',
      "DELETE /api/v10/webhooks/7/token-7/messages/70 null",
    ]);
    expect(transport.exchanges.filter(({ request }) => "authorization" in request.headers)).toEqual([]);
  });

  it("do not wait for each other, nor for a global limit of 50 a second", async () => {
    const { answers, transport } = await open();
    for (let id = 1; id <= 80; id += 1) void answers.callback(interaction(String(id)), { type: 6 });
    expect(transport.exchanges).toHaveLength(80);
  });

  it("are not sent when the interaction is 3 s old, or its token 15 minutes", async () => {
    const { answers, transport } = await open();
    const late = { stage: "notSent", error: { code: "deadline_passed" } };
    expect(await answers.callback(interaction("1", 3_000), { type: 4 })).toMatchObject(late);
    expect(await answers.editOriginal(interaction("1", 900_000), {})).toMatchObject(late);
    expect(transport.exchanges).toEqual([]);
  });

  it("are repeated within the 3 s when the first one's answer is lost, and 40060 is handed on", async () => {
    const { answers, transport, pass } = await open();
    const outcome = answers.callback(interaction("1"), { type: 5 });
    pass(1_900);
    expect(transport.exchanges).toHaveLength(2);
    transport.last.answer(400, { code: 40_060, message: "Interaction has already been acknowledged." });
    expect(await outcome).toMatchObject({
      stage: "answered",
      ok: false,
      attempts: 2,
      error: { discordCode: 40_060 },
    });
  });

  it("are never repeated when they make a follow-up whose answer is lost", async () => {
    const { answers, transport, pass } = await open();
    const outcome = answers.followUp(interaction("1"), { content: "once" });
    transport.last.fail("unknown");
    pass(5_000);
    expect(await outcome).toMatchObject({ stage: "unknown", error: { code: "connection_lost" } });
    expect(transport.exchanges).toHaveLength(1);
  });

  it("are at most 5 in 2 s per interaction", async () => {
    const { answers, transport, pass } = await open();
    for (let n = 1; n <= 8; n += 1) void answers.editFollowUp(interaction("1"), String(n), {});
    for (let n = 0; n < 10 && transport.exchanges.length > n; n += 1) transport.exchanges[n]?.answer(200, {});
    pass(1_900);
    expect(transport.exchanges).toHaveLength(5);
    pass(200);
    expect(transport.exchanges.length).toBeGreaterThan(5);
  });

  it("make at most 30 follow-ups a minute in one place, and other places are not held up", async () => {
    const { answers, transport, pass } = await open();
    for (let id = 1; id <= 40; id += 1) void answers.followUp(interaction(String(id)), {});
    void answers.followUp(interaction("99", 0, "elsewhere"), {});
    expect(transport.exchanges).toHaveLength(31);
    for (const exchange of transport.exchanges) exchange.answer(200, {});
    pass(59_000);
    expect(transport.exchanges).toHaveLength(31);
  });
});
