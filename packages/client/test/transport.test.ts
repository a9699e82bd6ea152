import { describe, expect, it } from "vitest";
import { SOCKETS_WORK } from "../src/close-policy.ts";
import { type ClientInput, type ClientState, initialState } from "../src/connection-state.ts";
import { step } from "../src/connection-step.ts";
import type { UntimedInput } from "../src/held-topic.ts";

const HI = { t: "hi", id: 1, conn: "c", v: 1, now: 0, tick: 25_000, grace: 10_000 } as const;

/** The machine, and over what it dials. */
class Machine {
  state: ClientState = initialState(0);
  readonly dials: string[] = [];

  constructor() {
    this.tell({ type: "topicHeld", topic: "voice/1/public" });
  }

  tell(input: UntimedInput): void {
    const result = step(this.state, { ...input, atMs: 0, roll: 0 } as ClientInput);
    this.state = result.state;
    for (const effect of result.effects) if (effect.type === "connect") this.dials.push(effect.over);
  }

  get #socket(): number {
    return this.state.sockets;
  }

  open(): void {
    this.tell({ type: "socketOpened", socket: this.#socket, ticket: undefined });
  }

  greet(): void {
    this.open();
    this.tell({ type: "frameReceived", socket: this.#socket, messages: [HI] });
  }

  lose(code = 1006): void {
    this.tell({ type: "socketClosed", socket: this.#socket, code });
    this.tell({ type: "timerFired", timer: "retry" });
  }
}

describe("what the SDK connects over", () => {
  it("is a socket, and an event stream after two that did not open, in turn until one answers [C10]", () => {
    const machine = new Machine();
    for (let lost = 0; lost < 6; lost++) machine.lose();
    expect(machine.dials).toEqual(["socket", "socket", "stream", "socket", "stream", "socket", "stream"]);
  });

  it("is a stream too when sockets open and nothing comes through them", () => {
    const machine = new Machine();
    for (let lost = 0; lost < 2; lost++) {
      machine.open();
      machine.lose();
    }
    expect(machine.dials).toEqual(["socket", "socket", "stream"]);
  });

  it("stays what said hi last, when that is lost", () => {
    const overStream = new Machine();
    for (let lost = 0; lost < 2; lost++) overStream.lose();
    overStream.greet();
    overStream.lose();
    expect(overStream.dials.at(-1)).toBe("stream");

    const overSocket = new Machine();
    overSocket.lose();
    overSocket.greet();
    overSocket.lose();
    overSocket.lose();
    expect(overSocket.dials).toEqual(["socket", "socket", "socket", "socket"]);
  });

  it("is a socket again at once when a stream finds that sockets work", () => {
    const machine = new Machine();
    for (let lost = 0; lost < 2; lost++) machine.lose();
    machine.greet();
    machine.tell({ type: "socketClosed", socket: machine.state.sockets, code: SOCKETS_WORK });
    expect(machine.dials).toEqual(["socket", "socket", "stream", "socket"]);
    expect(machine.state.connection.name).toBe("dialing");
  });
});
