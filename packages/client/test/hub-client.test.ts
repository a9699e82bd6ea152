import type { ClientMessage } from "@guildwire/live";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHubClient, type HubClient } from "../src/hub-client.ts";
import type { PageSignal } from "../src/page-signals.ts";
import { CLOSE, MemoryHub, type MemorySocket, snapshot } from "./memory-hub.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";

const topic = "voice/1/public";

let clock: VirtualClock;
let hub: MemoryHub;
let client: HubClient;
let signal: (signal: PageSignal) => void;
let roll: number;

beforeEach(() => {
  clock = new VirtualClock();
  hub = new MemoryHub();
  roll = 0.5;
  client = createHubClient({
    url: "ws://hub.example/ws",
    WebSocket: hub.WebSocket,
    clock,
    random: () => roll,
    signals: {
      listen(listener) {
        signal = listener;
        return () => undefined;
      },
    },
  });
});

afterEach(() => {
  client[Symbol.dispose]();
  expect(clock.pending).toBe(0);
  expect(hub.open).toEqual([]);
});

async function live(name = topic): Promise<{ readonly leave: () => void; readonly news: () => number }> {
  let news = 0;
  const leave = client.topic(name).subscribe(() => {
    news++;
  });
  await settled();
  return { leave, news: () => news };
}

const status = (): string => client.status.getSnapshot().name;
const sent = (socket: MemorySocket, kind: ClientMessage["t"]): readonly ClientMessage[] =>
  socket.received.filter(({ t }) => t === kind);

