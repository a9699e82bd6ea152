import { Client, type Message } from "oceanic.js";
import { afterEach, describe, expect, it } from "vitest";
import type { DiscordSim, SimOptions } from "../../src/index.ts";
import { castOf, startSim, until } from "./peer-sim.ts";

/** Oceanic, unmodified: only its addresses of REST and Gateway are others. */

let sim: DiscordSim;
let client: Client;
const problems: string[] = [];

afterEach(async () => {
  client.disconnect(false);
  await sim.close();
});

async function logIn(compress: false | "zlib-stream" | "zstd-stream" = false, options: SimOptions = {}) {
  problems.length = 0;
  sim = await startSim(options);
  client = new Client({
    auth: `Bot ${sim.token}`,
    rest: { baseURL: sim.apiUrl },
    gateway: {
      intents: [
        "GUILDS",
        "GUILD_VOICE_STATES",
        "GUILD_MESSAGES",
        "GUILD_MESSAGE_REACTIONS",
        "MESSAGE_CONTENT",
      ],
      compress,
      compressLibrary: "native",
      override: {
        getBot: async () => client.rest.getBotGateway(),
        appendQuery: true,
        gatewayURLIsResumeURL: false,
      },
    },
  });
  client.on("error", (error) => problems.push(String(error)));
  client.on("warn", (text) => problems.push(text));
  const ready = new Promise<void>((resolve) => client.once("ready", () => resolve()));
  await client.connect();
  await ready;
}

describe("Oceanic", () => {
  it.each([false, "zlib-stream", "zstd-stream"] as const)(
    "logs in (compression: %s), sees the rooms and hears what happens",
    async (compress) => {
      await logIn(compress);
      const guild = client.guilds.get(sim.guildId);
      expect(guild?.name).toBe(sim.world().guild.name);
      const { room, person, otherRoom, textChannel } = await castOf(sim);
      expect(guild?.voiceStates.get(person)?.channelID).toBe(room);
      sim.command({ type: "move", userId: person, channelId: otherRoom });
      const heard = new Promise<Message>((resolve) => client.once("messageCreate", resolve));
      sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "hello" });
      expect(await heard).toMatchObject({ content: "hello", channelID: textChannel });
      expect(guild?.voiceStates.get(person)?.channelID).toBe(otherRoom);
      expect(problems).toEqual([]);
    },
  );

  it("sends, edits, reacts to and deletes a message", async () => {
    await logIn();
    const { textChannel } = await castOf(sim);
    const message = await client.rest.channels.createMessage(textChannel, { content: "one" });
    await message.edit({ content: "two" });
    await message.createReaction("🎉");
    const [latest] = await client.rest.channels.getMessages(textChannel, { limit: 1 });
    expect(latest?.content).toBe("two");
    expect(latest?.reactions[0]).toMatchObject({ count: 1, me: true });
    await message.delete();
    expect(await client.rest.channels.getMessages(textChannel, { limit: 1 })).toEqual([]);
  });

  it.each(["reconnect", "drop", "halfOpen"] as const)("resumes after `%s`", async (type) => {
    await logIn();
    const { person, textChannel } = await castOf(sim);
    const heard: string[] = [];
    client.on("messageCreate", ({ content }) => heard.push(content));
    sim.act({ type });
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "meanwhile" });
    await until(() => heard.length === 1);
    expect(sim.stats()).toMatchObject({ identifies: 1, resumes: 1 });
  });
});
