import { describe, expect, it } from "vitest";
import { digestOf } from "../src/digest.ts";
import type { Entry } from "../src/op.ts";
import {
  detached,
  emptyReplica,
  RESYNC_ANSWER_MS,
  RESYNCS_WITHOUT_PROGRESS_MAX,
  type Replica,
  type ReplicaStep,
  receive,
  replicaFrom,
  startAgain,
  type TopicMessage,
} from "../src/replica.ts";

const topic = "voice/1/public";
const ENTRIES: readonly Entry[] = [
  ["m", { guild: "Harbour" }, 1],
  ["u:1", { name: "Ada" }, 4],
];

function digest(entries: readonly Entry[]): number {
  return digestOf(entries.map(([key, , rev]) => [key, rev]));
}

function snap(offset: number, entries: readonly Entry[], epoch = "e1"): TopicMessage {
  return { t: "snap", topic, e: epoch, o: offset, page: 1, last: true, dg: digest(entries), s: entries };
}

function delta(from: number, to: number, ...ops: Extract<TopicMessage, { t: "d" }>["ops"]): TopicMessage {
  return { t: "d", topic, f: from, o: to, at: 1_000, ops };
}

function subscribed(how: "resumed" | "snapshot", offset: number, epoch = "e1"): TopicMessage {
  return { t: "subd", id: 1, topic, e: epoch, o: offset, how };
}

function run(replica: Replica, ...messages: readonly TopicMessage[]): ReplicaStep {
  let step: ReplicaStep = { replica, effects: [] };
  for (const message of messages) {
    const next = receive(step.replica, message, 0);
    step = { replica: next.replica, effects: [...step.effects, ...next.effects] };
  }
  return step;
}

function following(): Replica {
  return run(emptyReplica(topic), subscribed("snapshot", 4), snap(4, ENTRIES)).replica;
}

const keys = (replica: Replica): string[] => [...replica.held.map.keys()];

describe("a snapshot", () => {
  it("is held and followed once its last page has come", () => {
    const replica = following();
    expect(keys(replica)).toEqual(["m", "u:1"]);
    expect(replica.position).toEqual({ epoch: "e1", offset: 4 });
    expect(replica.sync.name).toBe("following");
  });

  it("stays out of sight until its last page", () => {
    const first: TopicMessage = {
      t: "snap",
      topic,
      e: "e2",
      o: 9,
      page: 1,
      last: false,
      dg: 0,
      s: [["u:9", { name: "Zoe" }, 9]],
    };
    const half = run(following(), first).replica;
    expect(keys(half)).toEqual(["m", "u:1"]);
    const all: readonly Entry[] = [
      ["u:9", { name: "Zoe" }, 9],
      ["u:8", { name: "Yan" }, 8],
    ];
    const done = run(half, { ...snap(9, all, "e2"), page: 2, s: all.slice(1) } as TopicMessage).replica;
    expect(keys(done)).toEqual(["u:9", "u:8"]);
    expect(done.position).toEqual({ epoch: "e2", offset: 9 });
  });

  it("of which a page is missing is asked for again", () => {
    const page = { ...snap(9, ENTRIES, "e2"), page: 3 } as TopicMessage;
    expect(run(following(), page).effects).toMatchObject([{ type: "resync", why: "gap" }]);
  });

  it("whose digest disagrees changes nothing that is shown, and is asked for again from nothing", () => {
    const wrong = { ...snap(9, [["x", 1, 9]], "e2"), dg: 7 } as TopicMessage;
    const { replica, effects } = run(following(), wrong);
    expect(keys(replica)).toEqual(["m", "u:1"]);
    expect(effects).toMatchObject([{ type: "resync", why: "digest", position: null }]);
  });

  it("keeps the entries it repeats, and the whole map when it repeats all", () => {
    const before = following();
    const again: readonly Entry[] = structuredClone(ENTRIES);
    expect(run(before, snap(4, again)).replica.held).toBe(before.held);
    const grown = run(before, snap(5, [...again, ["u:2", { name: "Bob" }, 5]])).replica;
    expect(grown.held.map.get("u:1")).toBe(before.held.map.get("u:1"));
  });

  it("from another epoch shares nothing, since revisions cannot be compared", () => {
    const before = following();
    const after = run(before, snap(4, [["u:1", { name: "Other" }, 4]], "e2")).replica;
    expect(after.held.map.get("u:1")?.[1]).toEqual({ name: "Other" });
  });
});

