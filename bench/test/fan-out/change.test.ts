import { describe, expect, it } from "vitest";
import { readDelivery } from "../../../packages/events/src/delivery.ts";
import { changeEvent, changeMessage, OUR_GUILD, snapshotEvent } from "../../src/fan-out/change.ts";

describe("the change that is told to everybody", () => {
  it("is a delivery that the hub takes", () => {
    const events = [snapshotEvent(1, 0), changeEvent(0, 2, 0), changeEvent(200, 3, 0)];
    const read = readDelivery({ source: OUR_GUILD.id, epoch: "measured", events });
    expect(read.ok).toBe(true);
  });

  it("always changes somebody's state", () => {
    const flags = [0, 200, 400].map((change) => changeMessage(change, 0).ops[0]?.[2]);
    expect(flags.map((value) => (value as { flags: number }).flags)).toEqual([1, 0, 1]);
  });

  it("has some 360 bytes", () => {
    const { length } = JSON.stringify(changeMessage(4_321, Date.UTC(2026, 10, 26)));
    expect(length).toBeGreaterThan(300);
    expect(length).toBeLessThan(400);
  });
});
