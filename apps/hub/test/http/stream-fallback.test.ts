/** The SDK at a real hub behind a proxy that refuses upgrades. Back-off is real but short, probes are on a clock of ours. */
import { createHubClient, type HubClient, type HubStatus, type TopicStore } from "@guildwire/client";
import { voiceTopic } from "@guildwire/client/rooms";
import { type ProxyOptions, RefusingProxy } from "@guildwire/runtime/testing";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";

const TOPIC = voiceTopic(GUILD.id);
const PROBE_AFTER_MS = 60_000;

let work: HubAtWork;
let story: GuildStory;
let proxy: RefusingProxy;
let client: HubClient;
let store: TopicStore;
/** Long waits of the client: run by the test. */
let waits: { readonly afterMs: number; readonly task: () => void }[];

beforeEach(async () => {
  work = await startHub();
  story = new GuildStory();
  await work.deliver([story.snapshot()]);
});
afterEach(async () => {
  client[Symbol.dispose]();
  await proxy[Symbol.asyncDispose]();
  await work.stop();
});

async function follow(options: ProxyOptions = {}, topic = TOPIC, started?: RefusingProxy): Promise<void> {
  proxy = started ?? (await RefusingProxy.start(work.port, options));
  waits = [];
  client = createHubClient({
    url: `ws://127.0.0.1:${proxy.port}/ws`,
    random: () => 0,
    clock: {
      now: () => Date.now(),
      after(afterMs, task) {
        if (afterMs === 0) {
          const timer = setTimeout(task);
          return () => clearTimeout(timer);
        }
        const wait = { afterMs, task };
        waits.push(wait);
        return () => {
          waits = waits.filter((other) => other !== wait);
        };
      },
    },
  });
  store = client.topic(topic);
  store.subscribe(() => undefined);
}

async function until(name: HubStatus["name"]): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (client.status.getSnapshot().name !== name) return;
      stop();
      resolve();
    };
    const stop = client.status.subscribe(look);
    look();
  });
}

async function untilRooms(count: number): Promise<void> {
  const rooms = () => [...store.getSnapshot().entries.keys()].filter((key) => key.startsWith("r:")).length;
  await vi.waitFor(() => expect(rooms()).toBe(count), { timeout: 5_000, interval: 5 });
}

async function waitOf(afterMs: number) {
  return await vi.waitFor(
    () => {
      const found = waits.find((other) => other.afterMs === afterMs);
      if (found === undefined) throw new Error(`nothing waits for ${afterMs} ms`);
      return found;
    },
    { timeout: 5_000, interval: 5 },
  );
}

/** Ends the client's wait of this length, which must be there. */
async function pass(afterMs: number): Promise<void> {
  const wait = await waitOf(afterMs);
  waits = waits.filter((other) => other !== wait);
  wait.task();
}

async function openRoom(room: string): Promise<void> {
  await work.deliver(story.tell({ act: "openRoom", room }));
  work.clock.advance(1_000);
}

describe("where a proxy refuses upgrades", () => {
  it("the SDK follows over the event stream, after two sockets that did not open", async () => {
    await follow();
    await until("live");
    expect(proxy.upgrades).toBe(2);
    const before = [...store.getSnapshot().entries.keys()].filter((key) => key.startsWith("r:")).length;
    await openRoom("901");
    await untilRooms(before + 1);
    expect(store.getSnapshot().sync.name).toBe("following");
    expect(client.now()).toBeCloseTo(work.clock.wallMs(), -4);
  });

  it("it continues from its position when the stream is cut, without a socket in between", async () => {
    await follow();
    await until("live");
    const { position } = store.getSnapshot();
    proxy.cut();
    await until("reconnecting");
    await until("live");
    expect(proxy.upgrades).toBe(2);
    expect(store.getSnapshot().position).toEqual(position);
    expect(await work.metric('guildwire_hub_subscriptions_total{how="resumed"}')).toBe(1);
  });

  it("it returns to a socket when one is answered again, and to the same position", async () => {
    await follow();
    await until("live");
    await pass(PROBE_AFTER_MS);
    await pass(2 * PROBE_AFTER_MS);
    await waitOf(4 * PROBE_AFTER_MS);
    proxy.passesUpgrades = true;
    await pass(4 * PROBE_AFTER_MS);
    await vi.waitFor(() => expect(work.hub.sockets.count()).toBe(1), { timeout: 5_000 });
    await until("live");
    expect(await work.metric("guildwire_hub_held_requests")).toBe(0);
    await openRoom("902");
    await vi.waitFor(() => expect(store.getSnapshot().entries.has("r:902")).toBe(true), { timeout: 5_000 });
  });

  it("a topic that there is not is refused with the hub's reason", async () => {
    await follow({}, voiceTopic(GUILD.id, "nobody"));
    await vi.waitFor(
      () => expect(store.getSnapshot().sync).toMatchObject({ name: "refused", code: "unknown_topic" }),
      { timeout: 5_000, interval: 5 },
    );
  });
});

describe("a page whose origin the hub refuses", () => {
  it("is told to stop, and its console names HUB_ALLOWED_ORIGINS", async () => {
    const errors = consoleOf("https://club.example");
    await follow();
    await until("stopped");
    expect(client.status.getSnapshot()).toMatchObject({
      code: 4403,
      reason: "the hub does not allow this page",
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/origin_not_allowed.*https:\/\/club\.example.*HUB_ALLOWED_ORIGINS/);
  });

  it("is served over the stream when it is the hub's own page and a proxy changes the Host", async () => {
    proxy = await RefusingProxy.start(work.port, { host: "inner.example" });
    const errors = consoleOf(`http://127.0.0.1:${proxy.port}`);
    await follow({}, TOPIC, proxy);
    await until("live");
    expect(errors[0]).toMatch(/origin_not_allowed.*inner\.example.*HUB_ALLOWED_ORIGINS/);
  });
});

/** What pages of this origin print as errors. */
function consoleOf(origin: string): readonly string[] {
  const errors: string[] = [];
  vi.stubGlobal("location", { origin });
  vi.spyOn(console, "error").mockImplementation((text: unknown) => void errors.push(String(text)));
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return errors;
}

describe("where the hub is away", () => {
  it("the SDK tries socket and stream in turn, and stays on the socket once it is back", async () => {
    await work.stop();
    await follow({ passesUpgrades: true });
    await vi.waitFor(() => expect(proxy.upgrades).toBeGreaterThan(3), { timeout: 5_000 });
    expect(client.status.getSnapshot().name).toBe("connecting");
  });
});