describe("a delta", () => {
  it("that starts where the copy stands is applied, and stamps its entries with its offset", () => {
    const { replica, effects } = run(following(), delta(4, 6, ["s", "u:2", { name: "Bob" }], ["d", "u:1"]));
    expect(replica.held.map.get("u:2")).toEqual(["u:2", { name: "Bob" }, 6]);
    expect(keys(replica)).toEqual(["m", "u:2"]);
    expect(replica.held.digest).toBe(
      digestOf([
        ["m", 1],
        ["u:2", 6],
      ]),
    );
    expect(replica.newestAt).toBe(1_000);
    expect(effects).toEqual([]);
  });

  it("that overlaps the position is applied", () => {
    expect(run(following(), delta(2, 7, ["s", "u:1", { name: "Ada L" }, 7])).replica.position?.offset).toBe(
      7,
    );
  });

  it("that ends at or before the position is dropped", () => {
    const replica = following();
    expect(run(replica, delta(2, 4, ["c"])).replica).toBe(replica);
  });

  it("that starts after the position asks for a resync from the position, once", () => {
    const { replica, effects } = run(following(), delta(6, 7, ["c"]), delta(7, 8, ["c"]));
    expect(effects).toEqual([
      { type: "resync", why: "gap", position: { epoch: "e1", offset: 4 }, digest: digest(ENTRIES) },
    ]);
    expect(keys(replica)).toEqual(["m", "u:1"]);
  });

  it("that joins on answers the resync", () => {
    const { replica } = run(following(), delta(6, 7, ["c"]), delta(4, 8, ["d", "u:1"]));
    expect(replica.sync.name).toBe("following");
    expect(keys(replica)).toEqual(["m"]);
  });

  it("clears everything with c", () => {
    const { replica } = run(following(), delta(4, 5, ["c"], ["s", "m", { guild: "New" }]));
    expect(keys(replica)).toEqual(["m"]);
    expect(replica.held.digest).toBe(digestOf([["m", 5]]));
  });

  it("with an op of unknown shape leaves everything as it was and asks from nothing", () => {
    const odd = delta(4, 5, ["d", "u:1"], ["x", "u:1"] as never);
    const { replica, effects } = run(following(), odd);
    expect(keys(replica)).toEqual(["m", "u:1"]);
    expect(effects).toMatchObject([{ type: "resync", why: "reducer", position: null }]);
  });

  it("leaves the entries it does not name the same objects", () => {
    const before = following();
    const after = run(before, delta(4, 5, ["s", "u:2", {}])).replica;
    expect(after.held.map.get("u:1")).toBe(before.held.map.get("u:1"));
    expect(before.held.map.has("u:2")).toBe(false);
  });
});

describe("a tick", () => {
  const tick = (o: number, dg: number): TopicMessage => ({ t: "tick", topic, o, dg });

  it("that agrees changes nothing", () => {
    const replica = following();
    expect(run(replica, tick(4, digest(ENTRIES))).replica).toBe(replica);
  });

  it("with another digest asks from nothing, and goes on showing what is held", () => {
    const { replica, effects } = run(following(), tick(4, 1));
    expect(effects).toEqual([{ type: "resync", why: "digest", position: null, digest: digest(ENTRIES) }]);
    expect(keys(replica)).toEqual(["m", "u:1"]);
  });

  it("ahead of the copy reveals a lost delta", () => {
    expect(run(following(), tick(5, 1)).effects).toMatchObject([{ type: "resync", why: "gap" }]);
  });

  it("behind the copy lets the hub decide, by telling it the position", () => {
    expect(run(following(), tick(3, 1)).effects).toMatchObject([
      { type: "resync", why: "gap", position: { epoch: "e1", offset: 4 } },
    ]);
  });

  it("asks again when the answer to a resync is overdue", () => {
    const asked = receive(following(), tick(5, 1), 0).replica;
    expect(receive(asked, tick(5, 1), RESYNC_ANSWER_MS - 1).effects).toEqual([]);
    expect(receive(asked, tick(5, 1), RESYNC_ANSWER_MS).effects).toHaveLength(1);
  });
});

