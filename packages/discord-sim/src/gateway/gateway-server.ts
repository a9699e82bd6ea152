import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Snowflake } from "@guildwire/discord-wire";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../clock.ts";
import type { Act, ActTarget } from "../fault/act.ts";
import { type Faults, type OccasionalFault, strike } from "../fault/faults.ts";
import { signFiles } from "../files/file-address.ts";
import type { Dispatch } from "../world/dispatch.ts";
import type { Worlds } from "../world/worlds.ts";
import { nextDeadlineMs } from "./deadline.ts";
import { type Compression, createEncoder } from "./encoder.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { ConnectionQuery, GatewayInput } from "./gateway-input.ts";
import { type Door, type GatewaySettings, type GatewayState, newGateway } from "./gateway-state.ts";
import { Outbound } from "./outbound.ts";
import type { GatewayStats } from "./stats.ts";
import { step } from "./step.ts";
import { WireSocket } from "./wire-socket.ts";

/**
 * The shell around the Gateway core: WebSockets in and out, one timer for the core's next deadline. It decides
 * nothing about the protocol; the faults it knows are those of the wire (refused upgrades, lateness, split frames).
 */
export class GatewayServer {
  readonly #state: GatewayState;
  readonly #clock: Clock;
  readonly #worlds: Worlds;
  readonly #wishes: BotWishes;
  readonly #signing: Signing;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: CLIENT_FRAME_BYTES_MAX });
  readonly #outbounds = new Map<number, Outbound>();
  /** Half-open connections: nobody notices when their clients go away, so only so many are kept. */
  readonly #frozen: number[] = [];
  #connectionsMade = 0;
  #cancelDeadline: (() => void) | undefined;

  constructor(
    settings: GatewaySettings & { readonly signing: Signing },
    faults: Faults,
    clock: Clock,
    worlds: Worlds,
    wishes: BotWishes,
  ) {
    this.#state = newGateway(settings, faults);
    this.#wishes = wishes;
    this.#signing = settings.signing;
    this.#clock = clock;
    this.#worlds = worlds;
  }

  /** Read by the REST half, which shares the token's fate and the identify budget. */
  get state(): GatewayState {
    return this.#state;
  }

  get stats(): GatewayStats {
    const { stats, connections, sessions } = this.#state;
    return {
      ...stats,
      closes: { ...stats.closes },
      clientCloses: { ...stats.clientCloses },
      connections: connections.size,
      sessions: sessions.size,
    };
  }

