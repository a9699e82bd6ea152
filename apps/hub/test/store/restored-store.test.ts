/** A hub whose database was put back from a backup: what pages of before hold must not be taken for what it holds now. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GuildwireEvent } from "@guildwire/events";
import type { Position } from "@guildwire/live";
import { createVirtualClock, type VirtualClock } from "@guildwire/runtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { sayRestored } from "../../src/command/say-restored.ts";
import { HUB_FILE } from "../../src/store/hub-file.ts";
import { openEngine } from "../../src/store/open-engine.ts";
import { MARK_NAME } from "../../src/store/restored-store.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const TOPIC = `voice/${GUILD.id}/public`;

let directory: string;
let backup: string;
let clock: VirtualClock;
let story: GuildStory;
let life = 0;

beforeEach(() => {
  directory = temporaryDirectory();
  backup = temporaryDirectory();
  clock = createVirtualClock();
  story = new GuildStory();
});

async function nextLife(): Promise<HubAtWork> {
  life += 1;
  const name = `life${life}`;
  let texts = 0;
  return await startHub(
    { DATA_DIR: directory },
    {
      clock,
      openEngine: (parts) =>
        openEngine({ ...parts, randomText: () => `${name}text${texts++}` }, { lockWaitMs: 0 }),
    },
  );
}

/** A backup, and then a room more than it has; what a page of that moment holds. */
async function aBackupAndALifeAfterIt(): Promise<Position> {
  const first = await nextLife();
  await first.deliver([story.snapshot(), ...story.tell({ act: "openRoom", room: "1" })]);
  await first.stop();
  cpSync(directory, backup, { recursive: true });
  const second = await nextLife();
  await second.deliver(story.tell({ act: "openRoom", room: "2" }));
  const { position } = await second.hub.readVoiceSnapshot();
  await second.stop();
  if (position === null) throw new Error("there is a topic");
  return position;
}

function putBack(names: readonly string[]): void {
  for (const name of [HUB_FILE.name, `${HUB_FILE.name}-wal`, `${HUB_FILE.name}-shm`])
    rmSync(join(directory, name), { force: true });
  for (const name of names) cpSync(join(backup, name), join(directory, name));
}

/** How a page of before is answered that comes back to this hub. */
async function answerTo(work: HubAtWork, { epoch, offset }: Position): Promise<object> {
  using browser = await (await work.browser()).auth([{ topic: TOPIC, e: epoch, o: offset }]);
  return await browser.nextOf("subd");
}

const logged = (work: HubAtWork, event: string) => work.log.filter((line) => line.includes(`"${event}"`));

describe("a database that was put back alone", () => {
  it("is known by the mark beside it, and begins a new epoch", async () => {
    const before = await aBackupAndALifeAfterIt();
    putBack([HUB_FILE.name]);
    await using work = await nextLife();
    expect(logged(work, "store_older")).toEqual([expect.stringContaining('"commitsMissing":1')]);
    const { position } = await work.hub.readVoiceSnapshot();
    expect(position?.epoch).not.toBe(before.epoch);
    expect(await answerTo(work, before)).toMatchObject({ how: "snapshot", e: position?.epoch });
  });

  it("is not suspected again in its next life", async () => {
    await aBackupAndALifeAfterIt();
    putBack([HUB_FILE.name]);
    const first = await nextLife();
    const { position } = await first.hub.readVoiceSnapshot();
    await first.stop();
    await using second = await nextLife();
    expect(logged(second, "store_older")).toEqual([]);
    expect((await second.hub.readVoiceSnapshot()).position?.epoch).toBe(position?.epoch);
  });
});

describe("a whole directory that was put back", () => {
  it("is known by the worker's next delivery, once, and begins new epochs then", async () => {
    const before = await aBackupAndALifeAfterIt();
    putBack([HUB_FILE.name, MARK_NAME]);
    await using work = await nextLife();
    expect(logged(work, "store_older")).toEqual([]);
    // A page that has stayed on since the hub came back.
    using browser = await (await work.browser()).auth([{ topic: TOPIC }]);
    await browser.nextOf("subd");
    await browser.nextOf("snap");
    for (let time = 0; time < 3; time++) {
      const beyond = story.tell({ act: "openRoom", room: `3${time}` });
      expect(await work.deliver(beyond)).toMatchObject({ status: 409, body: { want: "snapshot" } });
    }
    expect(await browser.nextOf("unsubd")).toMatchObject({ topic: TOPIC });
    expect(logged(work, "source_older")).toHaveLength(1);
    const { position } = await work.hub.readVoiceSnapshot();
    expect(position?.epoch).not.toBe(before.epoch);
    expect(await answerTo(work, before)).toMatchObject({ how: "snapshot", e: position?.epoch });
    expect(await work.deliver([story.snapshot()])).toMatchObject({ status: 200 });
    expect((await work.hub.readVoiceSnapshot()).position?.epoch).toBe(position?.epoch);
  });

  it("is known by a worker's log that nobody here has seen the beginning of", async () => {
    await aBackupAndALifeAfterIt();
    putBack([HUB_FILE.name, MARK_NAME]);
    await using work = await nextLife();
    const other = new GuildStory("e2");
    other.tell({ act: "openRoom", room: "8" });
    expect(await work.deliver(other.tell({ act: "openRoom", room: "9" }), "e2")).toMatchObject({
      status: 409,
    });
    expect(logged(work, "source_older")).toHaveLength(1);
  });
});

