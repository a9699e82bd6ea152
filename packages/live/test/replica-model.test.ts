import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf } from "../src/digest.ts";
import type { Entry, Op } from "../src/op.ts";
import {
  detached,
  emptyReplica,
  RESYNC_ANSWER_MS,
  type Replica,
  type ReplicaEffect,
  receive,
  startAgain,
  type TopicMessage,
} from "../src/replica.ts";

/**
 * A hub of the simplest kind beside a network that loses, repeats, delays and swaps frames. After the faults stop,
 * ticks alone must bring the copy to the truth.
 */
const topic = "t";

class ModelHub {
  epoch = 1;
  offset = 0;
  truth = new Map<string, Entry>();
  /** The log of this epoch, for squashed answers. */
  log: { readonly offset: number; readonly keys: readonly string[] }[] = [];

  commit(writes: readonly (readonly [string, number | null])[], stride: number): TopicMessage {
    const from = this.offset;
    this.offset += stride;
    const ops = writes.map(([key, value]): Op => {
      if (value === null) {
        this.truth.delete(key);
        return ["d", key];
      }
      this.truth.set(key, [key, value, this.offset]);
      return ["s", key, value];
    });
    this.log.push({ offset: this.offset, keys: writes.map(([key]) => key) });
    return { t: "d", topic, f: from, o: this.offset, at: 0, ops };
  }

  newEpoch(): void {
    this.epoch++;
    this.log = [];
    this.offset = 0;
    this.truth = new Map([...this.truth].map(([key, [, value]]) => [key, [key, value, 0]]));
  }

  digest(): number {
    return digestOf([...this.truth.values()].map(([key, , rev]) => [key, rev]));
  }

  tick(): TopicMessage {
    return { t: "tick", topic, o: this.offset, dg: this.digest() };
  }

  answer(position: Replica["position"]): TopicMessage[] {
    const epoch = `e${this.epoch}`;
    const resumable = position !== null && position.epoch === epoch && position.offset <= this.offset;
    const how = resumable ? "resumed" : "snapshot";
    const head: TopicMessage = { t: "subd", id: 1, topic, e: epoch, o: this.offset, how };
    if (!resumable) return [head, ...this.snapshot(epoch)];
    if (position.offset === this.offset) return [head];
    const keys = new Set(
      this.log.filter((entry) => entry.offset > position.offset).flatMap((entry) => entry.keys),
    );
    const ops = [...keys].map((key): Op => {
      const entry = this.truth.get(key);
      return entry === undefined ? ["d", key] : ["s", entry[0], entry[1], entry[2]];
    });
    return [head, { t: "d", topic, f: position.offset, o: this.offset, at: 0, ops }];
  }

  snapshot(epoch: string): TopicMessage[] {
    const all = [...this.truth.values()];
    const half = Math.ceil(all.length / 2);
    const page = (number: number, last: boolean, s: readonly Entry[]): TopicMessage => {
      return { t: "snap", topic, e: epoch, o: this.offset, page: number, last, dg: this.digest(), s };
    };
    return [page(1, false, all.slice(0, half)), page(2, true, all.slice(half))];
  }
}

const write = fc.tuple(
  fc.constantFrom("a", "b", "c", "d", "e"),
  fc.option(fc.nat({ max: 9 }), { nil: null, freq: 3 }),
);
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("commit" as const),
      writes: fc.array(write, { maxLength: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom("deliver" as const, "drop" as const, "duplicate" as const, "swap" as const),
      at: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("tick" as const, "reconnect" as const, "newEpoch" as const) }),
  },
);

type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

class Wire {
  hub = new ModelHub();
  replica = emptyReplica(topic);
  inFlight: TopicMessage[] = [];
  nowMs = 0;
  resyncs = 0;

  /** A connection carries one epoch's frames in order, so a new epoch begins with a new connection here. */
  reconnect(): void {
    this.inFlight = [];
    this.replica = detached(this.replica);
    this.inFlight.push(...this.hub.answer(this.replica.position));
  }