describe("a new connection", () => {
  it("resumes with nothing to send when the copy is at the top", () => {
    const replica = replicaFrom(topic, { epoch: "e1", offset: 4 }, ENTRIES);
    expect(run(replica, subscribed("resumed", 4)).replica.sync.name).toBe("following");
  });

  it("catches up with one delta", () => {
    const behind = run(detached(following()), subscribed("resumed", 8)).replica;
    expect(behind.sync.name).toBe("catchingUp");
    const caught = run(behind, delta(4, 8, ["d", "u:1"])).replica;
    expect(caught.sync.name).toBe("following");
    expect(caught.newestAt).toBeNull();
  });

  it("drops half a snapshot of the old one", () => {
    const half = run(emptyReplica(topic), { ...snap(4, ENTRIES), last: false } as TopicMessage).replica;
    expect(half.sync.name).toBe("paging");
    expect(detached(half).sync.name).toBe("detached");
    expect(keys(detached(half))).toEqual([]);
  });

  it("that resumes an epoch the copy is not of is asked for everything", () => {
    const { effects } = run(following(), subscribed("resumed", 4, "e2"));
    expect(effects).toMatchObject([{ type: "resync", position: null }]);
  });
});

describe("the detector of fast loops", () => {
  it("calls the topic stuck at the resync after five in ten seconds, and asks no more", () => {
    let replica = following();
    const asked: string[] = [];
    for (let round = 0; round <= RESYNCS_WITHOUT_PROGRESS_MAX + 2; round++) {
      const step = receive(replica, { ...snap(9, ENTRIES, "e2"), dg: 1 } as TopicMessage, round * 100);
      replica = step.replica;
      asked.push(...step.effects.map((effect) => effect.type));
    }
    expect(asked).toEqual([...Array(RESYNCS_WITHOUT_PROGRESS_MAX).fill("resync"), "stuck"]);
    expect(replica.sync.name).toBe("stuck");
    expect(keys(replica)).toEqual(["m", "u:1"]);
  });

  it("begins afresh after the topic followed for a frame", () => {
    let replica = following();
    for (let round = 0; round < 20; round++) {
      const offset = replica.position?.offset ?? 0;
      replica = receive(replica, delta(offset + 5, offset + 6, ["c"]), round).replica;
      replica = receive(replica, delta(offset, offset + 6, ["d", "u:1"]), round).replica;
      replica = receive(replica, delta(offset + 6, offset + 7, ["s", "u:1", {}]), round).replica;
    }
    expect(replica.sync.name).toBe("following");
  });

  it("does not count resyncs that lie far apart", () => {
    let replica = following();
    for (let round = 0; round < 20; round++) {
      replica = receive(replica, { ...snap(9, ENTRIES, "e2"), dg: 1 } as TopicMessage, round * 3_000).replica;
    }
    expect(replica.sync.name).toBe("resyncing");
  });

  it("is left by starting again from nothing", () => {
    const stuck: Replica = { ...following(), position: null, sync: { name: "stuck", sinceMs: 0 } };
    expect(run(stuck, delta(4, 5, ["c"]), snap(5, [])).replica).toBe(stuck);
    const again = startAgain(stuck, 20_000);
    expect(again.effects).toMatchObject([{ type: "resync", position: null }]);
    expect(run(again.replica, snap(5, [["m", 1, 5]])).replica.sync.name).toBe("following");
  });
});
