import type { OutboxView } from "@guildwire/delivery";
import { describe, expect, it } from "vitest";
import { readCommand } from "../../src/command/command-line.ts";
import { outboxReport, replayReport } from "../../src/command/outbox-report.ts";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const read = (line: string) => readCommand(line === "" ? [] : line.split(" "), NOW);

describe("the command line", () => {
  it.each([
    ["", { name: "run" }],
    ["--help", { name: "help" }],
    ["version", { name: "version" }],
    ["check --json", { name: "check", json: true }],
    ["status --url http://h:1", { name: "status", json: false, url: "http://h:1" }],
    ["outbox parked", { name: "outbox", json: false, url: undefined, receiver: undefined }],
    ["outbox parked --replay", { name: "replay", sinceIso: "", url: undefined, receiver: undefined }],
    ["replay", { name: "replay", sinceIso: null, url: undefined, receiver: undefined }],
    [
      "replay --since 90m",
      { name: "replay", sinceIso: "2026-11-26T10:30:00.000Z", url: undefined, receiver: undefined },
    ],
    [
      "replay --since 2026-11-20",
      { name: "replay", sinceIso: "2026-11-20T00:00:00.000Z", url: undefined, receiver: undefined },
    ],
    ["outbox --receiver crm", { name: "outbox", json: false, url: undefined, receiver: "crm" }],
    ["explain E014", { name: "explain", code: "E014" }],
  ])("%j is understood", (line, command) => {
    expect(read(line)).toEqual({ ok: true, command });
  });

  it.each([
    ["chek", /no command `chek`/],
    ["check now", /no command `check now`/],
    ["--since 2h", /--since does not go with `run`/],
    ["check --url http://h", /--url does not go with `check`/],
    ["outbox --replay", /--replay does not go with `outbox`/],
    ["replay --since soon", /--since must be like/],
    ["status --url localhost", /--url must be/],
    ["--quick", /--quick/],
  ])("%j is refused, and why", (line, problem) => {
    const outcome = read(line);
    expect(outcome.ok ? "" : outcome.problem).toMatch(problem);
  });
});

describe("a report", () => {
  it("of the outbox counts by type and names what was refused", () => {
    const view: OutboxView = {
      receiver: "hub",
      form: "multi",
      stopped: false,
      failuresInARow: 0,
      streams: [],
      waiting: 2,
      bytes: 80,
      oldestTimestamp: "2026-11-26T11:59:00.000Z",
      types: [{ type: "voice.joined", events: 2 }],
      countedMax: 10_000,
      parkedTotal: 1,
      parked: [
        {
          stream: "100",
          epoch: "e1",
          seq: 3,
          type: "room.updated",
          timestamp: "t",
          parkedAt: "p",
          reason: "422: no",
          tries: 5,
        },
      ],
    };
    const text = outboxReport({ epoch: "e1", lastSeq: 9, receivers: [view] }, NOW);
    const both = [view, { ...view, receiver: "crm", stopped: true, parkedTotal: 0, parked: [] }];
    expect(outboxReport({ epoch: "e1", lastSeq: 9, receivers: both }, NOW)).toMatch(
      /crm:\n {2}stopped: .*E013/,
    );
    expect(text).toContain("2 events wait (80 bytes), the oldest for 1 min 0 s");
    expect(text).toMatch(/2 {2}voice.joined/);
    expect(text).toMatch(/3 {2}room.updated {2}p {2}after 5 tries: 422: no/);
    expect(replayReport({ parked: 0, snapshotSeq: null }, true)).toContain("nothing done");
    expect(replayReport({ parked: 2, snapshotSeq: 12 }, false)).toContain("when it starts");
  });
});