  sessions(): readonly SessionReport[] {
    return [...this.#state.sessions.values()].map(({ id, botId, shard, intents, sequence, place }) => ({
      id,
      botId,
      shard: shard ?? null,
      intents,
      sequence,
      connected: place.kind === "attached",
    }));
  }

  setFaults(faults: Partial<Faults>): void {
    this.#state.faults = { ...this.#state.faults, ...faults };
  }

  /** Sends to the sessions of one bot. `guildId` is `null` for what belongs to no server. */
  say(dispatches: readonly Dispatch[], guildId: Snowflake | null, botId: Snowflake): void {
    if (dispatches.length === 0) return;
    this.#step({ type: "said", dispatches, guildId, botId, atMs: this.#clock.nowMs() });
  }

  act(act: Act, target: ActTarget): void {
    this.#step({ type: "acted", act, target, atMs: this.#clock.nowMs() });
  }

  /** An HTTP request that wants to become a WebSocket. `host` is the authority the client reached us by. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, door: Door, host: string): void {
    if (this.#strikes("refuseUpgrade") || (door === "resume" && this.#strikes("resumeUrlRefused"))) {
      const refusal = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
      socket.end(refusal, () => socket.destroy());
      return;
    }
    const holdsFirstWrite = this.#strikes("helloWithUpgrade");
    const wire = new WireSocket(socket, this.#clock, () => this.#state.faults, { holdsFirstWrite });
    this.#sockets.handleUpgrade(request, wire, head, (webSocket) => {
      const { searchParams } = new URL(request.url ?? "/", "http://sim");
      const query: ConnectionQuery = {
        v: searchParams.get("v"),
        encoding: searchParams.get("encoding"),
        compress: searchParams.get("compress"),
      };
      this.#open(webSocket, wire, door, query, `ws://${host}/resume`);
    });
  }

  close(): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    for (const outbound of this.#outbounds.values()) outbound.destroy();
    this.#outbounds.clear();
    this.#sockets.close();
  }

  #open(socket: WebSocket, wire: WireSocket, door: Door, query: ConnectionQuery, resumeUrl: string): void {
    this.#connectionsMade += 1;
    const connection = this.#connectionsMade;
    const encoder = createEncoder(compressionOf(query));
    this.#outbounds.set(
      connection,
      new Outbound(socket, wire, encoder, this.#clock, (text) => this.#signed(text)),
    );
    socket.on("message", (data) => {
      const bytes = asBuffer(data);
      this.#step({
        type: "received",
        connection,
        text: bytes.toString("utf8"),
        sizeBytes: bytes.byteLength,
        atMs: this.#clock.nowMs(),
      });
    });
    socket.on("close", (code) => {
      this.#step({ type: "closed", connection, code, atMs: this.#clock.nowMs() });
      this.#outbounds.get(connection)?.destroy();
      this.#outbounds.delete(connection);
    });
    // A protocol error of the client; `close` follows and tells the core.
    socket.on("error", () => undefined);
    this.#step({ type: "opened", connection, door, query, resumeUrl, atMs: this.#clock.nowMs() });
  }

  #signed(text: string): string {
    const { key, origin } = this.#signing;
    return signFiles(text, origin, key, () => this.#clock.nowMs());
  }

  #step(input: GatewayInput): void {
    for (const effect of step(this.#state, input, this.#worlds)) this.#perform(effect);
    // Events alone move no deadline.
    if (input.type !== "said") this.#awaitDeadline();
  }

  #perform(effect: GatewayEffect): void {
    if (effect.type === "showPresence") {
      this.#wishes.showPresence(effect);
      return;
    }
    if (effect.type === "connectVoice") {
      this.#wishes.connectVoice(effect);
      return;
    }
    const outbound = this.#outbounds.get(effect.connection);
    if (outbound === undefined) return;
    const { latencyMs } = this.#state.faults;
    switch (effect.type) {
      case "send":
        if (this.#strikes("garbage")) outbound.sendGarbage(latencyMs);
        outbound.send(effect.frame, { latencyMs, split: this.#strikes("splitFrames") });
        return;
      case "compressPayloads":
        outbound.compressPayloads();
        return;
      case "close":
        outbound.close(effect.code, effect.reason, latencyMs);
        return;
      case "destroy":
        outbound.destroy();
        return;
      case "freeze":
        this.#freeze(effect.connection, outbound);
        return;
    }
  }

  #freeze(connection: number, outbound: Outbound): void {
    outbound.freeze();
    this.#frozen.push(connection);
    if (this.#frozen.length <= FROZEN_MAX) return;
    const oldest = this.#frozen.shift();
    if (oldest !== undefined) this.#outbounds.get(oldest)?.destroy();
  }

  #strikes(name: OccasionalFault): boolean {
    const { strikes, faults } = strike(this.#state.faults, name);
    this.#state.faults = faults;
    return strikes;
  }

  #awaitDeadline(): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    const deadlineMs = nextDeadlineMs(this.#state);
    if (deadlineMs === undefined) return;
    const delayMs = Math.max(0, deadlineMs - this.#clock.nowMs());
    this.#cancelDeadline = this.#clock.after(delayMs, () =>
      this.#step({ type: "timePassed", atMs: this.#clock.nowMs() }),
    );
  }
}

/** With what addresses of files are signed, and where they lead. */
export interface Signing {
  readonly key: string;
  origin(): string;
}

/** What bots ask for over the Gateway and what changes the world. */
export interface BotWishes {
  showPresence(effect: Extract<GatewayEffect, { type: "showPresence" }>): void;
  connectVoice(effect: Extract<GatewayEffect, { type: "connectVoice" }>): void;
}

/** A session as outsiders see it; `id` is what an act can aim at. */
export interface SessionReport {
  readonly id: string;
  readonly botId: Snowflake;
  readonly shard: readonly [id: number, count: number] | null;
  readonly intents: number;
  readonly sequence: number;
  readonly connected: boolean;
}

const FROZEN_MAX = 1000;

/** Far above what a client may send: a frame over 4096 bytes must reach the core, which closes with 4002. */
const CLIENT_FRAME_BYTES_MAX = 1024 * 1024;

function compressionOf(query: ConnectionQuery): Compression {
  const { compress } = query;
  return compress === "zlib-stream" || compress === "zstd-stream" ? compress : "none";
}

function asBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
