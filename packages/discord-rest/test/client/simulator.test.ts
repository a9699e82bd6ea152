/** On real sockets, before the simulator. */
import { createDiscordSim, type SimOptions } from "@guildwire/discord-sim";
import { Secret } from "@guildwire/runtime";
import { describe, expect, it } from "vitest";
import { RestClient, type RestEvent, restRoute } from "../../src/index.ts";

async function open(options: SimOptions = {}, token?: string) {
  const sim = await createDiscordSim({ rate: 0, ...options });
  const events: RestEvent[] = [];
  const rest = await RestClient.open({
    apiUrl: `${sim.apiUrl.replace(/\/v10$/, "")}/v10`,
    token: new Secret(token ?? sim.token),
    userAgent: "DiscordBot (https://example.org, 1)",
    onEvent: (event) => events.push(event),
  });
  const channels = (await rest.request(
    restRoute("GET", "/guilds/{guildId}/channels", { guildId: sim.guildId }),
  )) as {
    body: { id: string; type: number }[];
  };
  const textChannel = Array.isArray(channels.body)
    ? channels.body.find(({ type }) => type === 0)?.id
    : undefined;
  const send = (content: string) =>
    restRoute(
      "POST",
      "/channels/{channelId}/messages",
      { channelId: textChannel ?? "1" },
      { body: { content } },
    );
  const contents = async () => {
    const route = restRoute("GET", "/channels/{channelId}/messages", { channelId: textChannel ?? "1" });
    const { body } = (await rest.request(route)) as { body: { content: string }[] };
    return body.map(({ content }) => content).toReversed();
  };
  return {
    sim,
    rest,
    events,
    send,
    contents,
    limited: () => events.filter(({ type }) => type === "limited"),
    async [Symbol.asyncDispose]() {
      await rest.close(0);
      await sim[Symbol.asyncDispose]();
    },
  };
}

describe("before the simulator", () => {
  it("sends eight messages to a channel that takes five in 5 s, in order and without a 429", async () => {
    await using stage = await open();
    const wanted = Array.from({ length: 8 }, (_, at) => `message ${at}`);
    const outcomes = await Promise.all(wanted.map((content) => stage.rest.request(stage.send(content))));
    expect(outcomes.map(({ stage: reached }) => reached)).toEqual(wanted.map(() => "answered"));
    expect(stage.limited()).toEqual([]);
    expect(await stage.contents()).toEqual(wanted);
  });

  it("sends 120 calls at 50 a second without a 429", async () => {
    await using stage = await open();
    const route = restRoute("GET", "/users/@me", {});
    const startedMs = performance.now();
    const outcomes = await Promise.all(Array.from({ length: 120 }, () => stage.rest.request(route)));
    expect(outcomes.every((outcome) => outcome.stage === "answered" && outcome.ok)).toBe(true);
    expect(stage.limited()).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(8_000);
  });

  it("obeys a shared limit, a global one, and a 502, and each message is there once", async () => {
    await using stage = await open();
    stage.sim.setFaults({ restSharedLimit: 1 });
    expect(await stage.rest.request(stage.send("shared"))).toMatchObject({ ok: true, attempts: 2 });
    stage.sim.setFaults({ restGlobalLimit: 1 });
    expect(await stage.rest.request(stage.send("global"))).toMatchObject({ ok: true, attempts: 2 });
    stage.sim.setFaults({ restBadGateway: 1 });
    const once = { afterLostAnswer: "repeat" } as const;
    expect(await stage.rest.request(stage.send("502"), once)).toMatchObject({ ok: true, attempts: 2 });
    expect(await stage.contents()).toEqual(["shared", "global", "502"]);
    expect(stage.limited()).toMatchObject([{ paused: "line" }, { paused: "bot" }]);
  });

  it("reports a message whose answer was lost as unknown, and does not send it again", async () => {
    await using stage = await open();
    stage.sim.setFaults({ restLoseAnswers: 1 });
    expect(await stage.rest.request(stage.send("perhaps"))).toMatchObject({
      stage: "unknown",
      attempts: 1,
      error: { code: "connection_lost" },
    });
    expect(await stage.contents()).toEqual(["perhaps"]);
  });

  it("repeats a message with an enforced nonce after a lost answer, and it is there once", async () => {
    await using stage = await open();
    stage.sim.setFaults({ restLoseAnswers: 1 });
    const route = stage.send("once");
    const body = { content: "once", nonce: "0123456789abcdef01234567", enforce_nonce: true };
    const outcome = await stage.rest.request({ ...route, body }, { afterLostAnswer: "repeat" });
    expect(outcome).toMatchObject({ stage: "answered", ok: true, attempts: 2 });
    expect(await stage.contents()).toEqual(["once"]);
  });

  it("stops at the first 401: later calls are not sent", async () => {
    await using stage = await open({}, "not.the.token");
    expect(await stage.rest.request(stage.send("refused"))).toMatchObject({
      stage: "notSent",
      error: { code: "token_refused", fault: "operator" },
    });
    expect(stage.events.filter(({ type }) => type === "attempt")).toHaveLength(1);
  });

  it("reports a server that is not there as not sent", async () => {
    const rest = await RestClient.open({
      apiUrl: "http://127.0.0.1:9/api/v10",
      token: new Secret("t"),
      userAgent: "DiscordBot (https://example.org, 1)",
    });
    expect(await rest.request(restRoute("GET", "/users/@me", {}), { deadlineMs: 300 })).toMatchObject({
      stage: "notSent",
    });
    await rest.close(0);
  });
});
