/**
 * One process around the client: a consumer that stores, at its own pace, what it is handed, and confirms it. Rules: a
 * batch and its sequence are stored together; what a killed process had not stored is gone; the next one starts with
 * what is on disk.
 */

import type { Chance } from "@guildwire/runtime/random";
import {
  type DispatchBatch,
  type FetchGatewayBot,
  GatewayClient,
  type GatewaySocket,
  type SessionTiming,
  type StoredSession,
} from "../../src/index.ts";
import type { FaultyNetwork } from "./faulty-network.ts";
import { emptyReplica, fold, type Replica } from "./guild-replica.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What outlives a process. */
export interface Disk {
  session: StoredSession | undefined;
  readonly replica: Replica;
}

export function emptyDisk(): Disk {
  return { session: undefined, replica: emptyReplica() };
}

/** How the consumer behaves, changed by faults. */
export interface ConsumerMood {
  /** A batch takes up to this long to be stored. */
  storeDelayMs: number;
  /** What is stored is confirmed up to this much later. */
  confirmDelayMs: number;
}

export interface LifeOptions {
  readonly number: number;
  readonly token: string;
  readonly intents: number;
  readonly timing: SessionTiming;
  readonly time: VirtualTime;
  readonly network: FaultyNetwork;
  readonly disk: Disk;
  readonly mood: ConsumerMood;
  readonly chance: Chance;
  readonly fetchGatewayBot: FetchGatewayBot;
}

const NO_SOCKET: GatewaySocket = {
  send: () => undefined,
  close: () => undefined,
  destroy: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

export class ClientLife {
  readonly number: number;
  readonly client: GatewayClient;
  readonly #options: LifeOptions;
  /** Owns the client's timers; the consumer's are its own. */
  readonly #clockOwner = {};
  readonly #consumerOwner = {};
  #alive = true;
  #ended = false;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.number = options.number;
    const { time, network, disk, chance } = options;
    network.see({
      type: "born",
      life: this.number,
      session: disk.session?.id ?? null,
      seq: disk.session?.seq ?? 0,
    });
    const random = chance.fork("client");
    const dial = network.dialler(this.number);
    this.client = new GatewayClient({
      token: options.token,
      intents: options.intents,
      compression: "none",
      timing: options.timing,
      session: disk.session,
      clock: {
        wallMs: () => time.nowMs,
        monotonicMs: () => time.nowMs,
        soon: (task) => time.start(this.#clockOwner, 0, task),
        after: (afterMs, fire) => time.start(this.#clockOwner, afterMs, fire),
      },
      random: () => random.next(),
      // What a killed process had under way leads to nothing.
      openSocket: (url, listener) => (this.#alive ? dial(url, listener) : NO_SOCKET),
      fetchGatewayBot: options.fetchGatewayBot,
      onDispatches: (batch) => this.#consume(batch),
      onEvent: (event) => {
        if (!this.#alive) return;
        if (event.type === "stopped") this.#ended = true;
        network.activity += 1;
        network.see({ type: "event", life: this.number, event });
      },
    });
  }

  /** The client has come to its end, by itself or because it was asked to. */
  get ended(): boolean {
    return this.#ended;
  }

  get pendingTimers(): number {
    return this.#options.time.pendingOf(this.#clockOwner);
  }

  /** Killed: nothing it does has any effect from here on. */
  crash(): void {
    const { time, network } = this.#options;
    this.#alive = false;
    network.see({ type: "crashed", life: this.number });
    network.each((link) => {
      if (link.life === this.number) link.orphan();
    });
    time.forget(this.#clockOwner);
    time.forget(this.#consumerOwner);
  }

  async #consume(batch: DispatchBatch): Promise<void> {
    const { network, mood, chance } = this.#options;
    network.activity += 1;
    for (const { seq } of batch.dispatches) {
      network.see({ type: "handed", life: this.number, session: batch.session.id, seq });
    }
    const delayMs = mood.storeDelayMs * chance.next();
    if (delayMs > 0) await this.#sleep(delayMs);
    if (!this.#alive) return;
    this.#store(batch);
    const confirmDelayMs = mood.confirmDelayMs * chance.next();
    if (confirmDelayMs > 0) {
      this.#options.time.start(this.#consumerOwner, confirmDelayMs, () => this.#confirm(batch));
    } else {
      this.#confirm(batch);
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.time.start(this.#consumerOwner, ms, resolve);
    });
  }

  #store({ session, dispatches, lastSeq }: DispatchBatch): void {
    const { network, disk } = this.#options;
    for (const { seq, name, d } of dispatches) {
      network.see({ type: "committed", session: session.id, seq, name, body: JSON.stringify(d) });
      fold(disk.replica, { name, d });
    }
    disk.session = { ...session, seq: lastSeq };
  }

  #confirm({ session, lastSeq }: DispatchBatch): void {
    const { network } = this.#options;
    network.activity += 1;
    network.see({ type: "confirmed", life: this.number, session: session.id, seq: lastSeq });
    this.client.confirmStored(session.id, lastSeq);
  }
}
