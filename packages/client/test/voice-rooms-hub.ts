/** A hub in memory that has one guild with two rooms, for tests of what a page makes of it. */
import type { ClientMessage, Entry, Op } from "@guildwire/live";
import { createHubClient, type HubClient, type PageSignal } from "../src/index.ts";
import { hi, MemoryHub, type MemorySocket, snapshot } from "./memory-hub.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";

export const GUILD = "1";
export const TOPIC = "voice/1/public";

const META = { guild: { id: GUILD, name: "Hall", iconUrl: null }, source: { status: "live", since: 0 } };

export function person(room: string, more: object = {}): object {
  return { room, name: "Ann", avatarUrl: null, bot: false, flags: 0, since: 0, roomSince: 0, ...more };
}

function room(name: string, position: number): object {
  return { name, kind: "voice", position, parentId: null, userLimit: 0, status: null, startedAt: null };
}

export const ENTRIES: readonly Entry[] = [
  ["m", META, 1],
  ["r:7", room("Lounge", 0), 1],
  ["r:8", room("Music", 1), 1],
  ["u:41", person("7"), 1],
  ["u:42", person("8", { name: "Bob" }), 1],
];

export class VoiceRoomsHub {
  readonly hub = new MemoryHub();
  readonly clock = new VirtualClock();
  readonly client: HubClient;
  /** What the browser would say. */
  signal: (signal: PageSignal) => void = () => undefined;
  #offset = 1;

  constructor(options: { readonly disconnectHiddenAfterMs?: number } = {}) {
    this.hub.onSocket = (socket) => {
      socket.answer = (_, message) => this.#answer(socket, message);
      socket.greet();
    };
    this.client = createHubClient({
      url: "ws://hub.example/ws",
      WebSocket: this.hub.WebSocket,
      clock: this.clock,
      random: () => 0.5,
      signals: {
        listen: (listener) => {
          this.signal = listener;
          return () => undefined;
        },
      },
      ...options,
    });
  }

  #answer(socket: MemorySocket, message: ClientMessage): void {
    if (message.t !== "auth") return;
    socket.say(hi(message.id));
    for (const { topic, o } of message.subs ?? []) {
      const how = o === this.#offset ? "resumed" : "snapshot";
      socket.say({ t: "subd", id: message.id, topic, e: "e1", o: this.#offset, how });
      if (how === "snapshot") socket.say(snapshot(topic, this.#offset, ENTRIES));
    }
  }

  async change(...ops: readonly Op[]): Promise<void> {
    const f = this.#offset;
    this.#offset += 1;
    this.hub.last.say({ t: "d", topic: TOPIC, f, o: this.#offset, at: 999_900, ops });
    await settled();
  }
}