describe("a snapshot beyond the cursor", () => {
  /** One that the worker sends after 50 events of which this hub knows nothing. */
  function leap(compactedFrom?: number): GuildwireEvent {
    const lost = Array.from({ length: 50 }, (_, room) =>
      story.tell({ act: "openRoom", room: `${room}` }),
    ).flat();
    const snapshot = story.snapshot();
    if (snapshot.type !== "guild.snapshot") throw new Error("it is one");
    const to = snapshot.seq - 1;
    const compacted = { from: compactedFrom ?? 0, to, events: lost.length };
    return compactedFrom === undefined ? snapshot : { ...snapshot, data: { ...snapshot.data, compacted } };
  }

  it("is a sign of it, and begins what is shown anew", async () => {
    const before = await aBackupAndALifeAfterIt();
    putBack([HUB_FILE.name, MARK_NAME]);
    await using work = await nextLife();
    expect(await work.deliver([leap()])).toMatchObject({ status: 200 });
    const { position } = await work.hub.readVoiceSnapshot();
    expect(position?.epoch).not.toBe(before.epoch);
    expect(await answerTo(work, before)).toMatchObject({ how: "snapshot", e: position?.epoch });
  });

  it("is none where it stands for what was never acknowledged", async () => {
    await using work = await nextLife();
    await work.deliver([story.snapshot()]);
    const before = (await work.hub.readVoiceSnapshot()).position;
    expect(await work.deliver([leap(2)])).toMatchObject({ status: 200 });
    expect((await work.hub.readVoiceSnapshot()).position?.epoch).toBe(before?.epoch);
  });
});

describe("a worker's new log", () => {
  it("is no sign that anything was put back", async () => {
    await using work = await nextLife();
    await work.deliver([story.snapshot()]);
    const { position } = await work.hub.readVoiceSnapshot();
    const other = new GuildStory("e2");
    expect(await work.deliver(other.tell({ act: "openRoom", room: "9" }), "e2")).toMatchObject({
      status: 409,
    });
    expect(logged(work, "source_older")).toEqual([]);
    expect((await work.hub.readVoiceSnapshot()).position).toEqual(position);
  });
});

describe("the command `restored`", () => {
  it("begins a new epoch and keeps what is stored", async () => {
    const before = await aBackupAndALifeAfterIt();
    putBack([HUB_FILE.name, MARK_NAME]);
    const said: string[] = [];
    expect(sayRestored({ DATA_DIR: directory }, (text) => said.push(text))).toBe(0);
    expect(said.join("")).toContain("begins a new epoch");
    await using work = await nextLife();
    const { position, entries } = await work.hub.readVoiceSnapshot();
    expect(position).toMatchObject({ offset: expect.any(Number) });
    expect(position?.epoch).not.toBe(before.epoch);
    expect(entries.map(([key]) => key)).toContain("r:1");
    expect(await answerTo(work, before)).toMatchObject({ how: "snapshot", e: position?.epoch });
  });

  it("makes no file where there is none", () => {
    expect(sayRestored({ DATA_DIR: directory }, () => {})).toBe(78);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("does nothing while the hub runs", async () => {
    await using work = await nextLife();
    await work.deliver([story.snapshot()]);
    expect(sayRestored({ DATA_DIR: directory }, () => {})).toBe(75);
  });
});

describe("the mark", () => {
  it("is not ahead of a hub that was killed, and nothing without it is suspected", async () => {
    const work = await nextLife();
    await work.deliver([story.snapshot()]);
    clock.advance(10_000);
    await work.deliver(story.tell({ act: "openRoom", room: "1" }));
    for (const name of [HUB_FILE.name, `${HUB_FILE.name}-wal`, MARK_NAME])
      cpSync(join(directory, name), join(backup, name));
    const { position } = await work.hub.readVoiceSnapshot();
    await work.stop();
    for (const mark of [readFileSync(join(backup, MARK_NAME), "utf8"), "", "{}", undefined]) {
      directory = temporaryDirectory();
      cpSync(backup, directory, { recursive: true });
      if (mark === undefined) rmSync(join(directory, MARK_NAME));
      else writeFileSync(join(directory, MARK_NAME), mark);
      await using next = await nextLife();
      expect(logged(next, "store_older")).toEqual([]);
      expect((await next.hub.readVoiceSnapshot()).position?.epoch).toBe(position?.epoch);
    }
  });
});
