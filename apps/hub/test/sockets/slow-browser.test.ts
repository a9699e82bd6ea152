import { voiceTopic } from "@guildwire/client/rooms";
import { HubCloseCode, type Op } from "@guildwire/live";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BACKLOG_HARD_BYTES, BEHIND_MAX_MS } from "../../src/sockets/browser-socket.ts";
import { WINDOW_MS } from "../../src/sockets/topic-feed.ts";
import { GUILD, GuildStory, roomOf } from "../guild-story.ts";
import { type HubAtWork, startHub, type TestBrowser } from "../hub-at-work.ts";

let work: HubAtWork;
let story: GuildStory;

beforeEach(async () => {
  work = await startHub();
  story = new GuildStory();
  await work.deliver([story.snapshot()]);
});
afterEach(async () => {
  await work.stop();
});

async function stalled(): Promise<TestBrowser> {
  const browser = await (await work.browser()).auth([{ topic: voiceTopic(GUILD.id) }]);
  await browser.nextOf("subd");
  await browser.nextOf("snap");
  browser.socket.pause();
  return browser;
}

/** Changes a room by a large frame, one window after the other, until the hub says that the browser fell behind. */
async function fillUp(): Promise<string> {
  for (let turn = 1; turn < 2_000; turn++) {
    const name = `${turn} `.padEnd(60_000, "x");
    await work.deliver([story.event({ type: "room.updated", data: { room: roomOf("1", { name }) } })]);
    work.clock.advance(WINDOW_MS);
    if ((await work.metric("guildwire_hub_fell_behind_total")) > 0) return name;
  }
  throw new Error("the socket never filled up");
}

describe("a browser that does not read", () => {
  it("is sent nothing more, and one squashed delta when it reads again", async () => {
    using browser = await stalled();
    await fillUp();
    const sentBefore = await work.metric("guildwire_hub_frames_sent_total");
    await work.deliver(story.tell({ act: "openRoom", room: "2" }));
    await work.deliver(story.tell({ act: "openRoom", room: "3" }));
    work.clock.advance(WINDOW_MS);
    expect(await work.metric("guildwire_hub_frames_sent_total")).toBe(sentBefore);

    browser.socket.resume();
    const last = ["r:2", "r:3"];
    for (let position = 1; ; ) {
      const reading = browser.nextOf("d");
      // The hub looks now and then whether the socket has drained.
      const looking = setInterval(() => work.clock.advance(100), 5);
      const delta = await reading.finally(() => clearInterval(looking));
      expect(delta.f).toBe(position);
      position = delta.o;
      const keys = delta.ops.map((op: Op) => op[1]);
      if (last.every((key) => keys.includes(key))) break;
    }
  });

  it("is cut off when it has not read for too long", async () => {
    using browser = await stalled();
    await fillUp();
    work.clock.advance(BEHIND_MAX_MS + 1_000);
    expect(await work.metric("guildwire_hub_slow_closes_total")).toBe(1);
    expect(await work.metric(`guildwire_hub_socket_closes_total{code="${HubCloseCode.TooSlow}"}`)).toBe(1);
    browser.socket.resume();
    await browser.closed;
  });

  it("is cut off when what waits for it passes the hard bound", async () => {
    using browser = await stalled();
    const name = "y".repeat(BACKLOG_HARD_BYTES / 2);
    const large = [1, 2, 3, 4].map((id) =>
      story.event({ type: "room.created", data: { room: roomOf(String(id), { name }) } }),
    );
    for (const event of large) await work.deliver([event]);
    for (let id = 2; id < 30 && (await work.metric("guildwire_hub_slow_closes_total")) === 0; id++) {
      browser.say({ t: "resync", id, topic: voiceTopic(GUILD.id), why: "gap" });
      await new Promise(setImmediate);
    }
    expect(await work.metric("guildwire_hub_slow_closes_total")).toBe(1);
    browser.socket.resume();
    await browser.closed;
  });
});
