import * as Eris from "eris";
import { afterEach, describe, expect, it } from "vitest";
import type { DiscordSim, SimOptions } from "../../src/index.ts";
import {
  ASK_COMMAND,
  ASK_FORM,
  castOf,
  MORE_ROW,
  PlainAgent,
  PlainSocketAgent,
  playInteractions,
  STRONG,
  startSim,
  until,
} from "./peer-sim.ts";

/** Eris, which only knows HTTPS: its agent connects in plain text. */

let sim: DiscordSim;
let client: Eris.Client;
const problems: string[] = [];

afterEach(async () => {
  client.disconnect({ reconnect: false });
  await sim.close();
});

async function logIn(options: SimOptions = {}): Promise<void> {
  problems.length = 0;
  sim = await startSim(options);
  client = new Eris.Client(`Bot ${sim.token}`, {
    intents: ["guilds", "guildMessages", "guildMessageReactions", 1 << 15],
    restMode: true,
    rest: { agent: new PlainAgent(sim.port), domain: "127.0.0.1" },
    ws: { agent: new PlainSocketAgent(sim.port) },
  });
  client.on("error", (error) => problems.push(String(error)));
  const ready = new Promise<void>((resolve) => client.once("ready", () => resolve()));
  await client.connect();
  await ready;
}

describe("Eris", () => {
  it("logs in, knows its application, and receives messages", async () => {
    await logIn();
    expect(client.guilds.get(sim.guildId)?.name).toBe(sim.world().guild.name);
    expect(client.application?.id).toBe(sim.applications()[0]?.id);
    const { person, textChannel } = await castOf(sim);
    const received: string[] = [];
    client.on("messageCreate", ({ content }) => received.push(content));
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "hello" });
    await until(() => received.length === 1);
    expect(received).toEqual(["hello"]);
    expect(problems).toEqual([]);
  });

  it("sends, edits, reacts to, pages and deletes messages", async () => {
    await logIn();
    const { textChannel } = await castOf(sim);
    await client.createMessage(textChannel, { content: "one" });
    const message = await client.createMessage(textChannel, { content: "two" });
    await client.editMessage(textChannel, message.id, { content: "three" });
    await client.addMessageReaction(textChannel, message.id, "🎉");
    const [latest] = await client.getMessages(textChannel, { limit: 1 });
    expect(latest?.content).toBe("three");
    expect(latest?.reactions["🎉"]).toMatchObject({ count: 1, me: true });
    const [before] = await client.getMessages(textChannel, { limit: 1, before: message.id });
    expect(before?.content).toBe("one");
    await client.deleteMessage(textChannel, message.id);
    expect((await client.getMessages(textChannel, { limit: 5 })).map(({ content }) => content)).toEqual([
      "one",
    ]);
  });

  it("registers a command, opens a form, answers it and changes the answer when a button is pressed", async () => {
    await logIn(STRONG);
    const cast = await castOf(sim);
    await client.bulkEditGuildCommands(sim.guildId, [ASK_COMMAND as never]);
    client.on("interactionCreate", (interaction) => {
      if (interaction instanceof Eris.CommandInteraction) void interaction.createModal(ASK_FORM as never);
      if (interaction instanceof Eris.ModalSubmitInteraction) {
        const [row] = interaction.data.components as unknown as readonly {
          components: readonly { value: string }[];
        }[];
        const content = row?.components[0]?.value ?? "";
        void interaction.createMessage({ content, components: [MORE_ROW as never] });
      }
      if (interaction instanceof Eris.ComponentInteraction)
        void interaction.editParent({ content: "pressed" });
    });
    await playInteractions(sim, cast);
    expect(problems).toEqual([]);
  });
});
