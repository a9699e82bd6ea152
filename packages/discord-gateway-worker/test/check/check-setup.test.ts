/** The whole check against the simulator and a receiver that the published library guards. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createDiscordSim } from "@guildwire/discord-sim";
import { expect, it, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { checkSetup } from "../../src/check/check-setup.ts";
import { gatewayFinding } from "../../src/check/gateway-finding.ts";
import { readConfig } from "../../src/config.ts";
import { EventReceiver } from "../process/event-receiver.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

async function setUp() {
  const sim = await createDiscordSim({ rate: 0, people: 5, rooms: 2 });
  const receiver = await EventReceiver.start();
  onTestFinished(async () => {
    await sim[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });
  const environment = {
    DISCORD_API_URL: sim.apiUrl,
    DISCORD_BOT_TOKEN: sim.token,
    PRIMARY_GUILD_ID: sim.guildId,
    HUB_ENDPOINT: receiver.url,
    HUB_SECRET: receiver.secret,
    DATA_DIR: temporaryDirectory(),
  };
  const check = async (overrides: Readonly<Record<string, string>> = {}) => {
    const outcome = readConfig({ ...environment, ...overrides });
    if (!outcome.ok) return expect.unreachable(outcome.problems.join());
    return checkSetup({ config: outcome.config, advice: outcome.advice, workerRuns: false });
  };
  return { sim, receiver, check };
}

it("finds a right set-up right, without an Identify and without an event", async () => {
  const { sim, receiver, check } = await setUp();
  const findings = await check();
  expect(findings.filter(({ mark }) => mark !== "pass")).toEqual([]);
  expect(findings.map(({ name }) => name)).toContain("Gateway");
  expect(sim.stats().identifies).toBe(0);
  expect(receiver.events).toEqual([]);
});

it("finds each of several mistakes", async () => {
  const { check } = await setUp();
  const findings = await check({ PRIMARY_GUILD_ID: "12345678", HUB_SECRET: "s".repeat(40) });
  expect(findings.filter(({ mark }) => mark === "fail")).toMatchObject([
    { error: "notInGuild" },
    { error: "signatureRefused" },
  ]);
});

it("reports Discord's close code, its name and its reason, and does not blame the network for it", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => void server.close());
  server.on("connection", (socket) => socket.close(4004, "Authentication failed."));
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const finding = await gatewayFinding(`ws://127.0.0.1:${port}`, null);
  expect(finding).toMatchObject({
    mark: "fail",
    detail: `127.0.0.1:${port} closed with 4004 AuthenticationFailed ("Authentication failed.") before Hello`,
    remedy: expect.not.stringContaining("443"),
  });
});

it("finds a Gateway that turns everybody away", async () => {
  const { sim, check } = await setUp();
  sim.setFaults({ refuseUpgrade: true });
  expect((await check()).find(({ name }) => name === "Gateway")).toMatchObject({
    mark: "fail",
    error: "discordUnreachable",
  });
});
