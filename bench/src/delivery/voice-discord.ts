/**
 * As much of Discord as a worker needs to follow one server, and nothing that costs: it answers the greeting and then
 * writes frames that were made beforehand. `packages/discord-sim` is the one that behaves; this one is fast.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { dispatchFrame, GUILD_ID, type VoiceGuild } from "./voice-guild.ts";

/** What may lie unsent in this process before a sender has to wait. */
const UNSENT_BYTES_MAX = 1_048_576;
const HEARTBEAT_INTERVAL_MS = 41_250;
const OP = { heartbeat: 1, identify: 2, resume: 6, invalidSession: 9, hello: 10, heartbeatAck: 11 } as const;

export class VoiceDiscord implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<WebSocket>();
  readonly #guild: VoiceGuild;
  /** Ids of servers that the bot is in besides. */
  readonly #otherGuilds: readonly string[];
  #live: { readonly socket: WebSocket; seq: number } | undefined;
  #greeted = Promise.withResolvers<void>();

  private constructor(guild: VoiceGuild, otherGuilds: number) {
    this.#guild = guild;
    this.#otherGuilds = Array.from({ length: otherGuilds }, (_, index) => otherGuildId(index));
    this.#server = createServer((_request, response) => {
      const session_start_limit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ url: this.#gatewayUrl, shards: 1, session_start_limit }));
    });
    const gateway = new WebSocketServer({ server: this.#server, perMessageDeflate: false });
    gateway.on("connection", (socket) => this.#greet(socket));
  }

  static async open(guild: VoiceGuild, otherGuilds = 0): Promise<VoiceDiscord> {
    const discord = new VoiceDiscord(guild, otherGuilds);
    discord.#server.listen(0, "127.0.0.1");
    await once(discord.#server, "listening");
    return discord;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get #gatewayUrl(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  /** The value of DISCORD_API_URL. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.#port}/api/v10`;
  }

  /** Resolves when a client has been given all of its servers. */
  get greeted(): Promise<void> {
    return this.#greeted.promise;
  }

  /** Whether more may be sent now without filling this process. */
  get hasRoom(): boolean {
    return (this.#live?.socket.bufferedAmount ?? Number.POSITIVE_INFINITY) < UNSENT_BYTES_MAX;
  }

  /** So many voice frames of our server, now. */
  speak(frames: number): void {
    for (let frame = 0; frame < frames; frame += 1) this.dispatch("VOICE_STATE_UPDATE", this.#guild.next());
  }

  /** Our server's GUILD_CREATE once more. */
  greetAgain(): void {
    this.dispatch("GUILD_CREATE", this.#guild.guildCreate);
  }

  dispatch(name: string, d: string): void {
    const live = this.#live;
    if (live === undefined) throw new Error("nobody is connected");
    live.seq += 1;
    live.socket.send(dispatchFrame(name, live.seq, d));
  }

  #greet(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      if (this.#live?.socket === socket) {
        this.#live = undefined;
        this.#greeted = Promise.withResolvers<void>();
      }
    });
    socket.on("message", (data: Buffer) => {
      const { op } = JSON.parse(data.toString("utf8")) as { op: number };
      if (op === OP.heartbeat) socket.send(`{"op":${OP.heartbeatAck}}`);
      if (op === OP.resume) socket.send(`{"op":${OP.invalidSession},"d":false}`);
      if (op === OP.identify) this.#begin(socket);
    });
    socket.send(`{"op":${OP.hello},"d":{"heartbeat_interval":${HEARTBEAT_INTERVAL_MS}}}`);
  }

  #begin(socket: WebSocket): void {
    this.#live = { socket, seq: 0 };
    const guilds = [GUILD_ID, ...this.#otherGuilds].map((id) => ({ id, unavailable: true }));
    this.dispatch(
      "READY",
      JSON.stringify({
        v: 10,
        user: { id: "900000000000000009", username: "measured", discriminator: "0", bot: true },
        guilds,
        session_id: `measured${this.#sockets.size}`,
        resume_gateway_url: this.#gatewayUrl,
        shard: [0, 1],
        application: { id: "900000000000000009", flags: 0 },
      }),
    );
    this.dispatch("GUILD_CREATE", this.#guild.guildCreate);
    for (const id of this.#otherGuilds) this.dispatch("GUILD_CREATE", otherGuild(id));
    this.#greeted.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

export function otherGuildId(index: number): string {
  return String(800_000_000_000_000_000n + BigInt(index));
}

const OTHER_MEMBERS = 20;

/** A small server that is none of ours: what a shared bot is greeted with, thousands of times. */
function otherGuild(id: string): string {
  const members = Array.from({ length: OTHER_MEMBERS }, (_, member) => ({
    user: {
      id: `${id.slice(0, -4)}${member}`,
      username: `member${member}`,
      avatar: null,
      discriminator: "0",
    },
    roles: [],
    joined_at: "2026-01-01T00:00:00.000000+00:00",
    nick: null,
    mute: false,
    deaf: false,
  }));
  return JSON.stringify({
    id,
    name: `Server ${id}`,
    icon: null,
    unavailable: false,
    members,
    channels: [],
    voice_states: [],
  });
}
