/** The file of histories: what is saved is what is loaded, and a file that cannot be used costs histories only. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { voiceTopic } from "@guildwire/client/rooms";
import { openDatabase } from "@guildwire/runtime/database";
import { createVirtualClock } from "@guildwire/runtime/testing";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { changesBetween } from "../../../../src/features/rooms/history/history-changes.ts";
import {
  createHistoryStore,
  HISTORY_FILE,
  openHistoryStore,
} from "../../../../src/features/rooms/history/history-store.ts";
import type { TopicHistory } from "../../../../src/features/rooms/history/topic-history.ts";
import { HUB_FILE } from "../../../../src/store/hub-file.ts";
import { createSqliteEngine } from "../../../../src/store/sqlite-engine.ts";
import { GUILD, GuildStory } from "../../../guild-story.ts";
import { type HubAtWork, startHub } from "../../../hub-at-work.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { metaOp, personOp, roomOp, Told } from "./history-at-work.ts";
import { emptyHistoryFile } from "./recorder-at-work.ts";

const operation = fc.oneof(
  fc.tuple(fc.constantFrom("7", "8", "9"), fc.constantFrom("1", "2")).map(([id, room]) => personOp(id, room)),
  fc.constantFrom("u:7", "u:8", "r:1").map((key) => ["d", key] as const),
  fc.tuple(fc.constantFrom("1", "2"), fc.constantFrom("A", "B")).map(([id, name]) => roomOp(id, name)),
  fc.constantFrom("live", "stale").map((status) => metaOp(status)),
);
const step = fc.record({
  ops: fc.array(operation, { maxLength: 4 }),
  waitMs: fc.nat(400_000),
  save: fc.boolean(),
});

describe("what was saved", () => {
  it("is what is loaded, whatever happened between two saves", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const store = createHistoryStore(emptyHistoryFile());
        const told = new Told().step([metaOp("live"), roomOp("1")]);
        let stored: TopicHistory | undefined;
        for (const { ops, waitMs, save } of [...steps, { ops: [], waitMs: 0, save: true }]) {
          told.wait(waitMs).step(ops);
          if (!save) continue;
          const changes = changesBetween("t", stored, told.history);
          store.save(changes === undefined ? [] : [changes], []);
          stored = told.history;
          expect(store.load()).toEqual(new Map([["t", told.history]]));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("is all of a save or nothing of it", () => {
    const database = emptyHistoryFile();
    const store = createHistoryStore(database);
    const told = new Told().step([metaOp("live"), roomOp("1")]);
    const first = changesBetween("t", undefined, told.history);
    if (first === undefined) throw new Error("nothing differs");
    store.save([first], []);
    const before = store.load();
    told.step([personOp("7", "1")]);
    const second = changesBetween("t", before.get("t"), told.history);
    // The same activity twice breaks a rule of the table at the end of what is written.
    const broken = second && { ...second, activity: [...second.activity, ...second.activity] };
    expect(() => store.save(broken === undefined ? [] : [broken], [])).toThrow("UNIQUE");
    expect(store.load()).toEqual(before);
  });
});

async function hubIn(
  directory: string,
  clock = createVirtualClock(),
  environment: Readonly<Record<string, string>> = {},
): Promise<HubAtWork> {
  const work = await startHub(
    { DATA_DIR: directory, ...environment },
    {
      clock,
      openEngine: async ({ randomText, dataDir, observer }) =>
        createSqliteEngine({
          database: openDatabase(dataDir, HUB_FILE),
          newEpoch: randomText,
          clock,
          observer,
        }),
      openHistory: openHistoryStore,
    },
  );
  onTestFinished(async () => void (await work.stop()));
  return work;
}

const activityOf = (work: HubAtWork) =>
  work.hub.readHistory(voiceTopic(GUILD.id))?.activity.map(({ person, type }) => [person.id, type]);

describe("a hub with its history on disk", () => {
  it("goes on with it in its next life", async () => {
    const directory = temporaryDirectory();
    const clock = createVirtualClock();
    const story = new GuildStory("e1", clock.wallMs() - 60_000);
    const first = await hubIn(directory, clock);
    await first.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
    await first.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    const before = first.hub.readHistory(voiceTopic(GUILD.id));
    await first.stop();

    const second = await hubIn(directory, clock);
    expect(second.hub.readHistory(voiceTopic(GUILD.id))).toEqual(before);
    await second.deliver(story.tell({ act: "leave", user: "7" }));
    expect(activityOf(second)).toEqual([
      ["7", "left"],
      ["7", "joined"],
    ]);
  });

  it("has nothing left of what its views hide now, in no answer and not on disk (R3)", async () => {
    const directory = temporaryDirectory();
    const clock = createVirtualClock();
    const story = new GuildStory("e1", clock.wallMs() - 60_000);
    const first = await hubIn(directory, clock);
    await first.deliver([
      ...["1", "2"].flatMap((room) => story.tell({ act: "openRoom", room })),
      story.snapshot(),
    ]);
    await first.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    await first.deliver(story.tell({ act: "enter", user: "8", room: "2" }));
    expect(activityOf(first)).toHaveLength(2);
    await first.stop();
    const onDisk = () => readFileSync(join(directory, HISTORY_FILE.name), "latin1");
    expect(onDisk()).toContain("Room 2");

    const views = join(directory, "views.json");
    writeFileSync(
      views,
      JSON.stringify({ views: { public: { access: "anyone", rooms: { except: ["2"] } } } }),
    );
    const second = await hubIn(directory, clock, { VIEWS_FILE: views });
    expect(second.hub.readHistory(voiceTopic(GUILD.id))).toMatchObject({
      rooms: [{ id: "1" }],
      activity: [],
    });
    await second.stop();
    expect(onDisk()).toContain("Room 1");
    expect(onDisk()).not.toMatch(/Room 2|User 8/);
  });

  it("keeps it in memory when the file is damaged, says what to do, and leaves the file alone (R4)", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, HISTORY_FILE.name);
    const bytes = "these are not the bytes of a database ".repeat(100);
    writeFileSync(file, bytes);
    const work = await hubIn(directory);
    const story = new GuildStory("e1", work.clock.wallMs() - 60_000);
    await work.deliver([...story.tell({ act: "openRoom", room: "1" }), story.snapshot()]);
    await work.deliver(story.tell({ act: "enter", user: "7", room: "1" }));
    expect(activityOf(work)).toEqual([["7", "joined"]]);
    const said = work.log.filter((line) => line.includes('"history_failing"'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("move history.sqlite away");
    expect((await work.request("/api/metrics")).body).toContain("guildwire_hub_history_failing 1");
    expect((await work.request("/api/health")).body).toMatchObject({ status: "ok", store: "ok" });
    await work.stop();
    expect(readFileSync(file, "utf8")).toBe(bytes);
  });

  it("may be replaced in the turn in which it lets go of its store", async () => {
    const directory = temporaryDirectory();
    const first = await hubIn(directory);
    const closing = first.hub.close();
    const second = await hubIn(directory);
    expect(second.log.filter((line) => line.includes("history_failing"))).toEqual([]);
    await closing;
  });
});
