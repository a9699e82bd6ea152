/**
 * Both ends of hub/1 over a link that goes wrong in every way one does: the real connection machines, topic log and
 * replica. What must hold after every step, and once the faults have stopped.
 */
import { digestOf, type Entry, type Op, RING_AGE_MAX_MS } from "@guildwire/live";
import { MODEL_TICK_MS, ModelHub } from "@guildwire/live/testing/model-hub";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FaultyLink } from "./faulty-link.ts";

const TOPICS = ["voice/1/public", "voice/1/members"] as const;

const topic = fc.constantFrom(...TOPICS);
const at = fc.nat({ max: 7 });
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constant("s" as const), fc.constantFrom(..."abcdef"), fc.nat({ max: 3 })),
  },
  { weight: 3, arbitrary: fc.tuple(fc.constant("d" as const), fc.constantFrom(..."abcdef")) },
  { weight: 1, arbitrary: fc.constant(["c"] as const) },
);
const ops = fc.array(op, { maxLength: 4 });
const does = <Name extends string>(...names: Name[]) => fc.record({ do: fc.constantFrom(...names) });

/** What happens to a link that loses nothing within a connection. */
const fair = [
  { weight: 8, arbitrary: fc.record({ do: fc.constant("commit" as const), topic, ops }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constantFrom("down" as const, "up" as const), times: at }) },
  { weight: 8, arbitrary: does("flush", "answerReads") },
  { weight: 4, arbitrary: does("tick", "settle") },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(50, 1_000, 7_000, 40_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cut" as const), isNoticed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("late" as const), at }) },
  { weight: 1, arbitrary: does("restartHub", "loseDisk", "expireRing") },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restartView" as const), topic, ops }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("hold" as const, "release" as const), topic }) },
] as const;
const foul = [
  ...fair,
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("drop" as const, "duplicate" as const), at }) },
] as const;
/** By default most lists would be of a handful of moves, in which nothing can happen. */
const LONG = { minLength: 10, maxLength: 150, size: "max" } as const;

const fairMove = fc.oneof(...fair);
const foulMove = fc.oneof(...foul);

type Move = typeof foulMove extends fc.Arbitrary<infer Value> ? Value : never;

function begin(): FaultyLink {
  // Small bounds, so that squashes, rereads and slow sockets are common.
  const hub = new ModelHub({ epoch: "e", frameOpsMax: 6, backlogFramesMax: 8 });
  hub.commit(TOPICS[0], [["s", "a", 0]]);
  const link = new FaultyLink(hub);
  for (const name of TOPICS) link.tell({ type: "topicHeld", topic: name });
  return link;
}

type MoveOf<Name, One = Move> = One extends { readonly do: infer Names }
  ? Name extends Names
    ? One
    : never
  : never;

const ACTS: { readonly [Name in Move["do"]]: (link: FaultyLink, move: MoveOf<Name>) => void } = {
  commit: ({ hub }, move) => hub.commit(move.topic, move.ops),
  flush: ({ hub }) => hub.flush(),
  answerReads: ({ hub }) => hub.answerReads(),
  tick: ({ hub }) => hub.tick(),
  restartView: ({ hub }, move) => hub.restartTopic(move.topic, move.ops),
  down(link, { times }) {
    for (let count = 0; count <= times; count++) link.deliverDown();
  },
  up(link, { times }) {
    for (let count = 0; count <= times; count++) link.deliverUp();
  },
  settle: (link) => link.settle(),
  pass: (link, { ms }) => link.pass(ms),
  cut: (link, { isNoticed }) => link.cut(isNoticed),
  late: (link, move) => link.deliverLate(move.at),
  drop: (link, move) => link.drop(move.at),
  duplicate: (link, move) => link.duplicate(move.at),
  restartHub: (link) => link.restartHub("kept"),
  loseDisk: (link) => link.restartHub("lost"),
  expireRing: (link) => link.pass(RING_AGE_MAX_MS + 1),
  hold: (link, move) => link.tell({ type: "topicHeld", topic: move.topic }),
  release: (link, move) => link.tell({ type: "topicReleased", topic: move.topic }),
};

function act(link: FaultyLink, move: Move): void {
  (ACTS[move.do] as (link: FaultyLink, move: Move) => void)(link, move);
}

