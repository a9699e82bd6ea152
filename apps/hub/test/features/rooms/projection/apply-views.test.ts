/** What happens to stored topics when the operator changes the views between two lives of the hub. */
import { createSecretKey } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { voiceTopic } from "@guildwire/client/rooms";
import type { ReceivedDelivery } from "@guildwire/events";
import { createMemoryEngine, EngineUnavailableError, type TopicEngine } from "@guildwire/live";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createRoomsProjection } from "../../../../src/features/rooms/projection/rooms-projection.ts";
import { stateTopic } from "../../../../src/features/rooms/projection/rooms-topics.ts";
import { createSourceWriter, type SourceWriter } from "../../../../src/intake/source-writer.ts";
import { HUB_FILE } from "../../../../src/store/hub-file.ts";
import { MIGRATIONS } from "../../../../src/store/schema.ts";
import type { Views } from "../../../../src/views/views.ts";
import { GUILD, GuildStory } from "../../../guild-story.ts";
import { openStore } from "../../../store/store-at-work.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { openViews, viewsOf } from "../../../views/views-at-work.ts";

const SECRET_ROOM = "2";

let engine: TopicEngine;
let story: GuildStory;

beforeEach(() => {
  engine = createMemoryEngine({ epoch: "life1", nowMs: () => 0 });
  story = new GuildStory();
});

const writerUnder = (views: Views, store: TopicEngine = engine): SourceWriter =>
  createSourceWriter({
    source: GUILD.id,
    engine: store,
    projections: [createRoomsProjection(views)],
    nowMs: () => 9_000,
    onHeard: () => undefined,
  });

const deliveryOf = (events: ReturnType<GuildStory["tell"]>): ReceivedDelivery => ({
  source: GUILD.id,
  epoch: story.epoch,
  events: events.map((event) => ({ known: true, event })),
});

/** Two rooms with someone in each. */
async function tellEverything(writer: SourceWriter): Promise<void> {
  await writer.take(
    deliveryOf([
      story.snapshot(),
      ...story.tell({ act: "openRoom", room: "1" }),
      ...story.tell({ act: "openRoom", room: SECRET_ROOM }),
      ...story.tell({ act: "enter", user: "31", room: "1" }),
      ...story.tell({ act: "enter", user: "32", room: SECRET_ROOM }),
    ]),
  );
}

async function keysOf(topic: string, store: TopicEngine = engine): Promise<readonly string[]> {
  return (await store.load(topic)).entries.map(([key]) => key).toSorted();
}

const OPEN = { public: { access: "anyone" } };
const NARROW = { public: { access: "anyone", rooms: { except: [SECRET_ROOM] } } };
const PUBLIC = voiceTopic(GUILD.id);

describe("a view whose rules changed", () => {
  it("begins anew, and nothing it ever told can be had from it", async () => {
    await tellEverything(writerUnder(viewsOf({ views: OPEN })));
    const before = await engine.load(PUBLIC);
    expect(await writerUnder(viewsOf({ views: NARROW })).start()).toBe(true);

    const after = await engine.load(PUBLIC);
    expect(after.position.epoch).not.toBe(before.position.epoch);
    expect(await keysOf(PUBLIC)).toEqual(["m", "r:1", "u:31"]);
    const { epoch } = after.position;
    for (let offset = 0; offset <= before.position.offset; offset++) {
      expect(await engine.since(PUBLIC, { ...before.position, offset })).toEqual({ type: "snapshot" });
      const told = await engine.since(PUBLIC, { epoch, offset }).then(JSON.stringify);
      expect(told).not.toMatch(/"r:2"|"u:32"/);
    }
  });

  it("shows everything again when the rule is taken back, without a word from the worker", async () => {
    await tellEverything(writerUnder(viewsOf({ views: OPEN })));
    await writerUnder(viewsOf({ views: NARROW })).start();
    await writerUnder(viewsOf({ views: OPEN })).start();
    expect(await keysOf(PUBLIC)).toEqual(["m", "r:1", "r:2", "u:31", "u:32"]);
  });

  it("goes on as it was when only its door changed, or nothing did", async () => {
    await tellEverything(writerUnder(viewsOf({ views: OPEN })));
    const before = await engine.load(PUBLIC);
    expect(await writerUnder(viewsOf({ views: { public: { access: "ticket" } } })).start()).toBe(false);
    expect(await engine.load(PUBLIC)).toEqual(before);
  });

  it("is applied by the next delivery as well, should nobody have done it before", async () => {
    await tellEverything(writerUnder(viewsOf({ views: OPEN })));
    await writerUnder(viewsOf({ views: NARROW })).take(deliveryOf(story.tell({ act: "mute", user: "32" })));
    expect(await keysOf(PUBLIC)).toEqual(["m", "r:1", "u:31"]);
  });
});

