import { describe, expect, it } from "vitest";
import { createHubClient, type HubClient } from "../src/index.ts";
import { CLOSE, hi, MemoryHub } from "./memory-hub.ts";
import { VirtualClock } from "./virtual-clock.ts";

const NOW_MS = 1_000_000;
const AUTHORIZED_MS = 3_600_000;

/** A hub whose `hi` says when the authorization ends, and gives a token to come back with. */
class TicketDesk {
  readonly hub = new MemoryHub();
  readonly clock = new VirtualClock();
  readonly client: HubClient;
  fetched = 0;
  isServerDown = false;

  constructor() {
    this.hub.onSocket = (socket) => {
      socket.answer = (_, message) => {
        if (message.t !== "auth") return;
        const exp = (NOW_MS + AUTHORIZED_MS) / 1_000;
        socket.say({ ...hi(message.id, NOW_MS), exp, resume: `token ${this.hub.sockets.length}` } as never);
      };
      socket.greet();
    };
    this.client = createHubClient({
      url: "ws://hub/ws",
      topics: ["t"],
      WebSocket: this.hub.WebSocket,
      clock: this.clock,
      random: () => 0.5,
      signals: { listen: () => () => undefined },
      ticket: async () => {
        if (this.isServerDown) throw new Error("the page's server is down");
        return `ticket ${++this.fetched}`;
      },
    });
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.settle();
  }

  /** What each connection and each refresh was begun with. */
  get shown(): readonly (string | undefined)[] {
    return this.hub.sockets.flatMap(({ received }) =>
      received.flatMap((message) => (message.t === "auth" ? [message.ticket] : [])),
    );
  }
}

describe("a page with tickets", () => {
  it("fetches one for its first connection, and comes back with what the hub gave", async () => {
    const desk = new TicketDesk();
    await desk.settle();
    desk.hub.last.drop();
    await desk.pass(1_000);
    expect(desk.shown).toEqual(["ticket 1", "token 1"]);
  });

  it("comes back also while its own server is down", async () => {
    const desk = new TicketDesk();
    await desk.settle();
    desk.isServerDown = true;
    desk.hub.last.drop(CLOSE.Draining);
    await desk.pass(1_000);
    expect(desk.shown.at(-1)).toBe("token 1");
    expect(desk.client.status.getSnapshot().name).not.toBe("reconnecting");
  });

  it("fetches a fresh one when what the hub gave is not taken any more, and does not count that as a refusal", async () => {
    const desk = new TicketDesk();
    await desk.settle();
    for (const expected of ["token 1", "ticket 2"]) {
      desk.hub.last.drop(desk.shown.length === 1 ? 1006 : CLOSE.TicketInvalid);
      desk.hub.onSocket = (socket) => socket.greet();
      await desk.pass(5_000);
      expect(desk.shown.at(-1)).toBe(expected);
    }
    expect(desk.client.status.getSnapshot().name).not.toBe("stopped");
  });

  it("stops when its own ticket is refused twice", async () => {
    const desk = new TicketDesk();
    desk.hub.onSocket = (socket) => {
      socket.answer = () => undefined;
      socket.greet();
    };
    await desk.settle();
    for (const _ of [1, 2]) {
      desk.hub.last.drop(CLOSE.TicketInvalid);
      await desk.pass(5_000);
    }
    expect(desk.shown).toEqual(["ticket 1", "ticket 2"]);
    expect(desk.client.status.getSnapshot()).toMatchObject({ name: "stopped", code: CLOSE.TicketInvalid });
  });

  it.each([
    ["the authorization ended", CLOSE.AuthorizationExpired],
    ["everything was declared void", CLOSE.StateInvalidated],
  ])("fetches a fresh one when %s", async (_, code) => {
    const desk = new TicketDesk();
    await desk.settle();
    desk.hub.last.drop(code);
    await desk.pass(5_000);
    expect(desk.shown).toEqual(["ticket 1", "ticket 2"]);
  });

  it("hands a new one over before the authorization ends, on the same connection", async () => {
    const desk = new TicketDesk();
    await desk.settle();
    // Ticks keep the connection alive meanwhile.
    for (let passed = 0; passed < AUTHORIZED_MS * 0.8; passed += 20_000) {
      await desk.pass(20_000);
      desk.hub.last.say({ t: "ping" });
    }
    await desk.settle();
    expect(desk.shown).toEqual(["ticket 1", "ticket 2"]);
    expect(desk.hub.sockets).toHaveLength(1);
  });

  it("tries again when no new one can be had", async () => {
    const desk = new TicketDesk();
    await desk.settle();
    desk.isServerDown = true;
    for (let passed = 0; passed < AUTHORIZED_MS * 0.8; passed += 20_000) {
      await desk.pass(20_000);
      desk.hub.last.say({ t: "ping" });
    }
    await desk.settle();
    desk.isServerDown = false;
    await desk.pass(10_000);
    expect(desk.shown).toEqual(["ticket 1", "ticket 2"]);
  });

  it("tries again when the hub cannot take the new one just now", async () => {
    const desk = new TicketDesk();
    await desk.settle();
    const [socket] = desk.hub.sockets;
    if (socket === undefined) throw new Error("no socket");
    let refusals = 0;
    socket.answer = (_, message) => {
      if (message.t !== "auth") return;
      refusals += 1;
      socket.say({ t: "err", id: message.id, code: "unavailable", msg: "busy", retry: true });
    };
    // A hub is heard all the while.
    for (let passedMs = 0; passedMs < AUTHORIZED_MS * 0.8 + 20_000; passedMs += 10_000) {
      await desk.pass(10_000);
      socket.say({ t: "ping" });
    }
    expect(refusals).toBeGreaterThan(1);
    expect(desk.hub.sockets).toHaveLength(1);
  });

  it("takes a function that throws for one that has no ticket", async () => {
    const hub = new MemoryHub();
    const clock = new VirtualClock();
    let calls = 0;
    const client = createHubClient({
      url: "ws://hub/ws",
      topics: ["t"],
      WebSocket: hub.WebSocket,
      clock,
      random: () => 0.5,
      signals: { listen: () => () => undefined },
      ticket: () => {
        calls += 1;
        throw new Error("no session");
      },
    });
    await clock.advance(60_000);
    expect(calls).toBeGreaterThan(2);
    expect(client.status.getSnapshot().name).not.toBe("idle");
    client[Symbol.dispose]();
  });
});
