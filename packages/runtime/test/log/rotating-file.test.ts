import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { expiredNames } from "../../src/log/log-rotation.ts";
import { RotatingFile } from "../../src/log/rotating-file.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const NOON = Date.parse("2026-11-25T12:00:00Z");
const DAY = 86_400_000;

function setUp(options: { readonly retentionDays?: number; readonly bytesMax?: number } = {}) {
  const directory = temporaryDirectory();
  const path = join(directory, "worker.log");
  const clock = createVirtualClock(NOON);
  const file = new RotatingFile({ path, app: "worker", retentionDays: 14, clock, ...options });
  onTestFinished(() => file.close());
  const read = (name = "worker.log") => readFileSync(join(directory, name), "utf8");
  const pass = (ms: number) => clock.advance(ms);
  return { clock, directory, path, file, read, pass, names: () => readdirSync(directory).toSorted() };
}

describe("a log file", () => {
  it("has each record at once, and goes on where an earlier process of the day stopped", () => {
    const { path, file, read } = setUp();
    writeFileSync(path, "earlier\n");
    utimesSync(path, NOON / 1_000, NOON / 1_000);
    file.write("one\n");
    expect(read()).toBe("earlier\none\n");
  });

  it("begins anew each day", () => {
    const { file, read, pass, names } = setUp();
    file.write("today\n");
    pass(DAY);
    file.write("tomorrow\n");
    expect(names()).toEqual(["worker.2026-11-25.log", "worker.log"]);
    expect(read("worker.2026-11-25.log")).toBe("today\n");
    expect(read()).toBe("tomorrow\n");
  });

  it("of an earlier day is finished by the next process under that day's name", () => {
    const { path, file, names } = setUp();
    writeFileSync(path, "old\n");
    utimesSync(path, (NOON - 3 * DAY) / 1_000, (NOON - 3 * DAY) / 1_000);
    file.write("new\n");
    expect(names()).toEqual(["worker.2026-11-22.log", "worker.log"]);
  });

  it("that has become large begins anew within the day", () => {
    const { file, names } = setUp({ bytesMax: 10 });
    for (const text of ["0123456789\n", "0123456789\n", "x\n"]) file.write(text);
    expect(names()).toEqual(["worker.2026-11-25.1.log", "worker.2026-11-25.log", "worker.log"]);
  });

  it("is kept for as many days as it is told", () => {
    const { directory, file, pass, names } = setUp({ retentionDays: 2 });
    writeFileSync(join(directory, "worker.2026-11-20.log"), "");
    writeFileSync(join(directory, "worker.notes.log"), "");
    for (let day = 0; day < 5; day += 1) {
      file.write(`${day}\n`);
      pass(DAY);
    }
    file.write("last\n");
    expect(names()).toEqual([
      "worker.2026-11-28.log",
      "worker.2026-11-29.log",
      "worker.log",
      "worker.notes.log",
    ]);
  });

  it("that cannot be written loses records and says how many, and stops nobody", () => {
    const { directory, file, read, pass } = setUp();
    file.write("before\n");
    rmSync(directory, { recursive: true });
    pass(DAY);
    file.write("lost\n");
    mkdirSync(directory);
    pass(59_000);
    file.write("lost too\n");
    pass(2_000);
    file.write("after\n");
    const [gap = "", after] = read().split("\n");
    expect(JSON.parse(gap)).toMatchObject({ event: "log_records_left_out", records: 2 });
    expect(after).toBe("after");
  });

  it("that could not be written is tried again after a minute, also when the clock was set back", () => {
    const { clock, directory, file, read, pass } = setUp();
    file.write("before\n");
    rmSync(directory, { recursive: true });
    pass(DAY);
    file.write("lost\n");
    mkdirSync(directory);
    clock.stepWall(-3_600_000);
    pass(60_000);
    file.write("after\n");
    expect(read()).toContain("after\n");
  });
});

describe("finished files", () => {
  it("are told from others by their whole name", () => {
    const names = [
      "worker.2026-11-01.log",
      "worker.2026-11-01.2.log",
      "worker.2026-11-24.log",
      "worker.log",
      "worker.2026-11-01.log.gz",
      "other.2026-11-01.log",
      "worker.2026-11-01.old.log",
    ];
    expect(expiredNames("worker.log", names, NOON, 14)).toEqual([
      "worker.2026-11-01.log",
      "worker.2026-11-01.2.log",
    ]);
  });
});