  take(message: TopicMessage | undefined): void {
    if (message === undefined) return;
    const step = receive(this.replica, message, this.nowMs);
    this.replica = step.replica;
    for (const effect of step.effects) this.perform(effect);
  }

  perform(effect: ReplicaEffect): void {
    if (effect.type === "stuck") return;
    this.resyncs++;
    this.inFlight.push(...this.hub.answer(effect.position));
  }

  /** What a page does some seconds after its copy found itself in a loop. */
  goOnAfterPause(): void {
    if (this.replica.sync.name !== "stuck") return;
    const step = startAgain(this.replica, this.nowMs);
    this.replica = step.replica;
    for (const effect of step.effects) this.perform(effect);
  }

  drain(): void {
    for (let bound = 0; this.inFlight.length > 0; bound++) {
      if (bound > 1_000) throw new Error("the exchange does not end");
      this.take(this.inFlight.shift());
    }
  }

  isTrue(): boolean {
    const held = [...this.replica.held.map.values()].map(([key, value]) => [key, value]).sort();
    const truth = [...this.hub.truth.values()].map(([key, value]) => [key, value]).sort();
    return JSON.stringify(held) === JSON.stringify(truth);
  }
}

function act(wire: Wire, step: Action): void {
  const at = "at" in step ? Math.min(step.at, Math.max(wire.inFlight.length - 1, 0)) : 0;
  switch (step.do) {
    case "commit":
      wire.inFlight.push(wire.hub.commit(step.writes, step.stride));
      return;
    case "deliver":
      wire.take(wire.inFlight.shift());
      return;
    case "drop":
      wire.inFlight.splice(at, 1);
      return;
    case "duplicate": {
      const frame = wire.inFlight[at];
      if (frame !== undefined) wire.inFlight.push(frame);
      return;
    }
    case "swap":
      wire.inFlight.unshift(...wire.inFlight.splice(at, 1));
      return;
    case "tick":
      wire.inFlight.push(wire.hub.tick());
      return;
    case "newEpoch":
      wire.hub.newEpoch();
      wire.reconnect();
      return;
    case "reconnect":
      wire.reconnect();
      return;
    default:
      step satisfies never;
  }
}

/** By default most lists would be of a handful of actions, in which nothing can happen. */
const LONG = { minLength: 5, maxLength: 80, size: "max" } as const;

describe("a copy behind a network that drops, repeats, delays and swaps", () => {
  it("holds the truth once the faults stop and a few ticks have come", () => {
    fc.assert(
      fc.property(fc.array(action, LONG), (steps) => {
        const wire = new Wire();
        wire.reconnect();
        for (const step of steps) {
          wire.nowMs += 2_100;
          act(wire, step);
        }
        wire.drain();
        for (let tick = 0; tick < 5; tick++) {
          wire.nowMs += RESYNC_ANSWER_MS;
          wire.goOnAfterPause();
          wire.inFlight.push(wire.hub.tick());
          wire.drain();
        }
        expect(wire.isTrue()).toBe(true);
        expect(wire.replica.sync.name).toBe("following");
      }),
      { numRuns: 500 },
    );
  });

  it("keeps its running digest equal to one computed afresh", () => {
    fc.assert(
      fc.property(fc.array(action, LONG), (steps) => {
        const wire = new Wire();
        wire.reconnect();
        for (const step of steps) {
          wire.nowMs += 2_100;
          act(wire, step);
          const afresh = digestOf([...wire.replica.held.map.values()].map(([key, , rev]) => [key, rev]));
          expect(wire.replica.held.digest).toBe(afresh);
        }
      }),
    );
  });

  it("never asks again on a connection that loses nothing", () => {
    fc.assert(
      fc.property(fc.array(action, LONG), (steps) => {
        const wire = new Wire();
        wire.reconnect();
        for (const step of steps) {
          if (step.do !== "drop" && step.do !== "duplicate" && step.do !== "swap") act(wire, step);
        }
        wire.drain();
        expect(wire.resyncs).toBe(0);
        expect(wire.isTrue()).toBe(true);
      }),
    );
  });
});
