import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Delta } from "../src/delta.ts";
import { digestOf } from "../src/digest.ts";
import type { Entry, Op } from "../src/op.ts";
import {
  createTopicLog,
  DELTA_OPS_MAX,
  RING_AGE_MAX_MS,
  RING_DELTAS_MAX,
  RING_OPS_MAX,
  type TopicLog,
} from "../src/topic-log.ts";

const now = { atMs: 1, nowMs: 1 };

/** What a browser does with a delta, written as simply as can be. */
function applied(entries: readonly Entry[], delta: Delta): readonly Entry[] {
  const map = new Map(entries.map((entry) => [entry[0], entry]));
  for (const op of delta.ops) {
    if (op[0] === "s") map.set(op[1], [op[1], op[2], op[3] ?? delta.to]);
    else if (op[0] === "d") map.delete(op[1]);
    else map.clear();
  }
  return [...map.values()];
}

const sorted = (entries: readonly Entry[]): readonly Entry[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

function filled(count: number): TopicLog {
  const log = createTopicLog("e");
  log.commit(
    Array.from({ length: count }, (_, index): Op => ["s", `k${index}`, 0]),
    now,
  );
  return log;
}

describe("a commit", () => {
  it("makes one offset of many ops (T2)", () => {
    const log = createTopicLog("e");
    expect(
      log.commit(
        [
          ["s", "a", 1],
          ["s", "b", 2],
        ],
        { atMs: 7, nowMs: 9 },
      ),
    ).toEqual({
      epoch: "e",
      from: 0,
      to: 1,
      atMs: 7,
      ops: [
        ["s", "a", 1],
        ["s", "b", 2],
      ],
    });
    expect(log.position()).toEqual({ epoch: "e", offset: 1 });
  });

  it("makes no offset when nothing changes (T1)", () => {
    const log = createTopicLog("e");
    log.commit([["s", "a", { x: 1, y: 2 }]], now);
    expect(
      log.commit(
        [
          ["s", "a", { y: 2, x: 1 }],
          ["d", "nobody"],
        ],
        now,
      ),
    ).toBeUndefined();
    expect(
      log.commit(
        [
          ["s", "b", 1],
          ["d", "b"],
        ],
        now,
      ),
    ).toBeUndefined();
    expect(
      log.commit(
        [
          ["d", "a"],
          ["s", "a", { x: 1, y: 2 }],
        ],
        now,
      ),
    ).toBeUndefined();
    expect(log.commit([], now)).toBeUndefined();
    expect(log.position().offset).toBe(1);
  });

  it("keeps the last of several ops on one key", () => {
    const log = createTopicLog("e");
    expect(
      log.commit(
        [
          ["s", "a", 1],
          ["d", "a"],
          ["s", "a", 2],
        ],
        now,
      )?.ops,
    ).toEqual([["s", "a", 2]]);
  });

  it("leaves the revision of a key that did not change (T3)", () => {
    const log = createTopicLog("e");
    log.commit(
      [
        ["s", "a", 1],
        ["s", "b", 1],
      ],
      now,
    );
    log.commit(
      [
        ["s", "a", 1],
        ["s", "b", 2],
      ],
      now,
    );
    expect(sorted(log.snapshot().entries)).toEqual([
      ["a", 1, 1],
      ["b", 2, 2],
    ]);
  });

  it("makes deletions of a clear after which something stays as it was", () => {
    const log = createTopicLog("e");
    log.commit(
      [
        ["s", "a", 1],
        ["s", "b", 1],
      ],
      now,
    );
    expect(log.commit([["c"], ["s", "a", 1], ["s", "c", 1]], now)?.ops).toEqual([
      ["d", "b"],
      ["s", "c", 1],
    ]);
    expect(log.commit([["c"], ["s", "z", 1]], now)?.ops).toEqual([["c"], ["s", "z", 1]]);
    expect(log.commit([["c"]], now)?.ops).toEqual([["c"]]);
    expect(log.commit([["c"]], now)).toBeUndefined();
  });
});

describe("what happened since a position", () => {
  it("is nothing at the top, even of a log that never had a change", () => {
    expect(createTopicLog("e").since({ epoch: "e", offset: 0 }, 0)).toMatchObject({
      type: "delta",
      delta: undefined,
    });
  });

  it("is a snapshot for another epoch, and `ahead` beyond the top", () => {
    const log = filled(3);
    expect(log.since({ epoch: "f", offset: 1 }, 0)).toEqual({ type: "snapshot" });
    expect(log.since({ epoch: "e", offset: 2 }, 0)).toEqual({ type: "ahead" });
  });

  it("is forgotten after as many commits as the ring holds (T4)", () => {
    const log = filled(3);
    const position = log.position();
    for (let value = 1; value <= RING_DELTAS_MAX; value++) log.commit([["s", "k0", value]], now);
    expect(log.since(position, 1)).toMatchObject({
      type: "delta",
      delta: { ops: [["s", "k0", RING_DELTAS_MAX]] },
    });
    log.commit([["s", "k0", "more"]], now);
    expect(log.since(position, 1)).toEqual({ type: "snapshot" });
  });

  it("is forgotten after as many ops as the ring holds, also by a log that is opened again (T4)", () => {
    const size = DELTA_OPS_MAX / 2;
    const change = (value: number): readonly Op[] =>
      Array.from({ length: size }, (_, index): Op => ["s", `k${index}`, value]);
    const first = filled(size);
    const position = first.position();
    const kept = Math.floor(RING_OPS_MAX / size);
    for (let value = 1; value < kept; value++) first.commit(change(value), now);
    const { entries } = first.snapshot();
    const ring = first.chain(position, 1) ?? [];
    const log = createTopicLog("e", { offset: first.position().offset, entries, ring });

    expect(log.plan(change(kept), now)?.reachesBackTo).toBe(position.offset);
    log.commit(change(kept), now);
    expect(log.chain(position, 1)).toHaveLength(kept);
    expect(log.since(position, 1).type).toBe("delta");
    expect(log.plan(change(kept + 1), now)?.reachesBackTo).toBe(position.offset + 1);
    log.commit(change(kept + 1), now);
    expect(log.chain(position, 1)).toBeUndefined();
    expect(log.since(position, 1)).toEqual({ type: "snapshot" });
    expect(log.chain({ ...position, offset: position.offset + 1 }, 1)).toHaveLength(kept);
  });

  it("is forgotten after the age the ring holds (T4)", () => {
    const log = filled(3);
    const position = log.position();
    log.commit([["s", "k0", 1]], { atMs: 5, nowMs: 1_000 });
    expect(log.since(position, 1_000 + RING_AGE_MAX_MS).type).toBe("delta");
    expect(log.since(position, 1_001 + RING_AGE_MAX_MS).type).toBe("snapshot");
    expect(log.since(log.position(), 1_001 + RING_AGE_MAX_MS).type).toBe("delta");
  });

  it("is a snapshot when the delta would be longer than the topic, or than a frame may be", () => {
    const small = filled(2);
    const before = small.position();
    small.commit(
      [
        ["d", "k0"],
        ["d", "k1"],
        ["s", "x", 1],
      ],
      now,
    );
    expect(small.since(before, 1)).toEqual({ type: "snapshot" });

    const large = filled(DELTA_OPS_MAX + 1);
    const start = large.position();
    const ops = Array.from({ length: DELTA_OPS_MAX }, (_, index): Op => ["s", `k${index}`, 1]);
    large.commit(ops, now);
    expect(large.since(start, 1).type).toBe("delta");
    large.commit([["s", `k${DELTA_OPS_MAX}`, 1]], now);
    expect(large.since(start, 1).type).toBe("snapshot");
  });
});

describe("any run of commits", () => {
  const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const op: fc.Arbitrary<Op> = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant("s" as const), key, fc.nat(2)) },
    { weight: 3, arbitrary: fc.tuple(fc.constant("d" as const), key) },
    { weight: 1, arbitrary: fc.constant(["c"] as const) },
  );
  const runs = fc.array(fc.array(op, { maxLength: 5 }), { maxLength: 15 });

  it("keeps the digest of its entries, and offsets that follow each other", () => {
    fc.assert(
      fc.property(runs, (commits) => {
        const log = createTopicLog("e");
        for (const ops of commits) {
          const before = log.position().offset;
          const delta = log.commit(ops, now);
          expect(log.position().offset).toBe(before + (delta === undefined ? 0 : 1));
          const { digest, entries } = log.snapshot();
          expect(digest).toBe(digestOf(entries.map(([name, , rev]) => [name, rev])));
        }
      }),
    );
  });

  it("leads from any earlier position to the same entries, by each delta in turn or by the squashed one", () => {
    fc.assert(
      fc.property(runs, fc.nat(), (commits, at) => {
        const log = createTopicLog("e");
        const start = commits.length === 0 ? 0 : at % commits.length;
        for (const ops of commits.slice(0, start)) log.commit(ops, now);
        const from = log.snapshot();
        const deltas = commits.slice(start).flatMap((ops) => log.commit(ops, now) ?? []);
        const end = sorted(log.snapshot().entries);
        expect(sorted(deltas.reduce(applied, from.entries))).toEqual(end);
        const since = log.since(from.position, 1);
        fc.pre(since.type === "delta");
        const squashed = since.type === "delta" && since.delta !== undefined ? [since.delta] : [];
        expect(sorted(squashed.reduce(applied, from.entries))).toEqual(end);
      }),
    );
  });
});

