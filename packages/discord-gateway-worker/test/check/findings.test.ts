import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PingOutcome } from "@guildwire/delivery";
import { describe, expect, it } from "vitest";
import { clockFinding } from "../../src/check/clock-finding.ts";
import { dataDirFinding } from "../../src/check/data-dir-finding.ts";
import { advice, exitCodeOf, fail, pass, skipped } from "../../src/check/finding.ts";
import { findingsTable } from "../../src/check/findings-table.ts";
import { HUB, pingFindings } from "../../src/check/receiver-findings.ts";
import { openStore } from "../store/open-store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

describe("findings", () => {
  const temporary = fail("hub", "hubUnreachable", "away", "wait");
  const lasting = fail("token", "tokenRefused", "refused", "reset it");

  it("end with what a person must correct before what may pass", () => {
    expect(exitCodeOf([pass("a", ""), advice("b", "", ""), skipped("c", "")])).toBe(0);
    expect(exitCodeOf([temporary])).toBe(75);
    expect(exitCodeOf([temporary, lasting])).toBe(78);
  });

  it("are a table with a mark, a remedy and the code of each failure", () => {
    expect(findingsTable([pass("disk", "writable"), lasting]).split("\n")).toEqual([
      "  ✓ disk   writable",
      "  ✗ token  refused",
      "           → reset it",
      "             E002 authentication failed, docs/errors.md",
      "",
      "  1 right, 1 wrong",
      "",
    ]);
  });
});

describe("a clock", () => {
  const at = (theirMs: number) =>
    clockFinding("clock", "the hub", { theirMs, sentAtMs: 100_000, answeredAtMs: 100_400 });

  it("agrees within what whole seconds and a slow answer explain", () => {
    expect(at(99_500)).toMatchObject({ mark: "pass", detail: "agrees with the hub" });
    expect(at(100_200)).toMatchObject({ mark: "pass", detail: "agrees with the hub" });
  });

  it("is worth a look above 5 s, and wrong above 30 s", () => {
    expect(at(90_000)).toMatchObject({ mark: "advice", detail: /9.0 s ahead/ });
    expect(at(140_000)).toMatchObject({ mark: "fail", error: "clockWrong", detail: /39.6 s behind/ });
  });
});

describe("a ping", () => {
  const answered = (status: number, text: string): PingOutcome => ({
    ok: true,
    date: undefined,
    answer: { status, text, retryAfter: null, challenge: null },
  });
  const marks = (status: number, body: object = {}) =>
    pingFindings(HUB, answered(status, JSON.stringify(body)), "hub", 5).map((finding) =>
      finding.mark === "fail" ? finding.error : finding.mark,
    );

  it.each([
    [200, { pong: true }, ["pass", "pass"]],
    [200, { acked: 4 }, ["pass", "pass"]],
    [409, { want: "snapshot" }, ["pass", "pass"]],
    [401, {}, ["pass", "signatureRefused"]],
    [403, {}, ["pass", "signatureRefused"]],
    [200, {}, ["endpointWrong", "skipped"]],
    [200, { ok: true }, ["endpointWrong", "skipped"]],
    [202, { acked: "4" }, ["endpointWrong", "skipped"]],
    [403, { message: "Forbidden" }, ["endpointWrong", "skipped"]],
    [404, {}, ["endpointWrong", "skipped"]],
    [308, {}, ["endpointWrong", "skipped"]],
    [400, {}, ["pass", "advice"]],
    [503, {}, ["hubUnreachable", "skipped"]],
  ])("answered with %i %j shows %j", (status, body, expected) => {
    expect(marks(status, body)).toEqual(expected);
  });

  it("answered with a page shows how the page begins", () => {
    const [reached] = pingFindings(HUB, answered(200, "<!doctype html>\n<title>Shop</title>"), "hub", 5);
    expect(reached).toMatchObject({ error: "endpointWrong", detail: /"<!doctype html> <title>Shop/ });
  });

  describe("refused for its signature", () => {
    const refused = answered(401, '{"error":"no entry matches"}');
    const signature = (theirMs: number) =>
      pingFindings(HUB, refused, "hub", 5, { theirMs, sentAtMs: 1_000_000, answeredAtMs: 1_000_100 })[1];

    it("does not blame the secret when the clocks are too far apart for any signature", () => {
      expect(signature(1_400_000)).toMatchObject({ mark: "skipped", detail: /clocks differ by 400 s/ });
      expect(signature(600_000)).toMatchObject({ mark: "skipped" });
    });

    it("blames the secret alone when the clocks agree, and names the clocks when they are not known", () => {
      expect(signature(1_000_000)).toMatchObject({
        error: "signatureRefused",
        remedy: "make HUB_SECRET the same on both sides",
      });
      expect(pingFindings(HUB, refused, "hub", 5)[1]).toMatchObject({ remedy: /compare the clocks/ });
    });
  });

  it("without an answer shows that the hub is away", () => {
    expect(pingFindings(HUB, { ok: false, detail: "ECONNREFUSED" }, "hub", 5)).toMatchObject([
      { mark: "fail", error: "hubUnreachable" },
      { mark: "skipped" },
    ]);
  });
});

describe("a data directory", () => {
  const question = { bytesMax: 65_536, workerRuns: false };

  it("is tried and left as it was", () => {
    const parent = temporaryDirectory();
    const dataDir = join(parent, "new", "one");
    expect(dataDirFinding({ ...question, dataDir })).toMatchObject({ mark: "pass", detail: /can be made/ });
    expect(readdirSync(parent)).toEqual([]);
    const existing = temporaryDirectory();
    expect(dataDirFinding({ ...question, dataDir: existing })).toMatchObject({ mark: "pass" });
    expect(readdirSync(existing)).toEqual([]);
  });

  it("that a worker uses is right only when that worker is known", async () => {
    const dataDir = temporaryDirectory();
    await openStore(dataDir);
    expect(dataDirFinding({ ...question, dataDir })).toMatchObject({ error: "dataDirectoryLocked" });
    expect(dataDirFinding({ ...question, dataDir, workerRuns: true })).toMatchObject({ mark: "pass" });
  });

  it("is wrong when it is a file, or holds something else than a store", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "file"), "");
    expect(dataDirFinding({ ...question, dataDir: join(directory, "file") })).toMatchObject({
      error: "dataDirectoryUnusable",
    });
    writeFileSync(join(directory, "worker.sqlite"), "no database, and longer than a header ".repeat(20));
    expect(dataDirFinding({ ...question, dataDir: directory })).toMatchObject({
      error: "databaseUnreadable",
    });
  });

  it("on a disk that a full outbox would fill is worth a look", () => {
    const dataDir = temporaryDirectory();
    expect(dataDirFinding({ dataDir, bytesMax: 2 ** 60, workerRuns: false })).toMatchObject({
      mark: "advice",
    });
  });
});