describe("a lost connection", () => {
  it("is dialed again within a second and resumed in the first frame, showing what it has meanwhile", async () => {
    await live();
    await clock.advance(11_000);
    hub.last.drop();
    expect(client.status.getSnapshot()).toMatchObject({ name: "reconnecting", since: clock.now() });
    expect(client.topic(topic).getSnapshot()).toMatchObject({ sync: { name: "behind" } });
    expect(client.topic(topic).getSnapshot().entries.size).toBe(1);
    await clock.advance(500);
    expect(hub.sockets).toHaveLength(2);
    expect(hub.last.received).toMatchObject([{ t: "auth", subs: [{ topic, e: "e1", o: 1 }] }]);
    expect(status()).toBe("live");
  });

  it("is dialed again ever more slowly, up to twenty seconds", async () => {
    hub.onSocket = (socket) => socket.drop();
    roll = 0.999_999;
    const opened: number[] = [];
    await live();
    for (let count = hub.sockets.length; opened.length < 8; count = hub.sockets.length) {
      const before = clock.now();
      while (hub.sockets.length === count) await clock.advance(100);
      opened.push(Math.round((clock.now() - before) / 100) * 100);
    }
    expect(opened).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000]);
    expect(client.status.getSnapshot()).toMatchObject({ name: "connecting" });
  });

  it("keeps its back-off when connections open but do not stay, and forgets it after ten healthy seconds", async () => {
    await live();
    for (const wait of [500, 1_000, 2_000]) {
      hub.last.drop();
      expect(client.status.getSnapshot()).toMatchObject({ retryAt: clock.now() + wait });
      await clock.advance(wait);
      expect(status()).toBe("live");
    }
    await clock.advance(10_000);
    hub.last.drop();
    expect(client.status.getSnapshot()).toMatchObject({ retryAt: clock.now() + 500 });
  });

  it("is noticed by silence longer than tick and grace; any frame counts", async () => {
    await live();
    await clock.advance(34_000);
    hub.last.say({ t: "ping" });
    expect(sent(hub.last, "pong")).toHaveLength(1);
    await clock.advance(34_999);
    expect(status()).toBe("live");
    await clock.advance(1);
    expect(status()).toBe("reconnecting");
    expect(hub.open).toHaveLength(0);
  });

  it("is also one that never says hi", async () => {
    hub.onSocket = () => undefined;
    await live();
    await clock.advance(10_000);
    expect(hub.open).toHaveLength(0);
    expect(client.status.getSnapshot()).toMatchObject({ name: "connecting", failures: 1 });
  });

  it("is one that says something other than hub/1", async () => {
    await live();
    hub.last.say_("hello?");
    expect(status()).toBe("reconnecting");
  });

  it("is resumed at once when the page becomes visible or the network returns", async () => {
    await live();
    hub.last.drop();
    signal("becameVisible");
    expect(hub.sockets).toHaveLength(2);
    await settled();
    hub.last.drop();
    signal("wentOnline");
    expect(hub.sockets).toHaveLength(3);
    await settled();
    expect(status()).toBe("live");
  });

  it("that a hidden page slept through is dialed anew as soon as the page is looked at", async () => {
    const late = new VirtualClock();
    const { after } = late;
    late.after = (ms, run) => (ms === 35_000 ? () => undefined : after.call(late, ms, run));
    using sleepy = createHubClient({
      url: "ws://h/ws",
      WebSocket: hub.WebSocket,
      clock: late,
      signals: {
        listen(listener) {
          signal = listener;
          return () => undefined;
        },
      },
    });
    sleepy.topic(topic).subscribe(() => undefined);
    await late.advance(60_000);
    expect(hub.sockets).toHaveLength(1);
    signal("becameVisible");
    expect(hub.sockets).toHaveLength(2);
  });

  it("is not brought about by what the browser said while nobody listened to it", async () => {
    using page = createHubClient({
      url: "ws://h/ws",
      WebSocket: hub.WebSocket,
      clock,
      disconnectHiddenAfterMs: 60_000,
      signals: {
        listen(listener) {
          signal = listener;
          return () => {
            signal = () => undefined;
          };
        },
      },
    });
    const leave = page.topic(topic).subscribe(() => undefined);
    await settled();
    signal("becameHidden");
    signal("wentOffline");
    leave();
    await clock.advance(2_000);
    expect(page.status.getSnapshot().name).toBe("idle");
    signal("becameVisible");
    signal("wentOnline");
    page.topic(topic).subscribe(() => undefined);
    expect(page.status.getSnapshot().name).not.toBe("offline");
    for (let heard = 0; heard < 7; heard += 1) {
      await clock.advance(10_000);
      hub.last.say({ t: "ping" });
    }
    expect(page.status.getSnapshot().name).toBe("live");
  });

  it("drops what the old socket still says", async () => {
    await live();
    const old = hub.last;
    const { onmessage } = old;
    old.drop();
    await clock.advance(500);
    (onmessage as ((event: unknown) => void) | null)?.({ data: JSON.stringify(snapshot(topic, 99, [])) });
    expect(client.topic(topic).getSnapshot().position).toEqual({ epoch: "e1", offset: 1 });
  });
});

describe("a browser without a network", () => {
  it("says offline while nothing is heard, and live again as soon as something is", async () => {
    await live();
    signal("wentOffline");
    expect(status()).toBe("offline");
    hub.last.say({ t: "ping" });
    expect(status()).toBe("live");
  });

  it("replaces a socket that was silent since the network went", async () => {
    await live();
    signal("wentOffline");
    await clock.advance(5_000);
    signal("wentOnline");
    await settled();
    expect(hub.sockets).toHaveLength(2);
    expect(status()).toBe("live");
  });

  it("goes on trying, since the hub may be on this machine", async () => {
    await live();
    signal("wentOffline");
    hub.last.drop();
    expect(status()).toBe("offline");
    await clock.advance(500);
    expect(status()).toBe("live");
  });
});

