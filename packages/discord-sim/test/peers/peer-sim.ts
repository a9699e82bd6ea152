import { Agent as HttpAgent } from "node:http";
import { Agent } from "node:https";
import { connect, type Socket } from "node:net";
import type { Snowflake } from "@guildwire/discord-wire";
import { expect } from "vitest";
import {
  createDiscordSim,
  type DiscordSim,
  type InteractionReport,
  type SimOptions,
} from "../../src/index.ts";
import { ALL_PERMISSIONS } from "../../src/world/permission.ts";

/** A quiet server for one library to be tried on. Short waits, so that its own timers do not make the test long. */
export function startSim(options: SimOptions = {}): Promise<DiscordSim> {
  return createDiscordSim({
    rate: 0,
    identifyWindowMs: 0,
    heartbeatIntervalMs: 1000,
    restCallsPerSecondMax: 1000,
    ...options,
  });
}

export interface Cast {
  readonly room: Snowflake;
  readonly otherRoom: Snowflake;
  readonly person: Snowflake;
  readonly personName: string;
  readonly textChannel: Snowflake;
}

/** Two rooms, somebody in the first, and a channel to write in. */
export async function castOf(sim: DiscordSim): Promise<Cast> {
  const rooms = sim.world().rooms.filter(({ kind, userLimit }) => kind === "voice" && userLimit === 0);
  const room = rooms.find(({ people }) => people.some(({ bot }) => !bot));
  const person = room?.people.find(({ bot }) => !bot);
  const otherRoom = rooms.find(({ id }) => id !== room?.id);
  const headers = { authorization: `Bot ${sim.token}`, "user-agent": "DiscordBot (https://example.org, 1)" };
  const response = await fetch(`${sim.apiUrl}/guilds/${sim.guildId}/channels`, { headers });
  const channels = (await response.json()) as { id: Snowflake; type: number; name: string }[];
  const text = channels.find(({ name }) => name === "general");
  if (room === undefined || person === undefined || otherRoom === undefined || text === undefined) {
    throw new Error("the server is not as expected");
  }
  return {
    room: room.id,
    otherRoom: otherRoom.id,
    person: person.id,
    personName: person.name,
    textChannel: text.id,
  };
}

/** Resolves when `condition` holds, asking again whenever the event loop has turned. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** What a bot registers for `playInteractions`. */
export const ASK_COMMAND = {
  name: "ask",
  description: "Asks for something",
  type: 1,
  options: [{ type: 3, name: "topic", description: "What about", required: true }],
} as const;

/** The form that the bot opens for `/ask`, in Discord's own form. */
export const ASK_FORM = {
  custom_id: "ask-form",
  title: "One question",
  components: [
    {
      type: 1,
      components: [{ type: 4, custom_id: "answer", style: 1, label: "Your answer", required: true }],
    },
  ],
} as const;

/** The row under the bot's answer. */
export const MORE_ROW = {
  type: 1,
  components: [{ type: 2, style: 1, label: "More", custom_id: "more" }],
} as const;

/**
 * Somebody asks: `/ask` must open `ASK_FORM`; sent off, it must be answered with the text that was typed and
 * `MORE_ROW`; pressed, the button must change that message to "pressed".
 */
export async function playInteractions(sim: DiscordSim, { person, textChannel }: Cast): Promise<void> {
  const place = { userId: person, channelId: textChannel };
  const asked = await settled(sim, { type: "useCommand", ...place, name: "ask", options: { topic: "tea" } });
  expect(asked).toMatchObject({ state: "answered", callbackType: 9, data: { custom_id: "ask-form" } });
  const values = { answer: "green" };
  const sent = await settled(sim, { type: "submitModal", userId: person, interactionId: asked.id, values });
  expect(sent).toMatchObject({ state: "answered", callbackType: 4, messages: [{ content: "green" }] });
  const [message] = sent.messages as readonly { readonly id: Snowflake }[];
  if (message === undefined) throw new Error("no message");
  const press = { type: "pressButton", ...place, messageId: message.id, customId: "more" } as const;
  const pressed = await settled(sim, press);
  expect(pressed).toMatchObject({ state: "answered", callbackType: 7, messages: [{ content: "pressed" }] });
  expect(sim.stats().interactions).toMatchObject({ sent: 3, answered: 3, unanswered: 0, answeredTwice: 0 });
}

async function settled(
  sim: DiscordSim,
  command: Parameters<DiscordSim["interact"]>[0],
): Promise<InteractionReport> {
  return sim.settled(sim.interact(command).id);
}

/** A bot that may do everything. */
export const STRONG: SimOptions = { botPermissions: String(ALL_PERMISSIONS) };

/** For libraries that only know HTTPS: every connection goes to the stand-in's port, in plain text. */
export class PlainAgent extends Agent {
  readonly #port: number;

  constructor(port: number) {
    super({ keepAlive: false });
    this.#port = port;
  }

  override createConnection(): Socket {
    return connect(this.#port, "127.0.0.1");
  }
}

/** The same for WebSockets to the address in the answer of `GET /gateway/bot`, which then has no port. */
export class PlainSocketAgent extends HttpAgent {
  readonly #port: number;

  constructor(port: number) {
    super({ keepAlive: false });
    this.#port = port;
  }

  override createConnection(): Socket {
    return connect(this.#port, "127.0.0.1");
  }
}