const plain = (entries: Iterable<Entry>): readonly Entry[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** A copy with a position is exactly what the topic was there; one without is not said to follow. */
function checkCopies({ hub, state }: FaultyLink): void {
  for (const [name, { replica }] of state.topics) {
    const { position, held, sync } = replica;
    expect(held.digest).toBe(digestOf(Array.from(held.map.values(), ([key, , rev]) => [key, rev])));
    if (position === null) expect(sync.name).not.toBe("following");
    else {
      const was = hub.stateAt(name, position);
      expect(was).toBeDefined();
      expect(plain(held.map.values())).toEqual(plain(was ?? []));
    }
  }
}

/** The faults have stopped: two minutes, a tick every 25 s. */
function recover(link: FaultyLink): void {
  for (const name of TOPICS) link.tell({ type: "topicHeld", topic: name });
  for (let ticks = 0; ticks < 5; ticks++) {
    for (let passed = 0; passed < MODEL_TICK_MS; passed += 1_000) {
      link.pass(1_000);
      link.settle();
    }
    link.hub.tick();
    link.settle();
  }
}

function checkTruth({ hub, state }: FaultyLink): void {
  expect(state.connection.name).toBe("live");
  for (const name of TOPICS) {
    const replica = state.topics.get(name)?.replica;
    const { position, entries } = hub.log(name).snapshot();
    expect(replica?.sync.name).toBe("following");
    expect(replica?.position).toEqual(position);
    expect(plain(replica?.held.map.values() ?? [])).toEqual(plain(entries));
  }
}

/** Asking again after a pause, or because a second `sub` crossed the first, is no fault of what was sent. */
function unexplained({ resyncs }: FaultyLink): readonly string[] {
  return resyncs.filter((why) => why !== "paused");
}

function play(moves: readonly Move[]): FaultyLink {
  const link = begin();
  for (const move of moves) {
    act(link, move);
    checkCopies(link);
  }
  return link;
}

describe("both ends", () => {
  it("agree once the faults have stopped, and show nothing that never was", () => {
    fc.assert(
      fc.property(fc.array(foulMove, LONG), (moves) => {
        const link = play(moves);
        recover(link);
        checkCopies(link);
        checkTruth(link);
      }),
      { numRuns: 150 },
    );
  });

  it("find no gap and no wrong digest where only connections and hubs are lost", () => {
    fc.assert(
      fc.property(fc.array(fairMove, LONG), (moves) => {
        const link = play(moves);
        recover(link);
        checkTruth(link);
        expect(unexplained(link)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("ask a bounded number of times while every digest is wrong, and agree once they are right", () => {
    const link = begin();
    for (let second = 0; second < 600; second++) {
      link.hub.tick();
      for (let frame = 0; frame < 50; frame++) {
        link.deliverUp();
        link.hub.answerReads();
        link.spoilDigests();
        link.deliverDown();
      }
      link.pass(1_000);
    }
    // For each topic six in ten seconds and more: five, and the first after the pause.
    expect(link.resyncs.length).toBeGreaterThan(100);
    expect(link.resyncs.length).toBeLessThan(2 * 6 * 60);
    recover(link);
    checkTruth(link);
  });
});

describe("what random moves once found", () => {
  const [open, members] = TOPICS;

  it("a topic is let go of and taken again before hi", () => {
    const link = begin();
    link.deliverDown();
    link.tell({ type: "topicReleased", topic: open });
    link.pass(1_000);
    recover(link);
    checkTruth(link);
    expect(link.resyncs).toEqual([]);
  });

  it("a tick of the subscription before arrives after the topic was asked for again", () => {
    const link = begin();
    link.settle();
    link.tell({ type: "topicReleased", topic: open });
    link.hub.tick();
    link.pass(1_000);
    recover(link);
    checkTruth(link);
    expect(link.resyncs).toEqual([]);
  });

  it("a delta of a new epoch arrives in place of the snapshot", () => {
    const link = begin();
    link.hub.commit(members, [["s", "a", 0]]);
    link.settle();
    link.cut(true);
    link.hub.restartTopic(members, [["s", "b", 0]]);
    link.pass(1_000);
    link.deliverDown();
    link.deliverUp();
    link.hub.answerReads();
    // `hi` and both `subd` arrive, the page does not.
    for (let frame = 0; frame < 3; frame++) link.deliverDown();
    link.drop(0);
    link.hub.commit(members, [["s", "c", 0]]);
    link.hub.flush();
    link.deliverDown();
    checkCopies(link);
    recover(link);
    checkTruth(link);
  });
});
