import https from "node:https";
import { ApiHandler, Client } from "seyfert";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DiscordSim, SimOptions } from "../../src/index.ts";
import {
  ASK_COMMAND,
  ASK_FORM,
  castOf,
  MORE_ROW,
  PlainAgent,
  playInteractions,
  STRONG,
  startSim,
  until,
} from "./peer-sim.ts";

/** Seyfert, whose WebSocket only knows HTTPS on port 443: the process's agent connects to the stand-in instead. */

let sim: DiscordSim;
let client: Client;
const received: { t: string; d: Record<string, unknown> }[] = [];
const usual = https.globalAgent;

beforeEach(() => {
  received.length = 0;
});

afterEach(async () => {
  client.gateway.disconnectAll();
  https.globalAgent = usual;
  await sim.close();
});

async function logIn(
  options: SimOptions = {},
  onInteraction: (d: Record<string, unknown>) => void = () => undefined,
): Promise<void> {
  // It misses a Hello that comes in one segment with the 101 answer.
  sim = await startSim({ ...options, faults: { helloDelayMs: 50 } });
  https.globalAgent = new PlainAgent(sim.port);
  client = new Client({
    getRC: () => ({
      token: sim.token,
      intents: (1 << 0) | (1 << 9) | (1 << 10) | (1 << 15),
      locations: { base: "." },
      debug: false,
    }),
    handlePayload: (_shard: number, packet: { t: string; d: Record<string, unknown> }) => {
      const { t, d } = packet;
      received.push({ t, d });
      if (t === "INTERACTION_CREATE") onInteraction(d);
    },
  } as never);
  const rest = new ApiHandler({ token: sim.token, domain: sim.apiUrl.replace("/api/v10", "") as never });
  client.setServices({ rest });
  await client.start();
  await until(() => received.some(({ t }) => t.endsWith("GUILD_CREATE")));
}

describe("Seyfert", () => {
  it("reads its application from the token and receives messages", async () => {
    await logIn();
    expect(client.applicationId).toBe(sim.applications()[0]?.id);
    const { person, textChannel } = await castOf(sim);
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "hello" });
    await until(() => received.some(({ t, d }) => t === "MESSAGE_CREATE" && d["content"] === "hello"));
  });

  it("sends, edits, reacts to, pages and deletes messages", async () => {
    await logIn();
    const { textChannel } = await castOf(sim);
    await client.messages.write(textChannel, { content: "one" });
    const message = await client.messages.write(textChannel, { content: "two" });
    await client.messages.edit(message.id, textChannel, { content: "three" });
    await client.reactions.add(message.id, textChannel, "🎉");
    const [latest] = await client.messages.list(textChannel, { limit: 1 });
    expect(latest?.content).toBe("three");
    const [before] = await client.messages.list(textChannel, { limit: 1, before: message.id });
    expect(before?.content).toBe("one");
    await client.messages.delete(message.id, textChannel);
    expect((await client.messages.list(textChannel, { limit: 5 })).map(({ content }) => content)).toEqual([
      "one",
    ]);
  });

  it("registers a command, opens a form, answers it and changes the answer when a button is pressed", async () => {
    await logIn(STRONG, ({ id, token, type, data }) => {
      const answer = (body: unknown) =>
        void client.interactions.reply(String(id), String(token), body as never).catch(() => undefined);
      if (type === 2) answer({ type: 9, data: ASK_FORM });
      if (type === 5) {
        const { components } = data as {
          components: readonly { components: readonly { value: string }[] }[];
        };
        answer({ type: 4, data: { content: components[0]?.components[0]?.value, components: [MORE_ROW] } });
      }
      if (type === 3) answer({ type: 7, data: { content: "pressed" } });
    });
    const cast = await castOf(sim);
    await client.proxy
      .applications(client.applicationId)
      .guilds(sim.guildId)
      .commands.put({ body: [ASK_COMMAND as never] });
    await playInteractions(sim, cast);
  });
});
