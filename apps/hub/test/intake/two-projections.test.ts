/** A second projection beside the rooms: a topic for each room's status lines, as a text channel has one. */
import { voiceTopic } from "@guildwire/client/rooms";
import type { GuildwireEvent, ReceivedDelivery } from "@guildwire/events";
import { createMemoryEngine, delegatingEngine, type TopicChange, type TopicEngine } from "@guildwire/live";
import { beforeEach, expect, it } from "vitest";
import { createRoomsProjection } from "../../src/features/rooms/projection/rooms-projection.ts";
import type { Projection } from "../../src/intake/projection.ts";
import { createSourceWriter, type SourceWriter } from "../../src/intake/source-writer.ts";
import { createTopicAdmission } from "../../src/topics/topic-admission.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { openViews } from "../views/views-at-work.ts";

const TOPIC = /^lines\/(\d+)\/(\d+)$/;

/** Notes how many lines there were; each line is an entry of its channel's topic. */
const lines: Projection = {
  name: "lines",
  topicForm: "lines/<guild id>/<channel id>",
  accepts: (type) => type === "room.status",
  async open({ source, note: stored }) {
    let count = (stored as { readonly count: number } | undefined)?.count ?? 0;
    return {
      project(step) {
        const events = step.type === "events" ? step.events : [];
        const changes = events.map((event, index): TopicChange => {
          const { roomId, status } = event.data as { readonly roomId: string; readonly status: string };
          const topic = `lines/${source}/${roomId}`;
          return { topic, ops: [["s", `x:${count + index}`, status]], atMs: step.atMs };
        });
        const next = count + events.length;
        return {
          changes,
          note: { count: next },
          stored() {
            count = next;
          },
        };
      },
    };
  },
  admit: (topic) => (TOPIC.test(topic) ? { ok: true } : undefined),
  sourceOf: (topic) => TOPIC.exec(topic)?.[1],
};

let engine: TopicEngine;
let story: GuildStory;
const projections = [createRoomsProjection(openViews()), lines];

beforeEach(() => {
  engine = createMemoryEngine({ epoch: "life1", nowMs: () => 0 });
  story = new GuildStory();
});

const writerOn = (store: TopicEngine): SourceWriter =>
  createSourceWriter({
    source: GUILD.id,
    engine: store,
    projections,
    nowMs: () => 9_000,
    onHeard: () => undefined,
  });

const deliveryOf = (events: readonly GuildwireEvent[]): ReceivedDelivery => ({
  source: GUILD.id,
  epoch: story.epoch,
  events: events.map((event) => ({ known: true, event })),
});

const line = (status: string): GuildwireEvent =>
  story.event({ type: "room.status", data: { roomId: "1", status, startedAt: null } });

const linesOfRoom = async (): Promise<readonly unknown[]> =>
  (await engine.load(`lines/${GUILD.id}/1`)).entries.map(([key, value]) => [key, value]);

it("each projection receives the events that it accepts, and all changes are one commit with the cursor", async () => {
  const commits: string[][] = [];
  const counting = delegatingEngine(engine, {
    async commit(commit) {
      commits.push(commit.topics.map(({ topic }) => topic));
      return await engine.commit(commit);
    },
  });
  const writer = writerOn(counting);
  await writer.take(deliveryOf([story.snapshot(), ...story.tell({ act: "openRoom", room: "1" })]));
  await writer.take(deliveryOf([line("chess at nine")]));
  expect(commits.at(-1)).toEqual([`state/${GUILD.id}`, voiceTopic(GUILD.id), `lines/${GUILD.id}/1`]);
  expect(await linesOfRoom()).toEqual([["x:0", "chess at nine"]]);
});

it("a projection continues in the next life from the note it returned", async () => {
  await writerOn(engine).take(
    deliveryOf([story.snapshot(), ...story.tell({ act: "openRoom", room: "1" }), line("one")]),
  );
  await writerOn(engine).take(deliveryOf([line("two")]));
  expect(await linesOfRoom()).toEqual([
    ["x:0", "one"],
    ["x:1", "two"],
  ]);
});

it("after a failed commit every projection continues from what is stored", async () => {
  let isBroken = false;
  const breaking = delegatingEngine(engine, {
    commit: (commit) => (isBroken ? Promise.reject(new Error("full")) : engine.commit(commit)),
  });
  const writer = writerOn(breaking);
  await writer.take(deliveryOf([story.snapshot(), ...story.tell({ act: "openRoom", room: "1" })]));
  isBroken = true;
  const first = line("one");
  await expect(writer.take(deliveryOf([first]))).rejects.toThrow("full");
  isBroken = false;
  await writer.take(deliveryOf([first]));
  expect(await linesOfRoom()).toEqual([["x:0", "one"]]);
});

it("a topic is admitted by the projection it belongs to, and an unknown one is answered with every form", () => {
  const admit = createTopicAdmission(projections);
  expect(admit(`lines/${GUILD.id}/1`)).toEqual({ ok: true });
  expect(admit(voiceTopic(GUILD.id))).toEqual({ ok: true });
  expect(admit("lines/x/1")).toMatchObject({
    code: "unknown_topic",
    message: "a topic looks like voice/<guild id>/<view> or lines/<guild id>/<channel id>",
  });
});
