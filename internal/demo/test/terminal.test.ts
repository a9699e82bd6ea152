import { stripVTControlCharacters } from "node:util";
import { beforeEach, expect, it } from "vitest";
import { newsReporter } from "../src/terminal.ts";

const NARRATION = { hub: { gone: "the page reconnects", back: "the page continues" } };

let printed: string[];
let report: ReturnType<typeof newsReporter>;

beforeEach(() => {
  printed = [];
  report = newsReporter({
    verbosity: "news",
    narration: NARRATION,
    print: (text) => printed.push(stripVTControlCharacters(text)),
  });
});

const died = (how: string, lastLines: readonly string[] = []) =>
  ({ type: "died", pid: 7, how, restartInMs: 5_000, lastLines }) as const;
const record = (level: string, msg: string, time = "2026-11-21T11:41:26.194Z") =>
  JSON.stringify({ level, time, msg });

it("names the process id of what is ready and of what died, and says what a page shows of it", () => {
  report("hub", { type: "ready", pid: 7, afterMs: 300 });
  report("hub", died("SIGKILL"));
  report("hub", { type: "ready", pid: 8, afterMs: 310 });
  expect(printed).toEqual([
    "hub    ready after 300 ms, process 7",
    "hub    process 7 died (SIGKILL), starting again in 5 s",
    "hub    the page reconnects",
    "hub    ready after 310 ms, process 8: the page continues",
  ]);
});

it("prints the error that ended a process once, however often it comes again", () => {
  const lines = (time: string) => [record("info", "starting", time), record("fatal", "E017 taken", time)];
  report("hub", died("exit code 78", lines("2026-11-21T11:41:26.194Z")));
  report("hub", died("exit code 78", lines("2026-11-21T11:41:31.500Z")));
  report("hub", died("exit code 1", ["Error: another"]));
  expect(printed.filter((line) => !line.includes("starting again"))).toEqual([
    "hub      11:41:26 fatal E017 taken",
    "hub      for the same reason as before",
    "hub      Error: another",
  ]);
});

it("prints the last lines where none of them is an error", () => {
  report("worker", died("exit code 3", [record("info", "one")]));
  expect(printed.at(-1)).toBe("worker   11:41:26 info  one");
});
