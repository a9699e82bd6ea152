import { type Bot, createBot, InteractionTypes } from "@discordeno/bot";
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

/** discordeno 21, unmodified: only the address of the REST API is another. */

let sim: DiscordSim;
let bot: Bot;

afterEach(async () => {
  await bot.shutdown();
  await sim.close();
});

const INTENTS = (1 << 0) | (1 << 9) | (1 << 10) | (1 << 15);

async function logIn(options: SimOptions = {}, events: Partial<Bot["events"]> = {}): Promise<void> {
  // With a Heartbeat each second nothing would be left of its budget of frames, and it would wait for ever.
  sim = await startSim({ ...options, heartbeatIntervalMs: 41_250 });
  let isReady = false;
  bot = createBot({
    token: sim.token,
    intents: INTENTS,
    rest: {
      token: sim.token,
      proxy: { baseUrl: sim.apiUrl.replace("/v10", ""), authorization: `Bot ${sim.token}` },
    },
    gateway: { token: sim.token, intents: INTENTS },
    desiredProperties: {
      message: { id: true, content: true, channelId: true },
      interaction: { id: true, token: true, type: true, data: true },
    } as never,
    events: { ...events, ready: () => (isReady = true) } as never,
  }) as unknown as Bot;
  // It resolves only when the pause after an Identify is over.
  void bot.start();
  await until(() => isReady);
}

describe("discordeno", () => {
  it("reads the bot's id from the token and receives messages", async () => {
    const received: string[] = [];
    await logIn(
      {},
      { messageCreate: (message) => void received.push(String((message as { content?: string }).content)) },
    );
    expect(String(bot.id)).toBe(sim.applications()[0]?.id);
    const { person, textChannel } = await castOf(sim);
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "hello" });
    await until(() => received.length === 1);
    expect(received).toEqual(["hello"]);
  });

  it("sends, edits, reacts to, pages and deletes messages", async () => {
    await logIn();
    const { textChannel } = await castOf(sim);
    await bot.rest.sendMessage(textChannel, { content: "one" });
    const message = await bot.rest.sendMessage(textChannel, { content: "two" });
    await bot.rest.editMessage(textChannel, message.id, { content: "three" });
    await bot.rest.addReaction(textChannel, message.id, "🎉");
    const [latest] = await bot.rest.getMessages(textChannel, { limit: 1 });
    expect(latest).toMatchObject({ content: "three", reactions: [{ count: 1, me: true }] });
    const [before] = await bot.rest.getMessages(textChannel, { limit: 1, before: message.id });
    expect(before?.content).toBe("one");
    await bot.rest.deleteMessage(textChannel, message.id);
    const left = await bot.rest.getMessages(textChannel, { limit: 5 });
    expect(left.map(({ content }) => content)).toEqual(["one"]);
  });

  it("registers a command, opens a form, answers it and changes the answer when a button is pressed", async () => {
    type Used = {
      id: bigint;
      token: string;
      type: number;
      data?: { components?: readonly { components?: readonly { value?: string }[] }[] };
    };
    await logIn(STRONG, {
      interactionCreate: (received) => {
        const { id, token, type, data } = received as unknown as Used;
        const answer = (response: unknown) => bot.rest.sendInteractionResponse(id, token, response as never);
        if (type === InteractionTypes.ApplicationCommand) {
          return void answer({
            type: 9,
            data: {
              customId: ASK_FORM.custom_id,
              title: ASK_FORM.title,
              components: camelCased(ASK_FORM.components),
            },
          });
        }
        if (type === InteractionTypes.ModalSubmit) {
          const content = data?.components?.[0]?.components?.[0]?.value;
          return void answer({ type: 4, data: { content, components: camelCased([MORE_ROW]) } });
        }
        return void answer({ type: 7, data: { content: "pressed" } });
      },
    });
    const cast = await castOf(sim);
    await bot.rest.upsertGuildApplicationCommands(sim.guildId, [ASK_COMMAND as never]);
    await playInteractions(sim, cast);
  });
});

/** discordeno writes `customId` where Discord has `custom_id`. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name === "custom_id" ? "customId" : name,
      camelCased(inner),
    ]),
  );
}
