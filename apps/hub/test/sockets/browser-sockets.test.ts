import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { voiceTopic } from "@guildwire/client/rooms";
import { AUTH_WITHIN_MS, HubCloseCode, MESSAGES_BURST, SUBPROTOCOL } from "@guildwire/live";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { SILENT_AFTER_MS } from "../../src/intake/source-freshness.ts";
import { PINGS_APART_MS, TICK_MS } from "../../src/sockets/browser-sockets.ts";
import { WINDOW_MS } from "../../src/sockets/topic-feed.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub, type TestBrowser } from "../hub-at-work.ts";

const TOPIC = voiceTopic(GUILD.id);

let work: HubAtWork;
let story: GuildStory;

beforeEach(async () => {
  work = await startHub();
  story = new GuildStory();
});
afterEach(async () => {
  await work.stop();
});

/** A browser that is subscribed and has its snapshot. */
async function subscribed(): Promise<TestBrowser> {
  const browser = await (await work.browser()).auth([{ topic: TOPIC }]);
  await browser.nextOf("subd");
  await browser.nextOf("snap");
  return browser;
}

const openRoom = async (room: string) => await work.deliver(story.tell({ act: "openRoom", room }));

async function refusedStatus(path: string, protocols: readonly string[]): Promise<number | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${work.port}${path}`, [...protocols]);
  socket.on("error", () => {});
  const [, response] = (await once(socket, "unexpected-response")) as [
    unknown,
    { readonly statusCode?: number },
  ];
  socket.terminate();
  return response.statusCode;
}

describe("an upgrade", () => {
  it("is taken at /ws with the sub-protocol", async () => {
    using browser = await work.browser();
    expect(browser.socket.protocol).toBe(SUBPROTOCOL);
  });

  it("without a sub-protocol is taken too", async () => {
    using browser = await work.browser("/ws?x=1", []);
    await browser.auth();
  });

  it("that offers another protocol beside ours is taken", async () => {
    const request = get({
      host: "127.0.0.1",
      port: work.port,
      path: "/ws",
      headers: {
        connection: "Upgrade",
        upgrade: "h2c, WebSocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      },
    });
    const [response, socket] = (await once(request, "upgrade")) as [IncomingMessage, Socket];
    expect(response.statusCode).toBe(101);
    socket.destroy();
  });

  it("is refused at other paths and for other protocols", async () => {
    expect(await refusedStatus("/", [SUBPROTOCOL])).toBe(404);
    expect(await refusedStatus("/ws/", [SUBPROTOCOL])).toBe(404);
    expect(await refusedStatus("/ws", ["graphql-ws"])).toBe(400);
  });
});

describe("a page that may not connect", () => {
  it("is refused, and the log names its origin and the hub's host once a minute", async () => {
    for (let i = 0; i < 3; i++) {
      const socket = new WebSocket(`ws://127.0.0.1:${work.port}/ws`, { origin: "https://club.example" });
      socket.on("error", () => {});
      const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
      expect(response.statusCode).toBe(403);
      socket.terminate();
    }
    const lines = work.log.filter((line) => line.includes("origin_refused"));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      origin: "https://club.example",
      host: `127.0.0.1:${work.port}`,
      msg: expect.stringContaining("HUB_ALLOWED_ORIGINS"),
    });
  });

  it("reads why by a plain request, whatever its origin", async () => {
    const { status, headers, body } = await work.request("/ws", {
      headers: { origin: "https://club.example" },
    });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([403, "*"]);
    expect(body).toMatchObject({
      error: { code: "origin_not_allowed", message: expect.stringContaining("HUB_ALLOWED_ORIGINS") },
    });
    expect((await work.request("/ws?origin=https://club.example")).status).toBe(403);
  });
});

describe("a handshake whose upgrade a proxy removed", () => {
  it("is answered 426, and logged once a minute", async () => {
    for (let i = 0; i < 3; i++) {
      const { status, headers, body } = await work.request("/ws", { headers: { "sec-websocket-key": "x" } });
      expect([status, headers.get("upgrade")]).toEqual([426, "websocket"]);
      expect(body).toMatchObject({ error: { code: "upgrade_required" } });
    }
    expect(work.log.filter((line) => line.includes("upgrade_lost"))).toHaveLength(1);
  });
});

