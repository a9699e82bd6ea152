/**
 * The built process, killed in the middle of deliveries: `turbo run build` comes first. Several workers send at once,
 * each from its last acknowledgement on, as the real one does.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { voiceTopic } from "@guildwire/client/rooms";
import type { GuildwireEvent } from "@guildwire/events";
import type { Entry, Position, ServerMessage } from "@guildwire/live";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { GUILD, GuildStory } from "../guild-story.ts";
import { TestBrowser } from "../hub-at-work.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { begin, HUB_SECRET, kill, killAll, MAIN, post, running } from "./hub-process.ts";

const SOURCES = ["101", "102", "103", "104"];
const EVENTS_PER_SOURCE = 1_200;
const ROOMS = 30;
const KILLS = 6;

afterEach(killAll);

/** Every event changes exactly one thing, so the topic's offset counts them. */
function tale(source: string): readonly GuildwireEvent[] {
  const story = new GuildStory(`log_of_${source}`);
  const first = story.snapshot();
  if (first.type !== "guild.snapshot") throw new Error("not a snapshot");
  const snapshot = { ...first, data: { ...first.data, guild: { ...GUILD, id: source } } };
  const rooms = Array.from({ length: ROOMS }, (_, room) =>
    story.tell({ act: "openRoom", room: String(room) }),
  );
  const names = Array.from({ length: EVENTS_PER_SOURCE - ROOMS - 1 }, (_, index) =>
    story.tell({ act: "renameRoom", room: String(index % ROOMS) }),
  );
  return [snapshot, ...rooms.flat(), ...names.flat()];
}

/** One worker: one event at a time, from the last acknowledgement on, until told to stop or all is said. */
class Sender {
  readonly source: string;
  readonly tale: readonly GuildwireEvent[];
  acked = 0;
  readonly #awaited: { readonly seq: number; readonly reached: () => void }[] = [];

  constructor(source: string) {
    this.source = source;
    this.tale = tale(source);
  }

  async whenAcked(seq: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited.push({ seq, reached: resolve });
    await promise;
  }

  async send(port: number, upTo: number): Promise<"done" | "hubDied"> {
    while (this.acked < upTo) {
      try {
        this.acked = await post(port, {
          source: this.source,
          epoch: `log_of_${this.source}`,
          events: this.tale.slice(this.acked, this.acked + 1),
        });
        for (const { seq, reached } of this.#awaited) if (this.acked >= seq) reached();
      } catch (cause) {
        if (cause instanceof TypeError) return "hubDied";
        throw cause;
      }
    }
    return "done";
  }
}

async function subscribe(port: number, source: string, from?: Position): Promise<TestBrowser> {
  const browser = new TestBrowser(new WebSocket(`ws://127.0.0.1:${port}/ws`, "hub.v1"));
  await once(browser.socket, "open");
  return await browser.auth([{ topic: voiceTopic(source), ...(from && { e: from.epoch, o: from.offset }) }]);
}

type Frame<Tag extends ServerMessage["t"]> = Extract<ServerMessage, { readonly t: Tag }>;

async function readSnapshot(port: number, source: string): Promise<Frame<"snap">> {
  using browser = await subscribe(port, source);
  expect(await browser.nextOf("subd")).toMatchObject({ how: "snapshot" });
  return await browser.nextOf("snap");
}

const nameOf = (entries: readonly Entry[], key: string) =>
  (entries.find(([its]) => its === key)?.[1] as { name?: string } | undefined)?.name;

describe("a hub that is killed again and again while workers send", () => {
  it("loses nothing, doubles nothing, and goes on in the same epoch", async () => {
    const dataDir = temporaryDirectory();
    const senders = SOURCES.map((source) => new Sender(source));
    let life = await begin(dataDir);
    const { port } = life;
    let epoch: string | undefined;

    for (let killed = 0; killed < KILLS; killed++) {
      // In the middle: when one of them has got so far.
      const goal = Math.floor((EVENTS_PER_SOURCE * (killed + 1)) / (KILLS + 2));
      const gotThere = Promise.race(senders.map((sender) => sender.whenAcked(goal)));
      const sending = senders.map((sender) => sender.send(port, EVENTS_PER_SOURCE));
      await Promise.race([gotThere, ...sending]);
      await kill(life);
      expect(await Promise.all(sending)).toContain("hubDied");

      life = await begin(dataDir, port);
      for (const { source, acked } of senders) {
        const { e, o, s } = await readSnapshot(port, source);
        epoch ??= e;
        expect(e).toBe(epoch);
        // What was acknowledged is there; at most the one event under way is there besides.
        expect([acked, acked + 1]).toContain(o);
        expect(s.length).toBe(Math.min(o, ROOMS + 1));
      }
    }

    await Promise.all(senders.map((sender) => sender.send(port, EVENTS_PER_SOURCE)));
    for (const { source, tale: told } of senders) {
      const { e, o, s } = await readSnapshot(port, source);
      expect([e, o]).toEqual([epoch, EVENTS_PER_SOURCE]);
      for (const event of told.slice(-ROOMS)) {
        if (event.type !== "room.updated") throw new Error(event.type);
        expect(nameOf(s, `r:${event.data.room.id}`)).toBe(event.data.room.name);
      }
    }
    await kill(life);
  });

  it("gives a browser that comes back with its position a delta", async () => {
    const dataDir = temporaryDirectory();
    const sender = new Sender("101");
    const life = await begin(dataDir);
    await sender.send(life.port, 40);
    const { e, o } = await readSnapshot(life.port, "101");
    await sender.send(life.port, 42);
    await kill(life);

    const next = await begin(dataDir, life.port);
    await sender.send(next.port, 44);
    using browser = await subscribe(next.port, "101", { epoch: e, offset: o });
    expect(await browser.nextOf("subd")).toMatchObject({ how: "resumed", e, o: 44 });
    expect(await browser.nextOf("d")).toMatchObject({ f: 40, o: 44 });
    await kill(next);
  });
});

describe("a data directory", () => {
  it("serves one hub: the second says what to do, and tells a supervisor to try again", async () => {
    const dataDir = temporaryDirectory();
    const first = await begin(dataDir);
    const second = spawn(process.execPath, [MAIN], {
      env: { NODE_ENV: "production", HUB_SECRET, DATA_DIR: dataDir, PORT: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(second);
    let said = "";
    second.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect((await once(second, "close"))[0]).toBe(75);
    expect(said).toContain('"errorCode":"E012"');
    expect(said).toContain(
      `E012 another hub is using DATA_DIR ${dataDir}: stop it, or give this one a directory of its own`,
    );
    await kill(first);
  });
});
