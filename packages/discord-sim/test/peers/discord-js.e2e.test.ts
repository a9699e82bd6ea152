import { once } from "node:events";
import {
  type APIModalInteractionResponseCallbackData,
  Client,
  Events,
  GatewayIntentBits,
  type Message,
  Partials,
  type VoiceState,
} from "discord.js";
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

/** discord.js 14, unmodified: only the address of the REST API is another. */

let sim: DiscordSim;
let client: Client<true>;

afterEach(async () => {
  await client.destroy();
  await sim.close();
});

const INTENTS = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMembers,
  GatewayIntentBits.GuildVoiceStates,
  GatewayIntentBits.GuildPresences,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.GuildMessageTyping,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.MessageContent,
];

const warnings: string[] = [];

async function logIn(options: SimOptions = {}, more: { shards?: number } = {}): Promise<void> {
  sim = await startSim(options);
  const { shards } = more;
  const connecting = new Client({
    intents: INTENTS,
    partials: [Partials.Channel],
    rest: { api: sim.apiUrl.replace("/v10", "") },
    ...(shards === undefined
      ? {}
      : { shards: Array.from({ length: shards }, (_, id) => id), shardCount: shards }),
  });
  warnings.length = 0;
  connecting.on(Events.Warn, (text) => warnings.push(text));
  connecting.on(Events.Error, (error) => warnings.push(error.message));
  const ready = once(connecting, Events.ClientReady);
  await connecting.login(sim.token);
  await ready;
  client = connecting as Client<true>;
}

