import type { ClientMessage } from "@guildwire/live";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHubClient, type HubClient } from "../src/hub-client.ts";
import { BURST, PACE_MS } from "../src/paced-sends.ts";
import { hi, MemoryHub, type MemorySocket, snapshot } from "./memory-hub.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";

const topic = "voice/1/public";

let clock: VirtualClock;
let hub: MemoryHub;
let client: HubClient;

beforeEach(() => {
  clock = new VirtualClock();
  hub = new MemoryHub();
  client = createHubClient({
    url: "ws://hub.example/ws",
    WebSocket: hub.WebSocket,
    clock,
    random: () => 0.5,
    signals: { listen: () => () => undefined },
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

describe("a topic", () => {
  it("opens the one socket when the first listener comes, with auth and the subscription in the first frame", async () => {
    expect(hub.sockets).toHaveLength(0);
    expect(status()).toBe("idle");
    await live();
    expect(hub.sockets).toHaveLength(1);
    expect(hub.last.protocol).toBe("hub.v1");
    expect(hub.last.received).toMatchObject([{ t: "auth", v: 1, subs: [{ topic }] }]);
    expect(status()).toBe("live");
    expect(client.topic(topic).getSnapshot()).toMatchObject({
      sync: { name: "following" },
      position: { epoch: "e1", offset: 1 },
    });
  });

  it("is shared by all who listen, and a second topic by the same socket", async () => {
    await live();
    await live();
    await live("voice/2/public");
    expect(hub.sockets).toHaveLength(1);
    expect(hub.last.received.map(({ t }) => t)).toEqual(["auth", "sub"]);
  });

  it("lingers after its last listener, then is unsubscribed; the socket closes with the last topic", async () => {
    const first = await live();
    const second = await live("voice/2/public");
    first.leave();
    await clock.advance(999);
    expect(sent(hub.last, "unsub")).toHaveLength(0);
    await clock.advance(1);
    expect(sent(hub.last, "unsub")).toMatchObject([{ topic }]);
    second.leave();
    await clock.advance(1_000);
    expect(hub.open).toHaveLength(0);
    expect(status()).toBe("idle");
    expect(clock.pending).toBe(0);
  });

  it("that is left and wanted again within a moment is never unsubscribed", async () => {
    const { leave } = await live();
    leave();
    leave();
    await live();
    await clock.advance(5_000);
    expect(hub.last.received.map(({ t }) => t)).toEqual(["auth"]);
  });

  it("notifies once per frame, however many messages the frame holds", async () => {
    const { news } = await live();
    const before = news();
    hub.last.say(
      {
        t: "d",
        topic,
        f: 1,
        o: 2,
        at: 1_000_000,
        ops: [
          ["s", "u:1", {}],
          ["s", "u:2", {}],
        ],
      },
      { t: "d", topic, f: 2, o: 3, at: 1_000_000, ops: [["d", "u:1"]] },
    );
    expect(news()).toBe(before + 1);
    hub.last.say({ t: "d", topic, f: 2, o: 3, at: 1_000_000, ops: [["d", "u:1"]] });
    expect(news()).toBe(before + 1);
  });

  it("says how long a live change took, by the hub's clock", async () => {
    hub.onSocket = (socket) => {
      const plain = socket.answer;
      socket.answer = (own, message) => {
        // This hub's clock is a minute ahead.
        if (message.t === "auth") own.say(hi(message.id, clock.now() + 60_000));
        else plain(own, message);
      };
      socket.greet();
    };
    await live();
    hub.last.say({ t: "subd", id: 1, topic, e: "e1", o: 1, how: "snapshot" }, snapshot(topic, 1, []));
    expect(client.now()).toBe(clock.now() + 60_000);
    expect(client.topic(topic).getSnapshot().latencyMs).toBeNull();
    hub.last.say({ t: "d", topic, f: 1, o: 2, at: clock.now() + 60_000 - 140, ops: [] });
    expect(client.topic(topic).getSnapshot().latencyMs).toBe(140);
  });

  it("handed over with the page is shown at once and followed from its position", async () => {
    const handoff = { epoch: "e9", offset: 7, entries: [["m", { guild: { id: "1" } }, 7]] } as const;
    const store = client.topic(topic, handoff);
    expect([...store.getSnapshot().entries.keys()]).toEqual(["m"]);
    expect(store.getInitialSnapshot()).toBe(store.getSnapshot());
    const before = store.getSnapshot().entries;
    await live();
    expect(hub.last.received).toMatchObject([{ t: "auth", subs: [{ topic, e: "e9", o: 7 }] }]);
    expect(status()).toBe("live");
    expect(client.topic(topic, handoff).getSnapshot().entries).toBe(before);
  });

  it("the hub refuses for good is reported, and the connection lives on", async () => {
    hub.onSocket = (socket) => {
      socket.answer = (own, message) => {
        if (message.t !== "auth") return;
        own.say(hi(message.id), {
          t: "err",
          id: message.id,
          code: "forbidden",
          msg: "no such guild",
          retry: false,
        });
      };
      socket.greet();
    };
    await live();
    expect(client.topic(topic).getSnapshot().sync).toEqual({
      name: "refused",
      code: "forbidden",
      message: "no such guild",
    });
    expect(hub.open).toHaveLength(1);
  });

  it("the hub does not know yet is asked for again, ever more slowly, until it does", async () => {
    hub.onSocket = (socket) => {
      const plain = socket.answer;
      socket.answer = (own, message) => {
        if (message.t === "auth") own.say(hi(message.id));
        if (message.t === "sub" && sent(own, "sub").length === 3) plain(own, message);
        else if (message.t === "auth" || message.t === "sub") {
          own.say({ t: "err", id: message.id, code: "unknown_topic", msg: "no such guild", retry: false });
        }
      };
      socket.greet();
    };
    await live();
    expect(client.topic(topic).getSnapshot().sync.name).toBe("refused");
    for (const [index, wait] of [500, 1_000, 2_000].entries()) {
      await clock.advance(wait - 1);
      expect(sent(hub.last, "sub")).toHaveLength(index);
      await clock.advance(1);
      expect(sent(hub.last, "sub")).toHaveLength(index + 1);
    }
    expect(client.topic(topic).getSnapshot().sync.name).toBe("following");
  });

  it("the hub cannot give just now is asked for again after a while", async () => {
    await live();
    hub.last.say({ t: "unsubd", topic, code: 2102, msg: "the topic could not be read" });
    expect(sent(hub.last, "sub")).toHaveLength(0);
    expect(status()).toBe("catchingUp");
    await clock.advance(1_000);
    expect(sent(hub.last, "sub")).toEqual([{ t: "sub", id: 2, topic }]);
    expect(status()).toBe("live");
  });

  it("the hub takes away for good is not asked for again, and nothing of it is shown", async () => {
    await live();
    hub.last.say({ t: "d", topic, f: 1, o: 2, at: 0, ops: [["s", "r:1", { n: "Secret" }]] } as never);
    hub.last.say({ t: "unsubd", topic, code: 2201, msg: "gone" });
    expect(client.topic(topic).getSnapshot().entries.size).toBe(0);
    await clock.advance(60_000 - 30_000);
    expect(sent(hub.last, "sub")).toHaveLength(0);
    expect(client.topic(topic).getSnapshot().sync.name).toBe("refused");
  });

  it("that is left and wanted again much later goes on from what was shown last", async () => {
    const handoff = { epoch: "e1", offset: 1, entries: [["u:old", {}, 1]] } as never;
    const store = client.topic(topic, handoff);
    const leave = store.subscribe(() => undefined);
    await settled();
    hub.last.say({
      t: "d",
      topic,
      f: 1,
      o: 9,
      at: 0,
      ops: [
        ["d", "u:old"],
        ["s", "u:new", {}],
      ],
    } as never);
    leave();
    await clock.advance(5_000);
    client.topic(topic, { epoch: "e1", offset: 1, entries: [["u:old", {}, 1]] } as never);
    store.subscribe(() => undefined);
    expect([...store.getSnapshot().entries.keys()]).toEqual(["u:new"]);
    await settled();
    expect(hub.last.received[0]).toMatchObject({ t: "auth", subs: [{ topic, e: "e1", o: 9 }] });
  });

  it("is one of many: the first frame takes what a hub takes, and the others follow at a pace", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `voice/${index}/public`);
    for (const name of names) client.topic(name).subscribe(() => undefined);
    await settled();
    expect(hub.last.received[0]).toMatchObject({ t: "auth" });
    expect((hub.last.received[0] as { subs: readonly unknown[] }).subs).toHaveLength(32);
    expect(sent(hub.last, "sub")).toHaveLength(9);
    await clock.advance(9 * PACE_MS);
    expect(sent(hub.last, "sub")).toHaveLength(18);
    expect(names.map((name) => client.topic(name).getSnapshot().sync.name)).toEqual(
      Array(50).fill("following"),
    );
  });

  it("is one of many that a page mounts when it is connected, and never more than the hub takes", async () => {
    await live("voice/first/public");
    const sentAtMs: number[] = [];
    const { send } = hub.last;
    hub.last.send = (text) => {
      sentAtMs.push(clock.now());
      send.call(hub.last, text);
    };
    for (let index = 0; index < 31; index++) await live(`voice/${index}/public`);
    await clock.advance(31 * PACE_MS);
    expect(sent(hub.last, "sub").map((message) => "topic" in message && message.topic)).toEqual(
      Array.from({ length: 31 }, (_, index) => `voice/${index}/public`),
    );
    expect(sentAtMs.map((atMs) => atMs - (sentAtMs[0] ?? 0))).toEqual(
      Array.from({ length: 31 }, (_, index) => Math.max(0, index + 2 - BURST) * PACE_MS),
    );
  });

  it("that still waits to be asked for when the connection goes is asked for by the next one", async () => {
    await live("voice/first/public");
    for (let index = 0; index < 20; index++) await live(`voice/${index}/public`);
    const lost = hub.last;
    lost.drop();
    await clock.advance(30_000);
    expect(sent(lost, "sub")).toHaveLength(BURST - 1);
    expect((hub.last.received[0] as { subs: readonly unknown[] }).subs).toHaveLength(21);
    expect(hub.last.received).toHaveLength(1);
  });

  it("is followed on when the listener of another one throws", async () => {
    const reported: unknown[] = [];
    vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
    const leave = client.topic("voice/2/public").subscribe(() => {
      throw new Error("a fault of the page");
    });
    const { news } = await live();
    expect(reported.length).toBeGreaterThan(0);
    expect(news()).toBeGreaterThan(0);
    expect(status()).toBe("live");
    expect(client.topic(topic).getSnapshot().sync.name).toBe("following");
    leave();
    vi.unstubAllGlobals();
  });

  it("that has a gap is asked for again from its position", async () => {
    await live();
    hub.last.say({ t: "d", topic, f: 5, o: 6, at: 0, ops: [] });
    expect(sent(hub.last, "resync")).toMatchObject([{ topic, e: "e1", o: 1, why: "gap" }]);
  });

  it("of which the hub has let go at a resync is subscribed again", async () => {
    await live();
    hub.last.say({ t: "d", topic, f: 5, o: 6, at: 0, ops: [] });
    hub.last.say({ t: "err", id: 2, code: "unavailable", msg: "later", retry: true });
    await clock.advance(1_000);
    expect(sent(hub.last, "sub")).toMatchObject([{ topic, e: "e1", o: 1 }]);
    expect(status()).toBe("live");
  });

  it("that cannot be brought into step is reported as stuck, and tried again after a pause", async () => {
    await live();
    for (let round = 0; round < 6; round++) hub.last.say({ ...snapshot(topic, 9, [], "e2"), dg: 7 } as never);
    expect(sent(hub.last, "resync")).toHaveLength(5);
    expect(status()).toBe("stuck");
    await clock.advance(15_000);
    expect(sent(hub.last, "resync")).toHaveLength(6);
    hub.last.say(snapshot(topic, 9, [], "e2"));
    expect(status()).toBe("live");
  });
});