describe("a subscription", () => {
  it("to a guild whose worker has not arrived is empty, and fills by itself", async () => {
    using browser = await (await work.browser()).auth([{ topic: TOPIC }]);
    expect(await browser.nextOf("subd")).toMatchObject({ how: "snapshot", e: "life1", o: 0 });
    expect(await browser.nextOf("snap")).toMatchObject({ page: 1, last: true, dg: 0, s: [] });
    await work.deliver([story.snapshot()]);
    expect(await browser.nextOf("d")).toMatchObject({ f: 0, o: 1, ops: [["s", "m", expect.anything()]] });
  });

  it("goes on from a position with one squashed delta", async () => {
    await work.deliver([story.snapshot()]);
    await openRoom("1");
    const { position } = await work.hub.readVoiceSnapshot();
    await openRoom("2");
    await work.deliver(story.tell({ act: "renameRoom", room: "2" }));
    using browser = await (await work.browser()).auth([
      { topic: TOPIC, e: position?.epoch, o: position?.offset },
    ]);
    expect(await browser.nextOf("subd")).toMatchObject({ how: "resumed", o: 4 });
    expect(await browser.nextOf("d")).toMatchObject({ f: 2, o: 4, ops: [["s", "r:2", expect.anything()]] });
  });

  it("from another life of the hub is a snapshot", async () => {
    await work.deliver([story.snapshot()]);
    using browser = await (await work.browser()).auth([{ topic: TOPIC, e: "life0", o: 99 }]);
    expect(await browser.nextOf("subd")).toMatchObject({ how: "snapshot", e: "life1", o: 1 });
  });

  it("ends with unsub", async () => {
    await work.deliver([story.snapshot()]);
    using browser = await subscribed();
    browser.say({ t: "unsub", id: 2, topic: TOPIC });
    browser.say({ t: "sub", id: 3, topic: "no such topic" });
    await browser.nextOf("err");
    await openRoom("1");
    browser.say({ t: "sub", id: 4, topic: TOPIC });
    expect(await browser.nextOf("subd")).toMatchObject({ id: 4, o: 2 });
  });
});

describe("changes", () => {
  it("after a quiet time leave at once; those that follow closely leave together", async () => {
    await work.deliver([story.snapshot()]);
    using browser = await subscribed();
    work.clock.advance(WINDOW_MS);
    await openRoom("1");
    expect(await browser.nextOf("d")).toMatchObject({ f: 1, o: 2 });
    await openRoom("2");
    await openRoom("3");
    work.clock.advance(WINDOW_MS);
    expect(await browser.nextOf("d")).toMatchObject({
      f: 2,
      o: 4,
      ops: [
        ["s", "r:2", expect.anything(), 3],
        ["s", "r:3", expect.anything()],
      ],
    });
    expect(await work.metric("guildwire_hub_deltas_squashed_total")).toBe(1);
  });

  it("are encoded once for all", async () => {
    await work.deliver([story.snapshot()]);
    using one = await subscribed();
    using other = await subscribed();
    work.clock.advance(WINDOW_MS);
    await openRoom("1");
    expect(await one.nextOf("d")).toEqual(await other.nextOf("d"));
    const { body } = await work.request("/api/metrics");
    expect(body).toContain('guildwire_hub_frames_built_total{kind="d"} 1');
    expect(body).toContain('guildwire_hub_frames_built_total{kind="snap"} 1');
    expect(body).toContain("guildwire_hub_frames_sent_total 2");
  });

  it("too many for a frame come as a snapshot", async () => {
    await work.deliver([story.snapshot()]);
    using browser = await subscribed();
    const rooms = Array.from({ length: 600 }, (_, index) =>
      story.tell({ act: "openRoom", room: String(index + 1) }),
    );
    const events = rooms.flat();
    await work.deliver(events.slice(0, 250));
    await browser.nextOf("d");
    await work.deliver(events.slice(250, 500));
    await work.deliver([...events.slice(500), ...story.tell({ act: "status", status: "resync" })]);
    const renamed = Array.from({ length: 251 }, (_, index) =>
      story.tell({ act: "renameRoom", room: String(index + 1) }),
    );
    await work.deliver(renamed.flat());
    work.clock.advance(WINDOW_MS);
    const first = await browser.nextOf("snap");
    const last = await browser.nextOf("snap");
    expect([first.page, first.last, last.page, last.last]).toEqual([1, false, 2, true]);
    expect(first.s.length + last.s.length).toBe(601);
  });

  it("of a source gone silent are told as its status, and end with the next delivery", async () => {
    await work.deliver([story.snapshot()]);
    using browser = await subscribed();
    work.clock.advance(SILENT_AFTER_MS);
    const frames = [await browser.next(), await browser.next()];
    const stale = frames.find(({ t }) => t === "d");
    expect(stale).toMatchObject({ ops: [["s", "m", { source: { status: "stale" } }]] });
    work.clock.advance(WINDOW_MS);
    await openRoom("1");
    const { ops } = await browser.nextOf("d");
    expect(ops).toContainEqual([
      "s",
      "m",
      expect.objectContaining({ source: expect.objectContaining({ status: "live" }) }),
    ]);
  });
});