describe("discord.js", () => {
  it("logs in and sees the server, its rooms and who is in them", async () => {
    await logIn();
    const guild = client.guilds.cache.get(sim.guildId);
    expect(guild?.name).toBe(sim.world().guild.name);
    for (const room of sim.world().rooms) {
      const channel = guild?.channels.cache.get(room.id);
      expect(channel?.name).toBe(room.name);
      const inside = guild?.voiceStates.cache.filter(({ channelId }) => channelId === room.id);
      expect([...(inside?.keys() ?? [])].toSorted()).toEqual(room.people.map(({ id }) => id).toSorted());
    }
    expect(warnings).toEqual([]);
  });

  it("hears voice, messages, reactions, typing and presences", async () => {
    await logIn();
    const { person, otherRoom, textChannel } = await castOf(sim);
    const moved = once(client, Events.VoiceStateUpdate) as Promise<[VoiceState, VoiceState]>;
    sim.command({ type: "move", userId: person, channelId: otherRoom });
    expect((await moved)[1].channelId).toBe(otherRoom);

    const heard = once(client, Events.MessageCreate) as Promise<[Message]>;
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "hello" });
    const [message] = await heard;
    expect(message).toMatchObject({ content: "hello", channelId: textChannel, guildId: sim.guildId });
    expect(message.author.id).toBe(person);
    expect(Math.abs(message.createdTimestamp - Date.now())).toBeLessThan(10_000);

    const reacted = once(client, Events.MessageReactionAdd);
    const messageId = message.id as typeof person;
    sim.command({ type: "react", userId: person, channelId: textChannel, messageId, emoji: "🔥" });
    await reacted;
    expect(message.reactions.cache.get("🔥")?.count).toBe(1);

    const edited = once(client, Events.MessageUpdate);
    sim.command({ type: "editMessage", channelId: textChannel, messageId, content: "hello!" });
    await edited;
    expect(message.content).toBe("hello!");

    const typing = once(client, Events.TypingStart);
    sim.command({ type: "startTyping", userId: person, channelId: textChannel });
    await typing;
    sim.command({ type: "setPresence", userId: person, status: "dnd", playing: "Mosswood" });
    await until(() => client.guilds.cache.get(sim.guildId)?.presences.cache.get(person)?.status === "dnd");

    const deleted = once(client, Events.MessageDelete);
    sim.command({ type: "deleteMessages", channelId: textChannel, messageIds: [messageId] });
    await deleted;
    expect(warnings).toEqual([]);
  });

  it("sends, answers, edits, reacts to and deletes messages", async () => {
    await logIn();
    const { textChannel, person } = await castOf(sim);
    const channel = await client.channels.fetch(textChannel);
    if (channel?.isSendable() !== true) throw new Error("not a channel to write in");
    const sent = await channel.send({ content: "one", nonce: "n-1", enforceNonce: true });
    const again = await channel.send({ content: "one", nonce: "n-1", enforceNonce: true });
    expect(again.id).toBe(sent.id);
    const answer = await sent.reply("two");
    expect(answer.reference?.messageId).toBe(sent.id);
    await answer.edit("three");
    await answer.react("👍");
    const page = await channel.messages.fetch({ limit: 5, cache: false });
    expect(page.map(({ content }) => content)).toEqual(["three", "one"]);
    await answer.delete();
    await expect(channel.messages.fetch({ message: answer.id, force: true })).rejects.toMatchObject({
      code: 10_008,
    });

    const user = await client.users.fetch(person);
    await user.send("in private");
    const private_ = once(client, Events.MessageCreate) as Promise<[Message]>;
    sim.command({ type: "sendDirectMessage", userId: person, content: "yes?" });
    expect((await private_)[0]).toMatchObject({ content: "yes?", guildId: null });
  });

  it.each(["reconnect", "drop"] as const)("survives `%s` by a resume that loses nothing", async (type) => {
    await logIn();
    const { person, textChannel } = await castOf(sim);
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ content }) => heard.push(content));
    const resumed = once(client, Events.ShardResume);
    sim.act({ type });
    for (const content of ["a", "b"]) {
      sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content });
    }
    await resumed;
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "c" });
    await until(() => heard.length >= 3);
    expect(heard).toEqual(["a", "b", "c"]);
    expect(sim.stats()).toMatchObject({ identifies: 1, resumes: 1, resumesOnMainUrl: 0 });
  });

  it("fetches all members and their presences", async () => {
    await logIn({ people: 30 });
    const members = await client.guilds.cache.get(sim.guildId)?.members.fetch({ withPresences: true });
    expect(members?.size).toBe(31);
  });

  it("sees 120 servers over two shards, each server once", async () => {
    await logIn({ otherGuilds: 119, maxConcurrency: 2, guildBatchMs: 1 }, { shards: 2 });
    expect(client.guilds.cache.size).toBe(120);
    expect(sim.sessions().map(({ shard }) => shard)).toEqual([
      [0, 2],
      [1, 2],
    ]);
    const [, other] = sim.guildIds;
    if (other === undefined) throw new Error("no other server");
    const renamed = once(client, Events.GuildUpdate);
    sim.command({ type: "renameGuild", name: "Elsewhere" }, other);
    await renamed;
    expect(client.guilds.cache.get(other)?.name).toBe("Elsewhere");
  });

  it("registers a command, opens a form, answers it and changes the answer when a button is pressed", async () => {
    await logIn(STRONG);
    const cast = await castOf(sim);
    await client.application.commands.set([ASK_COMMAND], sim.guildId);
    client.on(Events.InteractionCreate, (interaction) => {
      if (interaction.isChatInputCommand())
        void interaction.showModal(ASK_FORM as unknown as APIModalInteractionResponseCallbackData);
      if (interaction.isModalSubmit()) {
        const content = interaction.fields.getTextInputValue("answer");
        void interaction.reply({ content, components: [MORE_ROW] });
      }
      if (interaction.isButton()) void interaction.update({ content: "pressed" });
    });
    await playInteractions(sim, cast);
    expect(warnings).toEqual([]);
  });

  it("opens a thread from a message, writes in it, pins, and sends a file and a poll", async () => {
    await logIn(STRONG);
    const { textChannel } = await castOf(sim);
    const channel = client.channels.cache.get(textChannel);
    if (channel?.isSendable() !== true || channel.isDMBased()) throw new Error("no text channel");
    const message = await channel.send({ content: "begin" });
    const thread = await message.startThread({ name: "Aside" });
    await thread.send("inside");
    expect((await thread.messages.fetch()).map(({ content }) => content)).toContain("inside");
    await message.pin();
    expect((await channel.messages.fetchPins()).items.map(({ message: pinned }) => pinned.id)).toEqual([
      message.id,
    ]);
    const files = [{ attachment: Buffer.from("hello"), name: "note.txt" }];
    const poll = {
      question: { text: "Tea?" },
      answers: [{ text: "Yes" }],
      duration: 1,
      allowMultiselect: false,
    };
    const sent = await channel.send({ files });
    const url = sent.attachments.first()?.url ?? "";
    expect(await (await fetch(url)).text()).toBe("hello");
    expect((await channel.send({ poll })).poll?.question.text).toBe("Tea?");
  });

  it("pages a channel's history", async () => {
    await logIn(STRONG);
    const { person, textChannel } = await castOf(sim);
    for (let n = 1; n <= 5; n += 1) {
      sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: String(n) });
    }
    const channel = client.channels.cache.get(textChannel);
    if (channel?.isTextBased() !== true) throw new Error("no text channel");
    const latest = await channel.messages.fetch({ limit: 2 });
    expect(latest.map(({ content }) => content)).toEqual(["5", "4"]);
    const before = await channel.messages.fetch({ limit: 2, before: latest.last()?.id ?? "" });
    expect(before.map(({ content }) => content)).toEqual(["3", "2"]);
  });
});
