/**
 * A made-up stream of facts against receivers that misbehave by seed, with slow commits, bounds, blanking, replays and
 * restarts. Whatever happens, each receiver ends up with every fact once and in order, or with a record that it is lost.
 */
import { createVirtualClock } from "@guildwire/runtime/testing";
import { describe, expect, it } from "vitest";
import { createMemoryStore, emptyDisk } from "../src/store/memory-store.ts";
import { type Answer, FACTS, type Received, type SentEvent, setUp, take } from "./rig.ts";

function rolls(seed: number): () => number {
  let state = (seed + 1) * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A receiver of facts as it has to be, which remembers what it committed. */
class HonestReceiver {
  epoch = "";
  seq = 0;
  readonly facts: number[] = [];
  /** Records of lost events, and how many facts had been appended when each came. */
  readonly losses: {
    readonly reason: string;
    readonly count: number | null;
    readonly ns: readonly number[];
  }[] = [];
  readonly #nOf: (epoch: string, seq: number) => number | undefined;

  constructor(nOf: (epoch: string, seq: number) => number | undefined) {
    this.#nOf = nOf;
  }

  take({ deliveries, isMulti }: Received): Awaited<ReturnType<Answer>> {
    const results = deliveries.map((delivery) => ({ source: delivery.source, ...this.#one(delivery) }));
    if (isMulti) return { status: 200, json: { results } };
    const [result] = results;
    return { status: result !== undefined && "want" in result ? 409 : 200, json: result };
  }

  #one({ epoch, events }: Received["deliveries"][number]) {
    const isKnown = epoch === this.epoch;
    const fresh = isKnown ? events.filter(({ seq }) => seq > this.seq) : events;
    const [first] = fresh;
    if (first === undefined) return { acked: this.seq };
    const from = first.type === "events.lost" ? Number(first.data["from"]) : first.seq;
    if (isKnown && from > this.seq + 1) return { want: "from", epoch, seq: this.seq };
    if (!isKnown && first.seq !== 1 && first.type !== "events.lost") return { want: "snapshot" };
    for (const event of fresh) this.#commit(epoch, event);
    return { acked: this.seq };
  }

  #commit(epoch: string, event: SentEvent): void {
    if (event.type === "events.lost") {
      const { from, to, count, reason } = event.data as {
        from: number;
        to: number;
        count: number;
        reason: string;
      };
      const ns = Array.from({ length: to - from + 1 }, (_, n) => this.#nOf(epoch, from + n) ?? []).flat();
      this.losses.push({ reason, count, ns });
    } else {
      if (epoch === this.epoch) expect(event.seq).toBe(this.seq + 1);
      const n = event.data["n"];
      if (typeof n === "number") this.facts.push(n);
    }
    this.epoch = epoch;
    this.seq = event.seq;
  }
}

const LIES = ["500", "400", "401", "503", "none", "snapshot", "lose", "from", "lateAnswer"] as const;

async function play(seed: number) {
  const roll = rolls(seed);
  const disk = emptyDisk();
  const clock = createVirtualClock();
  const slow = async () => {
    for (let turns = Math.floor(roll() * 3); turns > 0; turns -= 1) await new Promise(setImmediate);
  };
  /** By epoch: which fact has which number. */
  const numbers = new Map<string, Map<number, number>>();
  const nOf = (epoch: string, seq: number) => numbers.get(epoch)?.get(seq);
  const honest = { a: new HonestReceiver(nOf), b: new HonestReceiver(nOf) };
  let calm = false;
  const answering = (name: "a" | "b"): Answer => {
    const receiver = honest[name];
    return (one) => {
      if (one.deliveries.every(({ source }) => source !== FACTS.id)) return take(one);
      const lie = !calm && roll() < 0.5 ? LIES[Math.floor(roll() * LIES.length)] : undefined;
      if (lie === undefined || one.isMulti) return receiver.take(one);
      switch (lie) {
        case "none":
          return "no answer";
        case "lateAnswer":
          receiver.take(one);
          return "no answer";
        case "snapshot":
          return { status: 409, json: { want: "snapshot" } };
        case "lose":
          // Its store is lost: it knows neither epoch nor place.
          receiver.epoch = "";
          return receiver.take(one);
        case "from":
          return { status: 409, json: { want: "from", epoch: one.deliveries[0]?.epoch, seq: receiver.seq } };
        default:
          return { status: Number(lie) };
      }
    };
  };
  const bounds = { rowsMax: 60 };
  const receivers = { a: { answers: answering("a"), bounds }, b: { answers: answering("b"), bounds } };
  let n = 0;
  for (let life = 0; life < 4; life += 1) {
    const rig = await setUp({ store: createMemoryStore(disk, slow), clock, receivers, snapshot: null });
    const stream = await rig.delivery.openStream(FACTS);
    await rig.delivery.start();
    for (let step = 0; step < 25; step += 1) {
      const entries = Array.from({ length: 1 + Math.floor(roll() * 8) }, () => {
        n += 1;
        return {
          type: "thing.said",
          timestamp: new Date(clock.wallMs()).toISOString(),
          data: JSON.stringify({ n }),
        };
      });
      const { firstSeq } = await rig.append(FACTS.id, ...entries);
      const { epoch } = rig.delivery.stream(FACTS.id) ?? stream;
      const seen = numbers.get(epoch) ?? new Map<number, number>();
      for (const index of entries.keys()) seen.set(firstSeq + index, n - entries.length + 1 + index);
      numbers.set(epoch, seen);
      if (roll() < 0.3)
        await clock.until(new Promise<void>((resolve) => clock.after(roll() * 60_000, resolve)));
      if (roll() < 0.3) rig.delivery.keepBounded();
      if (roll() < 0.1) await clock.until(rig.delivery.maintain());
    }
    calm = life === 3;
    if (calm) expect(await rig.flush(36_000_000)).toBe(true);
    await rig.delivery.stop();
  }
  return { n, honest };
}

describe("a stream of facts under whatever receivers answer", () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    "is received whole and in order, or its losses are recorded (seed %i)",
    async (seed) => {
      const { n, honest } = await play(seed);
      for (const receiver of Object.values(honest)) {
        const got = new Set(receiver.facts);
        const recorded = new Set(receiver.losses.flatMap(({ ns }) => ns));
        const unaccounted = Array.from({ length: n }, (_, index) => index + 1).filter(
          (fact) => !got.has(fact) && !recorded.has(fact),
        );
        expect(unaccounted).toEqual([]);
        expect(receiver.losses.filter(({ count, ns }) => count !== null && count !== ns.length)).toEqual([]);
      }
    },
  );
});
