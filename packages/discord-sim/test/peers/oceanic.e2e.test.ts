import {
  Client,
  type CreateGuildApplicationCommandOptions,
  InteractionTypes,
  type Message,
  type ModalData,
} from "oceanic.js";
import { afterEach, describe, expect, it } from "vitest";
import type { DiscordSim, SimOptions } from "../../src/index.ts";
import {
  ASK_COMMAND,
  ASK_FORM,
  castOf,
  MORE_ROW,
  playInteractions,
  STRONG,
  startSim,
  until,
} from "./peer-sim.ts";

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

  it("registers a command, opens a form, answers it and changes the answer when a button is pressed", async () => {
    await logIn(false, STRONG);
    const cast = await castOf(sim);
    const command = ASK_COMMAND as unknown as CreateGuildApplicationCommandOptions;
    await client.rest.applications.bulkEditGuildCommands(client.application.id, sim.guildId, [command]);
    client.on("interactionCreate", (interaction) => {
      if (interaction.type === InteractionTypes.APPLICATION_COMMAND) {
        void interaction.createModal(camelCased(ASK_FORM) as ModalData);
      }
      if (interaction.type === InteractionTypes.MODAL_SUBMIT) {
        const content = interaction.data.components.getTextInput("answer") ?? "";
        void interaction.createMessage({ content, components: [camelCased(MORE_ROW) as never] });
      }
      if (interaction.type === InteractionTypes.MESSAGE_COMPONENT)
        void interaction.editParent({ content: "pressed" });
    });
    await playInteractions(sim, cast);
    expect(problems).toEqual([]);
  });

  it("pages a channel's history", async () => {
    await logIn();
    const { person, textChannel } = await castOf(sim);
    for (let n = 1; n <= 5; n += 1) {
      sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: String(n) });
    }
    const latest = await client.rest.channels.getMessages(textChannel, { limit: 2 });
    const before = await client.rest.channels.getMessages(textChannel, {
      limit: 2,
      ...(latest[1] === undefined ? {} : { before: latest[1].id }),
    });
    expect([...latest, ...before].map(({ content }) => content)).toEqual(["5", "4", "3", "2"]);
  });
});

/** Oceanic writes `customID` where Discord has `custom_id`. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name === "custom_id" ? "customID" : name,
      camelCased(inner),
    ]),
  );
}
