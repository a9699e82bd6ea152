/**
 * Both real ends of hub/1 with a link between them that a test makes go wrong: the client's connection machine here, a
 * `ModelHub` there. Time passes only when told to. Nothing moves along the link by itself.
 */
import type { ResyncReason, ServerMessage } from "@guildwire/live";
import type { ModelHub, ModelSocket } from "@guildwire/live/testing/model-hub";
import {
  type ClientEffect,
  type ClientInput,
  type ClientState,
  initialState,
  type Timer,
} from "../src/connection-state.ts";
import { step } from "../src/connection-step.ts";
import { readServerFrame } from "../src/server-frame.ts";

interface Link {
  readonly number: number;
  readonly hub: ModelSocket;
  /** The browser's frames that have not reached the hub. */
  readonly up: string[];
  /** Cut, and one end or both do not know: nothing arrives any more. */
  isDead: boolean;
  isOpened: boolean;
}

/** What a link may lose or repeat in the middle of a connection. No network does; a broken proxy or hub might. */
const LOSABLE: readonly ServerMessage["t"][] = ["snap", "d", "tick"];

type Untimed<Input> = Input extends unknown ? Omit<Input, "atMs" | "roll"> : never;

export class FaultyLink {
  readonly hub: ModelHub;
  state: ClientState = initialState(0);
  /** Why the client ever sent a `resync`. */
  readonly resyncs: ResyncReason[] = [];
  readonly #timers = new Map<Timer, number>();
  #link: Link | undefined;
  /** Frames of connections that are gone, which turn up late. */
  #late: { readonly number: number; readonly text: string }[] = [];
  #rolls = 0;

  constructor(hub: ModelHub) {
    this.hub = hub;
  }

  tell(input: Untimed<ClientInput>): void {
    // Some chance, the same in every run.
    this.#rolls = (this.#rolls * 7 + 3) % 10;
    const result = step(this.state, {
      ...input,
      atMs: this.hub.nowMs,
      roll: this.#rolls / 10,
    } as ClientInput);
    this.state = result.state;
    for (const effect of result.effects) this.#perform(effect);
  }

  /** The next frame reaches the browser, or the news that the hub has closed; false when there is none. */
  deliverDown(): boolean {
    const link = this.#link;
    if (link === undefined || link.isDead) return false;
    if (!link.isOpened) {
      link.isOpened = true;
      this.tell({ type: "socketOpened", socket: link.number, ticket: undefined });
      return true;
    }
    const text = link.hub.shift();
    if (text !== undefined) {
      this.#arrive(link.number, text);
      return true;
    }
    const { closedWith } = link.hub;
    if (closedWith === undefined) return false;
    this.#link = undefined;
    this.tell({ type: "socketClosed", socket: link.number, code: closedWith });
    return true;
  }

  deliverUp(): boolean {
    const link = this.#link;
    const text = link?.isDead === false ? link.up.shift() : undefined;
    if (text === undefined) return false;
    link?.hub.receive(text);
    return true;
  }

  /** The connection is cut. The browser learns of it now, or when the silence has lasted too long. */
  cut(isNoticed: boolean): void {
    const link = this.#link;
    if (link === undefined) return;
    const { number } = link;
    this.#late.push(...link.hub.frames.map((text) => ({ number, text })));
    link.hub.cut();
    link.isDead = true;
    if (!isNoticed) return;
    this.#link = undefined;
    this.tell({ type: "socketClosed", socket: number, code: 1006 });
  }

  /** A frame of an older connection turns up. */
  deliverLate(at: number): void {
    const [one] = this.#late.splice(at % Math.max(this.#late.length, 1), 1);
    if (one !== undefined && one.number !== this.#link?.number) this.#arrive(one.number, one.text);
  }

  drop(at: number): void {
    const index = this.#losable(at);
    if (index !== undefined) this.#link?.hub.frames.splice(index, 1);
  }

  duplicate(at: number): void {
    const index = this.#losable(at);
    const text = index === undefined ? undefined : this.#link?.hub.frames[index];
    if (index !== undefined && text !== undefined) this.#link?.hub.frames.splice(index, 0, text);
  }

  /** What is on its way claims another digest than the hub's. */
  spoilDigests(): void {
    const frames = this.#link?.hub.frames ?? [];
    for (const [index, text] of frames.entries()) frames[index] = text.replace(/"dg":\d+/, '"dg":1');
  }

  /** The hub ends as a process does; the browser learns of it at once. */
  restartHub(disk: "kept" | "lost"): void {
    const link = this.#link;
    this.hub.restart(disk);
    if (link !== undefined) this.cut(true);
  }

  /** What is due within that time happens in order. */
  pass(ms: number): void {
    const untilMs = this.hub.nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, atMs]) => atMs <= untilMs).sort((a, b) => a[1] - b[1])[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.hub.nowMs = Math.max(this.hub.nowMs, due[1]);
      this.tell({ type: "timerFired", timer: due[0] });
    }
    this.hub.nowMs = untilMs;
    const timeoutMs = this.#link?.hub.authTimeoutMs;
    if (timeoutMs !== undefined && timeoutMs <= untilMs) this.#link?.hub.take({ type: "authTimedOut" });
  }

  /** Everything that is under way arrives and is answered. */
  settle(): void {
    for (let moves = 0; moves < 5_000; moves++) {
      const hasMoved = this.deliverUp() || this.deliverDown();
      this.hub.answerReads();
      if (!hasMoved && (this.#link?.isDead !== false || this.#link.hub.frames.length === 0)) return;
    }
    throw new Error("the exchange does not end");
  }

  #arrive(socket: number, text: string): void {
    this.tell({ type: "frameReceived", socket, messages: readServerFrame(text) });
  }

  #losable(at: number): number | undefined {
    const frames = this.#link?.hub.frames ?? [];
    const indices = frames.flatMap((text, index) =>
      readServerFrame(text)?.some(({ t }) => LOSABLE.includes(t)) === true ? [index] : [],
    );
    return indices[at % Math.max(indices.length, 1)];
  }

  #perform(effect: ClientEffect): void {
    switch (effect.type) {
      case "connect":
        this.#link = { number: effect.socket, hub: this.hub.open(), up: [], isDead: false, isOpened: false };
        return;
      case "send":
        if (effect.message.t === "resync") this.resyncs.push(effect.message.why);
        this.#link?.up.push(JSON.stringify(effect.message));
        return;
      case "closeSocket":
        this.#link?.hub.cut();
        this.#link = undefined;
        return;
      case "startTimer":
        this.#timers.set(effect.timer, this.hub.nowMs + effect.afterMs);
        return;
      case "cancelTimer":
        this.#timers.delete(effect.timer);
        return;
      case "fetchTicket":
        return;
      default:
        effect satisfies never;
    }
  }
}