describe("every tick", () => {
  it("sends the topic's offset and digest, those of the snapshot it was read with", async () => {
    await work.deliver([story.snapshot()]);
    using browser = await (await work.browser()).auth([{ topic: TOPIC }]);
    await browser.nextOf("subd");
    const { dg, o } = await browser.nextOf("snap");
    work.clock.advance(TICK_MS - 1);
    await work.deliver([story.snapshot()]);
    work.clock.advance(1);
    expect(await browser.nextOf("tick")).toEqual({ t: "tick", topic: TOPIC, o, dg });
  });

  it("pings a browser without topics", async () => {
    using browser = await (await work.browser()).auth();
    work.clock.advance(TICK_MS);
    expect(await browser.next()).toEqual({ t: "ping" });
  });

  it("pings a crowd a hundred at a time", async () => {
    await using busy = await startHub({ HUB_CONNECTIONS_PER_ADDRESS_MAX: "200" });
    using crowd = new DisposableStack();
    const pinged: number[] = [];
    const pings: Promise<unknown>[] = [];
    for (let index = 0; index < 101; index += 1) {
      const browser = crowd.use(await busy.browser());
      await browser.auth();
      pings.push(once(browser.socket, "ping").then(() => pinged.push(index)));
    }
    busy.clock.advance(TICK_MS);
    busy.clock.advance(PINGS_APART_MS);
    await Promise.all(pings.slice(0, 100));
    expect(pinged).toHaveLength(100);
    busy.clock.advance(PINGS_APART_MS);
    await Promise.all(pings);
  });

  it("ends a socket that answered nothing since the last one", async () => {
    using silent = await (await work.browser()).auth();
    silent.socket.pause();
    work.clock.advance(TICK_MS);
    work.clock.advance(TICK_MS);
    silent.socket.resume();
    expect((await silent.closed).code).toBe(1006);
  });

  it("keeps a socket whose other end answers", async () => {
    using browser = await (await work.browser()).auth();
    for (let tick = 0; tick < 3; tick++) {
      const pinged = once(browser.socket, "ping");
      work.clock.advance(TICK_MS);
      await pinged;
      expect(await browser.next()).toEqual({ t: "ping" });
      browser.say({ t: "sub", id: tick, topic: "unknown" });
      await browser.nextOf("err");
    }
  });
});

describe("a browser is cut off", () => {
  it("when it does not say auth in time", async () => {
    using browser = await work.browser();
    work.clock.advance(AUTH_WITHIN_MS);
    expect((await browser.closed).code).toBe(HubCloseCode.AuthTimeout);
  });

  it("when it sends a frame that is too large", async () => {
    using browser = await (await work.browser()).auth();
    browser.say("x".repeat(8_193));
    expect((await browser.closed).code).toBe(1009);
  });

  it("when it sends too much", async () => {
    using browser = await (await work.browser()).auth();
    for (let sent = 0; sent < MESSAGES_BURST; sent++) browser.say({ t: "pong" });
    expect(await browser.nextOf("bye")).toMatchObject({ code: HubCloseCode.RateLimited });
    expect((await browser.closed).code).toBe(HubCloseCode.RateLimited);
  });

  it("when its frames are bytes", async () => {
    using browser = await (await work.browser()).auth();
    browser.socket.send(Buffer.from("{}"), { binary: true });
    expect((await browser.closed).code).toBe(HubCloseCode.MalformedFrame);
  });
});

describe("the end of the hub", () => {
  it("is told to all with a spread, and lets no one in any more", async () => {
    using browser = await (await work.browser()).auth();
    const stopping = work.stop();
    expect(await browser.nextOf("bye")).toMatchObject({
      code: HubCloseCode.Draining,
      after: 500,
      spread: 8_000,
    });
    expect((await browser.closed).code).toBe(HubCloseCode.Draining);
    expect(await stopping).toBe(true);
    await expect(work.browser()).rejects.toThrow("ECONNREFUSED");
  });

  it("lets go of topics and browsers that went by themselves", async () => {
    const browser = await subscribed();
    browser.socket.close();
    await browser.closed;
    using _after = await (await work.browser()).auth();
    expect((await work.status()).body).toMatchObject({
      sockets: { open: 1, topicsFollowed: 0, subscriptions: 0 },
    });
  });
});
