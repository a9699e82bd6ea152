/** The simulator with a record of what it answered, and with answers that can be held back for good. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createDiscordSim, type DiscordSim } from "../../../packages/discord-sim/src/index.ts";

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export class RestStand {
  readonly sim: DiscordSim;
  /** Of all answers so far. */
  tooMany = 0;
  answers = 0;
  #silentPath: string | null = null;

  private constructor(sim: DiscordSim) {
    this.sim = sim;
    subscribe("http.server.request.start", this.#started);
    subscribe("http.server.response.finish", this.#finished);
  }

  static async start(): Promise<RestStand> {
    return new RestStand(await createDiscordSim({ rate: 0, seed: 11 }));
  }

  /** `http://…/api`, without the version. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.sim.port}/api`;
  }

  /** New text channels. */
  async channels(count: number): Promise<readonly string[]> {
    for (let at = 0; at < count; at += 1)
      this.sim.command({ type: "createChannel", kind: "text", name: `bench-${at}` });
    const all = (await this.#get(`/guilds/${this.sim.guildId}/channels`)) as { id: string; name: string }[];
    return all.filter(({ name }) => name.startsWith("bench-")).map(({ id }) => id);
  }

  async aMember(): Promise<string> {
    const [member] = (await this.#get(`/guilds/${this.sim.guildId}/members?limit=1`)) as {
      user: { id: string };
    }[];
    return member?.user.id ?? "";
  }

  /** The first answer to a message in this channel never comes, though the message is there. */
  holdFirstAnswer(channelId: string): void {
    this.#silentPath = `/channels/${channelId}/messages`;
  }

  /** Numbers of the messages in a channel, the oldest first. */
  async numbers(channelId: string): Promise<readonly number[]> {
    for (;;) {
      const messages = (await this.#get(`/channels/${channelId}/messages?limit=100`)) as {
        content: string;
      }[];
      if (Array.isArray(messages)) return messages.map(({ content }) => Number(content)).toReversed();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    unsubscribe("http.server.request.start", this.#started);
    unsubscribe("http.server.response.finish", this.#finished);
    await this.sim[Symbol.asyncDispose]();
  }

  async #get(path: string): Promise<unknown> {
    const headers = {
      authorization: `Bot ${this.sim.token}`,
      "user-agent": "DiscordBot (https://example.org, 1)",
    };
    return (await fetch(`${this.apiUrl}/v10${path}`, { headers })).json();
  }

  readonly #started = (message: unknown): void => {
    const { request, response } = message as Exchange;
    if (this.#silentPath === null || request.method !== "POST" || !request.url?.includes(this.#silentPath))
      return;
    this.#silentPath = null;
    response.writeHead = () => response;
    response.end = () => response;
  };

  readonly #finished = (message: unknown): void => {
    this.answers += 1;
    if ((message as Exchange).response.statusCode === 429) this.tooMany += 1;
  };
}