describe("a plan", () => {
  it("changes nothing until it is applied, and is what a commit would have done (T5)", () => {
    const log = filled(3);
    const twin = filled(3);
    const ops: readonly Op[] = [
      ["s", "k1", 7],
      ["d", "k2"],
      ["s", "k0", 0],
    ];
    const before = log.snapshot();
    const planned = log.plan(ops, now);
    expect(log.snapshot()).toEqual(before);
    expect(planned?.delta).toEqual(twin.commit(ops, now));
    if (planned !== undefined) log.apply(planned, now.nowMs);
    expect(log.snapshot()).toEqual(twin.snapshot());
    expect(log.plan(ops, now)).toBeUndefined();
  });

  it("cannot be applied after something else was", () => {
    const log = filled(1);
    const planned = log.plan([["s", "a", 1]], now);
    log.commit([["s", "b", 1]], now);
    expect(() => planned && log.apply(planned, now.nowMs)).toThrow("planned at offset 1, applied at 2");
  });

  it("says how far back the ring reaches after it (T4)", () => {
    const log = filled(1);
    const reachesBackTo = (nowMs: number, ops: readonly Op[] = [["s", "k0", nowMs]]) => {
      const planned = log.plan(ops, { atMs: nowMs, nowMs });
      if (planned !== undefined) log.apply(planned, nowMs);
      return planned?.reachesBackTo;
    };
    expect(reachesBackTo(2)).toBe(0);
    expect(reachesBackTo(2 + RING_AGE_MAX_MS)).toBe(1);
    const many = Array.from({ length: DELTA_OPS_MAX + 1 }, (_, index): Op => ["s", `n${index}`, 1]);
    expect(reachesBackTo(3 + RING_AGE_MAX_MS, many)).toBe(4);
    expect(reachesBackTo(4 + RING_AGE_MAX_MS)).toBe(4);
  });
});

describe("a log made from what was stored", () => {
  it("answers as the one it was stored from", () => {
    const log = filled(3);
    const delta = log.commit([["s", "k1", 9]], now);
    const { position, digest, entries } = log.snapshot();
    const ring = delta === undefined ? [] : [{ delta, committedAtMs: now.nowMs }];
    const again = createTopicLog("e", { offset: position.offset, entries, ring });
    expect(again.snapshot()).toEqual({ position, digest, entries });
    expect(again.since({ epoch: "e", offset: 1 }, now.nowMs)).toEqual(
      log.since({ epoch: "e", offset: 1 }, now.nowMs),
    );
    expect(again.since({ epoch: "e", offset: 0 }, now.nowMs)).toEqual({ type: "snapshot" });
  });
});
