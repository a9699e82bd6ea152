import { once } from "node:events";
import {
  CompressionMethod,
  type WebSocketManager as Manager,
  WebSocketManager,
  WebSocketShardEvents,
} from "@discordjs/ws";
import { REST } from "discord.js";
import type { GatewayDispatchPayload } from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import type { DiscordSim } from "../../src/index.ts";
import { castOf, startSim, until } from "./peer-sim.ts";

/** @discordjs/ws 2, unmodified: only where it gets the Gateway's address from is given. */

let sim: DiscordSim;
let manager: Manager;
let rest: REST;
const heard: GatewayDispatchPayload[] = [];

afterEach(async () => {
  await manager.destroy();
  await sim.close();
});

const INTENTS = 1 + 128 + 512 + 1024 + 32_768;

async function connect(more: { compression?: CompressionMethod; useIdentifyCompression?: boolean } = {}) {
  heard.length = 0;
  sim = await startSim();
  rest = new REST({ version: "10", api: sim.apiUrl.replace("/v10", "") }).setToken(sim.token);
  manager = new WebSocketManager({ token: sim.token, intents: INTENTS, rest, ...more });
  manager.on(WebSocketShardEvents.Dispatch, (payload) => heard.push(payload));
  await manager.connect();
  await until(() => heard.some(({ t }) => t === "GUILD_CREATE"));
}

function names(): readonly string[] {
  return heard.map(({ t }) => t);
}

describe("@discordjs/ws", () => {
  it.each([
    ["without compression", {}],
    ["with payload compression", { useIdentifyCompression: true }],
    ["with zlib-stream", { compression: CompressionMethod.ZlibNative }],
  ])("connects %s and hears what happens", async (_, options) => {
    await connect(options);
    const { person, otherRoom, textChannel } = await castOf(sim);
    sim.command({ type: "move", userId: person, channelId: otherRoom });
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "héllo" });
    await until(() => names().includes("MESSAGE_CREATE"));
    expect(heard.find(({ t }) => t === "VOICE_STATE_UPDATE")?.d).toMatchObject({ channel_id: otherRoom });
    expect(heard.find(({ t }) => t === "MESSAGE_CREATE")?.d).toMatchObject({ content: "héllo" });
  });

  it.each([
    ["op 7", () => sim.act({ type: "reconnect" })],
    ["a drop", () => sim.act({ type: "drop" })],
    ["close 4000", () => sim.act({ type: "close", code: 4000 })],
    ["op 9 `true`", () => sim.act({ type: "invalidateSession", resumable: true })],
  ])("resumes after %s", async (_, interrupt) => {
    await connect();
    const { person, textChannel } = await castOf(sim);
    const resumed = once(manager, WebSocketShardEvents.Resumed);
    interrupt();
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "meanwhile" });
    await resumed;
    expect(names().filter((name) => name === "MESSAGE_CREATE")).toHaveLength(1);
    expect(sim.stats()).toMatchObject({ identifies: 1, resumes: 1, resumesOnMainUrl: 0 });
  });

  it("sends a message through its REST client and hears of it", async () => {
    await connect();
    const { textChannel } = await castOf(sim);
    const sent = await rest.post(`/channels/${textChannel}/messages`, { body: { content: "from the bot" } });
    expect(sent).toMatchObject({ channel_id: textChannel, content: "from the bot" });
    await until(() => names().includes("MESSAGE_CREATE"));
    expect(heard.find(({ t }) => t === "MESSAGE_CREATE")?.d).toMatchObject({ content: "from the bot" });
  });

  it("identifies anew after op 9 `false`", async () => {
    await connect();
    const again = once(manager, WebSocketShardEvents.Ready);
    sim.act({ type: "invalidateSession", resumable: false });
    await again;
    expect(sim.stats()).toMatchObject({ identifies: 2, identifiesOnResumeUrl: 0 });
  });

  it("reads zlib messages cut in two and bytes that come one by one", async () => {
    await connect({ compression: CompressionMethod.ZlibNative });
    sim.setFaults({ splitFrames: true, tcpChunkBytes: 7 });
    const { person, otherRoom, room } = await castOf(sim);
    for (const channelId of [otherRoom, room, otherRoom]) {
      sim.command({ type: "move", userId: person, channelId });
    }
    await until(() => names().filter((name) => name === "VOICE_STATE_UPDATE").length === 3);
  });
});
