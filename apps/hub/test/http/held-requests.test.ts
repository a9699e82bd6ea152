import { describe, expect, it } from "vitest";
import { createHeldRequests, HELD_MAX, HELD_PER_ADDRESS_MAX } from "../../src/http/held-requests.ts";

const nothing = (): void => undefined;

describe("held requests", () => {
  it("have a bound for one address, which a release makes room under", () => {
    const held = createHeldRequests();
    const holds = Array.from({ length: HELD_PER_ADDRESS_MAX }, () => held.hold("a", nothing));
    expect(held.hold("a", nothing)).toEqual({ ok: false, why: "address_full" });
    expect(held.hold("b", nothing).ok).toBe(true);
    const [first] = holds;
    if (first?.ok !== true) throw new Error("refused");
    first.release();
    first.release();
    expect(held.count()).toBe(HELD_PER_ADDRESS_MAX);
    expect(held.hold("a", nothing).ok).toBe(true);
    expect(held.hold("a", nothing)).toEqual({ ok: false, why: "address_full" });
  });

  it("have a bound for the process", () => {
    const held = createHeldRequests();
    for (let index = 0; index < HELD_MAX; index++) held.hold(`a${index}`, nothing);
    expect(held.hold("one more", nothing)).toEqual({ ok: false, why: "process_full" });
    expect(held.count()).toBe(HELD_MAX);
  });

  it("are all ended when the hub stops, and no more are taken", () => {
    const held = createHeldRequests();
    const ended: string[] = [];
    held.hold("a", () => ended.push("first"));
    const second = held.hold("a", () => ended.push("second"));
    if (second.ok) second.release();
    held.close();
    expect(ended).toEqual(["first"]);
    expect(held.hold("b", nothing)).toEqual({ ok: false, why: "closing" });
  });
});
