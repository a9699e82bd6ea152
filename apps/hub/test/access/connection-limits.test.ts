import { describe, expect, it } from "vitest";
import {
  ACCEPTS_PER_SECOND,
  type ConnectionLimits,
  createConnectionLimits,
  type Seat,
  UNGREETED_MAX,
  UNGREETED_PER_ADDRESS_MAX,
} from "../../src/access/connection-limits.ts";

const RULES = { connectionsMax: 100_000, perAddressMax: 60, perUserMax: 2 };

function seat(limits: ConnectionLimits, address = "a", nowMs = 0): Seat {
  const outcome = limits.take(address, nowMs);
  if (!outcome.ok) throw new Error(`refused: ${outcome.why}`);
  return outcome.seat;
}

function why(limits: ConnectionLimits, address = "a", nowMs = 0): string {
  const outcome = limits.take(address, nowMs);
  return outcome.ok ? "seated" : outcome.why;
}

describe("sockets of one address", () => {
  it("may be as many as the rule says, and one more for each that leaves", () => {
    const limits = createConnectionLimits(RULES);
    const seats = Array.from({ length: RULES.perAddressMax }, () => {
      const taken = seat(limits);
      taken.greeted(null);
      return taken;
    });
    expect(why(limits)).toBe("address");
    expect(why(limits, "b")).toBe("seated");
    seats[0]?.leave();
    expect(why(limits)).toBe("seated");
  });

  it("may be fewer while they have not said who they are", () => {
    const limits = createConnectionLimits(RULES);
    for (let count = 0; count < UNGREETED_PER_ADDRESS_MAX; count++) seat(limits);
    expect(why(limits)).toBe("ungreeted_address");
  });
});

describe("sockets of the process", () => {
  it("are bounded", () => {
    const limits = createConnectionLimits({ ...RULES, connectionsMax: 2 });
    seat(limits, "a");
    seat(limits, "b");
    expect(why(limits, "c")).toBe("process");
  });

  it("are bounded while they have not said who they are", () => {
    const limits = createConnectionLimits(RULES);
    for (let count = 0; count < UNGREETED_MAX; count++) seat(limits, `address ${count}`, count * 10);
    expect(why(limits, "another", UNGREETED_MAX * 10)).toBe("ungreeted");
  });

  it("may come only so fast", () => {
    const limits = createConnectionLimits(RULES);
    for (let count = 0; count < ACCEPTS_PER_SECOND; count++) seat(limits, `address ${count}`).leave();
    expect(why(limits, "one more")).toBe("rate");
    expect(why(limits, "one more", 1_000 / ACCEPTS_PER_SECOND)).toBe("seated");
    expect(why(limits, "one more", 1_000 / ACCEPTS_PER_SECOND)).toBe("rate");
  });
});

describe("sockets of one user", () => {
  it("are bounded whatever address they come from, and one who sits has room", () => {
    const limits = createConnectionLimits(RULES);
    const first = seat(limits, "a");
    first.greeted("ann");
    seat(limits, "b").greeted("ann");
    const third = seat(limits, "c");
    expect(third.hasRoomFor("ann")).toBe(false);
    expect(third.hasRoomFor("bob")).toBe(true);
    expect(third.hasRoomFor(null)).toBe(true);
    expect(first.hasRoomFor("ann")).toBe(true);
    first.leave();
    expect(third.hasRoomFor("ann")).toBe(true);
  });
});

describe("a seat", () => {
  it("is given back once, however often it is left", () => {
    const limits = createConnectionLimits(RULES);
    const [one, two] = [seat(limits), seat(limits)];
    one.greeted("ann");
    one.leave();
    one.leave();
    expect([limits.openCount(), limits.ungreetedCount()]).toEqual([1, 1]);
    two.leave();
    two.greeted("ann");
    expect([limits.openCount(), limits.ungreetedCount()]).toEqual([0, 0]);
  });
});
