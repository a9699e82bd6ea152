import { describe, expect, it } from "vitest";
import { createHeldRequests, HELD_MAX, HELD_PER_ADDRESS_MAX } from "../../src/access/held-requests.ts";

const nothing = (): void => undefined;

describe("held requests", () => {
  it("have a bound for one address, which a release makes room under", () => {
    const held = createHeldRequests(() => Number.POSITIVE_INFINITY);
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
    const held = createHeldRequests(() => Number.POSITIVE_INFINITY);
    for (let index = 0; index < HELD_MAX; index++) held.hold(`a${index}`, nothing);
    expect(held.hold("one more", nothing)).toEqual({ ok: false, why: "process_full" });
    expect(held.count()).toBe(HELD_MAX);
  });

  it("take no more connections than sockets leave", () => {
    let free = 1;
    const held = createHeldRequests(() => free);
    expect(held.hold("a", nothing).ok).toBe(true);
    expect(held.hold("b", nothing)).toEqual({ ok: false, why: "process_full" });
    free = 2;
    expect(held.hold("b", nothing).ok).toBe(true);
  });

  it("are all ended when the hub stops, and no more are taken", () => {
    const held = createHeldRequests(() => Number.POSITIVE_INFINITY);
    const ended: string[] = [];
    held.hold("a", () => ended.push("first"));
    const second = held.hold("a", () => ended.push("second"));
    if (second.ok) second.release();
    held.close();
    expect(ended).toEqual(["first"]);
    expect(held.hold("b", nothing)).toEqual({ ok: false, why: "closing" });
  });
});