describe("a view that", () => {
  it("is new has what is known at once", async () => {
    await tellEverything(writerUnder(viewsOf({ views: OPEN })));
    await writerUnder(viewsOf({ views: { ...OPEN, staff: { people: "none" } } })).start();
    expect(await keysOf(voiceTopic(GUILD.id, "staff"))).toEqual(["m", "r:1", "r:2"]);
  });

  it("is no more leaves nothing behind", async () => {
    await tellEverything(writerUnder(viewsOf({ views: { ...OPEN, staff: {} } })));
    await writerUnder(viewsOf({ views: OPEN })).start();
    expect(await keysOf(voiceTopic(GUILD.id, "staff"))).toEqual([]);
    expect(await writerUnder(viewsOf({ views: OPEN })).start()).toBe(false);
  });

  it("shows guests restarts when the secret of their names changes", async () => {
    const guests = { views: { public: { access: "anyone", people: "anonymous" } } };
    await tellEverything(writerUnder(viewsOf(guests)));
    const before = await keysOf(PUBLIC);
    await writerUnder(viewsOf(guests, createSecretKey(Buffer.alloc(32, 8)))).start();
    expect(await keysOf(PUBLIC)).not.toEqual(before);
  });
});

describe("a source that goes silent", () => {
  it("is stale in every view", async () => {
    const writer = writerUnder(viewsOf({ views: { ...OPEN, staff: {} } }));
    await tellEverything(writer);
    await writer.markStale(() => true);
    for (const view of ["public", "staff"]) {
      const { entries } = await engine.load(voiceTopic(GUILD.id, view));
      expect(entries.find(([key]) => key === "m")?.[1]).toMatchObject({ source: { status: "stale" } });
    }
  });
});

describe("rules that cannot be stored", () => {
  it("reject, so that the hub does not serve what it should hide", async () => {
    await tellEverything(writerUnder(viewsOf({ views: OPEN })));
    const full: TopicEngine = {
      ...engine,
      commit: async () => {
        throw new EngineUnavailableError("the disk is full");
      },
    };
    const narrow = writerUnder(viewsOf({ views: NARROW }), full);
    await expect(narrow.start()).rejects.toThrow("the disk is full");
  });
});

describe("a data directory of before there were views", () => {
  /** As the first version wrote it: one topic a guild, no state, no fingerprints. */
  function oldDirectory(): string {
    const directory = temporaryDirectory();
    const database = new DatabaseSync(join(directory, HUB_FILE.name));
    database.exec(String(MIGRATIONS[0]));
    const note = { replacedEpochs: [], newestAtMs: 1, heardAtMs: 1, said: { status: "live", since: 1 } };
    database.exec(`
      PRAGMA user_version = 1;
      INSERT INTO meta VALUES ('epoch', 'oldlife');
      INSERT INTO source VALUES (1, '${GUILD.id}', 3, 'e1', 3, '${JSON.stringify(note)}');
      INSERT INTO topic VALUES ('${PUBLIC}', 3);
    `);
    const person = { room: "1", name: "Ann", avatarUrl: null, bot: false, flags: 0, since: 1, roomSince: 1 };
    const values: Readonly<Record<string, unknown>> = {
      m: { guild: GUILD, source: { status: "live", since: 1 } },
      "r:1": {
        name: "Room",
        kind: "voice",
        position: 0,
        parentId: null,
        userLimit: 0,
        status: null,
        startedAt: null,
      },
      "r:2": {
        name: "Side",
        kind: "voice",
        position: 1,
        parentId: null,
        userLimit: 0,
        status: null,
        startedAt: null,
      },
      "u:31": person,
    };
    const insert = database.prepare("INSERT INTO entry VALUES (?, ?, ?, 3)");
    for (const [key, value] of Object.entries(values)) insert.run(PUBLIC, key, JSON.stringify(value));
    database.close();
    return directory;
  }

  function openOld(): TopicEngine {
    const { engine: store } = openStore(oldDirectory());
    onTestFinished(async () => await store.close());
    return store;
  }

  it("goes on at the same positions, and has the state beside it from now on", async () => {
    const store = openOld();
    const before = await store.load(PUBLIC);
    expect(await writerUnder(openViews(), store).start()).toBe(true);
    expect(await store.load(PUBLIC)).toEqual(before);
    expect(await keysOf(stateTopic(GUILD.id), store)).toEqual(["m", "r:1", "r:2", "u:31"]);
    expect(await store.loadSource(GUILD.id)).toMatchObject({ cursor: { epoch: "e1", seq: 3 } });
    expect(await writerUnder(openViews(), store).start()).toBe(false);
  });

  it("is narrowed like any other", async () => {
    const store = openOld();
    await writerUnder(viewsOf({ views: NARROW }), store).start();
    expect(await keysOf(PUBLIC, store)).toEqual(["m", "r:1", "u:31"]);
    expect(await keysOf(stateTopic(GUILD.id), store)).toContain("r:2");
  });
});
