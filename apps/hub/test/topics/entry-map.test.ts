import type { VoiceValue } from "@guildwire/client/rooms";
import type { Op } from "@guildwire/live";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VoiceMap } from "../../src/features/rooms/projection/voice-map.ts";
import { applyOps, layerOver, withOps } from "../../src/topics/entry-map.ts";

const value = (name: string): VoiceValue => ({ name, position: 0 });
const held = (): Map<string, VoiceValue> =>
  new Map([
    ["c:1", value("one")],
    ["c:2", value("two")],
  ]);

const keys = fc.constantFrom("c:1", "c:2", "c:3", "c:4");
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant("s" as const), keys, fc.string().map(value)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("d" as const), keys) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("c" as const)) },
);

function sorted(map: VoiceMap): readonly (readonly [string, VoiceValue])[] {
  return [...map].toSorted(([one], [other]) => one.localeCompare(other));
}

describe("a layer over a map", () => {
  it("reads as the map does once the same is done to it", () => {
    fc.assert(
      fc.property(fc.array(op), fc.array(op), (first, then) => {
        const map = held();
        const layered = withOps(withOps(map, first), then);
        const [told, toldKeys] = [sorted(layered), [...layered.keys()]];
        const has = toldKeys.every((key) => layered.has(key) && layered.get(key) !== undefined);
        applyOps(map, [...first, ...then]);
        expect(told).toEqual(sorted(map));
        expect(toldKeys.toSorted()).toEqual([...map.keys()].toSorted());
        expect(has).toBe(true);
        for (const key of ["c:1", "c:2", "c:3", "c:4"]) expect(layered.get(key)).toEqual(map.get(key));
      }),
    );
  });

  it("leaves what is underneath as it was", () => {
    const map = held();
    const layer = layerOver(map);
    layer.set("c:1", value("other"));
    layer.set("c:3", value("three"));
    layer.delete("c:2");
    expect(layer.has("c:2")).toBe(false);
    layer.clear();
    expect([...layer]).toEqual([]);
    expect(map).toEqual(held());
  });

  it("names what it changed, also what a clear took away", () => {
    const layer = layerOver(held());
    layer.set("c:3", value("three"));
    layer.clear();
    layer.set("c:2", value("again"));
    expect(new Map(layer.changes())).toEqual(
      new Map([
        ["c:1", undefined],
        ["c:2", value("again")],
      ]),
    );
  });

  it("asks what is underneath for nothing but the keys that are read", () => {
    let read = 0;
    const many: VoiceMap = {
      get: () => undefined,
      has: () => false,
      keys: () => {
        read += 1;
        return new Map<string, VoiceValue>().keys();
      },
      [Symbol.iterator]: () => {
        read += 1;
        return new Map<string, VoiceValue>()[Symbol.iterator]();
      },
    };
    expect(withOps(many, [["s", "c:1", value("one")]]).get("c:1")).toEqual(value("one"));
    expect(read).toBe(0);
  });
});
