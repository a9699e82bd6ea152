import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { StandardOutput } from "../../src/log/standard-output.ts";

/** A pipe with room for so many bytes; `null`: closed by its reader. */
let room: number | null;
let received: string;
let output: StandardOutput;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  room = Number.POSITIVE_INFINITY;
  received = "";
  output = new StandardOutput({
    app: "worker",
    wallMs: () => Date.parse("2026-11-25T12:00:00Z"),
    waitingBytesMax: 8,
    write(bytes) {
      if (room === null) throw Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
      if (room === 0) throw Object.assign(new Error("write EAGAIN"), { code: "EAGAIN" });
      const count = Math.min(room, bytes.length);
      received += Buffer.from(bytes.subarray(0, count)).toString();
      room -= count;
      return count;
    },
  });
});

const lines = (): readonly string[] => received.split("\n").slice(0, -1);

describe("standard output", () => {
  it("gets each record at once", () => {
    output.write("one\n");
    expect(received).toBe("one\n");
    output.write("two\n");
    expect(received).toBe("one\ntwo\n");
  });

  it("gets what a full pipe did not accept as soon as it does, in order and without a new record", () => {
    room = 2;
    output.write("one\n");
    output.write("two\n");
    expect(received).toBe("on");
    room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(100);
    expect(received).toBe("one\ntwo\n");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("reports how many records were left out beyond the bound, after those that waited", () => {
    room = 0;
    for (const record of ["one\n", "two\n", "three\n", "four\n"]) output.write(record);
    room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(100);
    output.write("five\n");
    const [first, second, report = "", last] = lines();
    expect([first, second, last]).toEqual(["one", "two", "five"]);
    expect(JSON.parse(report)).toMatchObject({
      level: "warn",
      time: "2026-11-25T12:00:00.000Z",
      app: "worker",
      event: "log_records_left_out",
      records: 2,
    });
  });

  it("keeps a record whole that is larger than the bound", () => {
    room = 5;
    output.write("a record beyond the bound\n");
    output.write("next\n");
    room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(100);
    expect(lines()[0]).toBe("a record beyond the bound");
    expect(JSON.parse(lines()[1] ?? "")).toMatchObject({ event: "log_records_left_out", records: 1 });
  });

  it("never throws while its reader is gone, and keeps nothing for it", () => {
    room = null;
    for (let index = 0; index < 100; index += 1) output.write("lost\n");
    vi.advanceTimersByTime(1_000);
    room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(100);
    expect(lines().map((line) => JSON.parse(line))).toMatchObject([
      { event: "log_records_left_out", records: 100 },
    ]);
  });
});