describe("bye", () => {
  it("is honoured with the wait the hub asks for, which a visible page does not cut short", async () => {
    await live();
    hub.last.say({ t: "bye", code: CLOSE.Draining, after: 500, spread: 8_000 });
    expect(hub.open).toHaveLength(0);
    expect(client.status.getSnapshot()).toMatchObject({ name: "reconnecting", retryAt: clock.now() + 4_500 });
    signal("becameVisible");
    signal("wentOnline");
    await clock.advance(4_499);
    expect(hub.sockets).toHaveLength(1);
    await clock.advance(1);
    expect(hub.sockets).toHaveLength(2);
    expect(hub.last.received).toMatchObject([{ subs: [{ topic, e: "e1", o: 1 }] }]);
  });

  it("that asks for no wait is no way around the back-off", async () => {
    await live();
    await clock.advance(10_000);
    const waits: number[] = [];
    for (let round = 0; round < 5; round++) {
      hub.last.say({ t: "bye", code: CLOSE.Draining, after: 0, spread: 0 });
      const saidAtMs = clock.now();
      for (let open = hub.sockets.length; hub.sockets.length === open; ) await clock.advance(10);
      waits.push(clock.now() - saidAtMs);
      await settled();
    }
    expect(waits).toEqual([10, 500, 1_000, 2_000, 4_000]);
  });
});

describe("a close code", () => {
  it.each([
    CLOSE.MalformedFrame,
    CLOSE.Forbidden,
    CLOSE.TooManyConnections,
    CLOSE.FrameTooLarge,
    CLOSE.VersionNotSpoken,
    1009,
  ])("%i stops the client until the page asks again", async (code) => {
    await live();
    hub.last.drop(code);
    expect(client.status.getSnapshot()).toMatchObject({ name: "stopped", code });
    await clock.advance(120_000);
    signal("becameVisible");
    signal("wentOnline");
    expect(hub.sockets).toHaveLength(1);
    client.retry();
    await settled();
    expect(status()).toBe("live");
  });

  it.each([
    CLOSE.TooSlow,
    CLOSE.Dead,
    CLOSE.AuthorizationExpired,
    CLOSE.InternalError,
    CLOSE.AuthTimeout,
    1001,
    1006,
    1011,
  ])("%i comes back to the position it had", async (code) => {
    await live();
    hub.last.drop(code);
    await clock.advance(500);
    expect(hub.last.received).toMatchObject([{ t: "auth", subs: [{ topic, e: "e1", o: 1 }] }]);
    expect(status()).toBe("live");
  });

  it("4103 drops every position, and shows what is held until the snapshot comes", async () => {
    await live();
    await live("voice/2/public");
    hub.last.drop(CLOSE.StateInvalidated);
    expect(client.topic(topic).getSnapshot().entries.size).toBe(1);
    await clock.advance(500);
    expect(hub.last.received).toMatchObject([{ t: "auth", subs: [{ topic }, { topic: "voice/2/public" }] }]);
    const [auth] = hub.last.received;
    expect(JSON.stringify(auth)).not.toContain('"o":');
    expect(status()).toBe("live");
  });

  it("4401 is given one attempt with a new ticket, then stops", async () => {
    await live();
    hub.onSocket = (socket) => {
      socket.answer = (own) => own.drop(CLOSE.TicketInvalid);
      socket.greet();
    };
    hub.last.drop();
    await clock.advance(30_000);
    expect(hub.sockets).toHaveLength(3);
    expect(status()).toBe("stopped");
  });
});

describe("a ticket", () => {
  it("is fetched for each connection and sent in the first frame", async () => {
    let tickets = 0;
    using own = createHubClient({
      url: "ws://h/ws",
      topics: [topic],
      WebSocket: hub.WebSocket,
      clock,
      random: () => 0.5,
      signals: { listen: () => () => undefined },
      ticket: async () => `t${++tickets}`,
    });
    await settled();
    expect(hub.last.received).toMatchObject([{ t: "auth", ticket: "t1" }]);
    hub.last.drop();
    await clock.advance(500);
    expect(hub.last.received).toMatchObject([{ t: "auth", ticket: "t2" }]);
    expect(own.status.getSnapshot().name).toBe("live");
  });

  it("that cannot be had is a failed attempt", async () => {
    using own = createHubClient({
      url: "ws://h/ws",
      topics: [topic],
      WebSocket: hub.WebSocket,
      clock,
      signals: { listen: () => () => undefined },
      ticket: () => Promise.reject(new Error("no session")),
    });
    await settled();
    expect(own.status.getSnapshot()).toMatchObject({ name: "connecting", failures: 1 });
  });
});
