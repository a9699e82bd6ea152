import { describe, expect, it } from "vitest";
import type { Answer } from "../../src/limiter/answer.ts";
import type { Job } from "../../src/limiter/job.ts";
import { rememberedOf } from "../../src/limiter/remembered.ts";
import { initialState } from "../../src/limiter/state.ts";
import { statusOf } from "../../src/limiter/status.ts";
import { answered, OK, Stage, status } from "./stage.ts";

const limited = (scope: "user" | "global" | "shared" | "edge", retryAfterMs: number): Answer => ({
  status: 429,
  bucket: null,
  refusal: { scope, retryAfterMs },
});

const bucket = (remaining: number, resetAfterMs: number, hash = "h"): Answer => ({
  ...OK,
  bucket: { hash, limit: 5, remaining, resetAfterMs, resetEpochMs: null },
});

/** The first request gets `first`, all others `OK`. */
function firstThenOk(first: Answer): Stage {
  return new Stage((_, { sent }) => answered(sent.length === 1 ? first : OK));
}

const ids = (stage: Stage) => stage.sent.map(({ job }) => job.id);

describe("a deadline", () => {
  it("that a known limit does not allow is reported at once, with the wait", () => {
    const stage = firstThenOk(bucket(0, 60_000)).request({ id: 1 }).run(100);
    stage.request({ id: 2, deadlineAtMs: 5_100 });
    expect(stage.settled.get(2)).toEqual({
      atMs: 100,
      attempts: 0,
      settlement: { stage: "notSent", code: "deadline_unreachable", earliestAtMs: 60_020 },
    });
  });

  it("of a waiting job is judged again when a 429 pauses its line", () => {
    const stage = firstThenOk(limited("shared", 60_000)).request({ id: 1 });
    stage.request({ id: 2, deadlineAtMs: 5_000 }).request({ id: 3, deadlineAtMs: 90_000 }).run(30);
    expect(stage.codes).toEqual({ 1: "notSent:deadline_unreachable", 2: "notSent:deadline_unreachable" });
    expect(ids(stage.run())).toEqual([1, 3]);
  });

  it("ends a job that waits behind one without an answer, and only that one", () => {
    const stage = new Stage(({ job }) => (job.id === 1 ? { kind: "silent" } : answered()));
    stage.request({ id: 1 }).request({ id: 2, deadlineAtMs: 3_000 }).request({ id: 3 }).run();
    expect(stage.codes).toEqual({ 1: "unknown:no_answer", 2: "notSent:deadline_passed", 3: "answered" });
    expect(stage.settled.get(2)?.atMs).toBe(3_000);
  });
});

describe("an answer that never comes", () => {
  it("frees its slot after the attempt's time, so that the next job of the channel is sent", () => {
    const stage = new Stage(({ job }) => (job.id === 1 ? { kind: "silent" } : answered()));
    stage.request({ id: 1, attemptTimeoutMs: 2_000 }).request({ id: 2 }).run();
    expect(stage.aborted).toEqual([1]);
    expect(stage.sent.map(({ job, atMs }) => [job.id, atMs])).toEqual([
      [1, 0],
      [2, 2_000],
    ]);
  });

  it("delays no other channel", () => {
    const stage = new Stage(({ job }) => (job.id === 1 ? { kind: "silent" } : answered()));
    stage.request({ id: 1 });
    for (let id = 2; id <= 20; id += 1) stage.request({ id, major: String(id) });
    stage.run(500);
    expect(stage.settled.size).toBe(19);
  });

  it("changes nothing when it comes after all", () => {
    const stage = new Stage(({ attempt }) =>
      answered(attempt === 1 ? status(404) : OK, attempt === 1 ? 3_000 : 10),
    );
    stage.request({ id: 1, attemptTimeoutMs: 2_000, afterLostAnswer: "repeat" }).run();
    expect(stage.codes).toEqual({ 1: "answered" });
    expect(stage.settled.get(1)?.attempts).toBe(2);
  });
});

describe("a call that may be repeated", () => {
  it("is repeated with growing pauses, and a bounded number of times", () => {
    const stage = new Stage(() => answered(status(502), 10));
    stage.request({ id: 1, afterLostAnswer: "repeat" }).run();
    expect(stage.sent).toHaveLength(5);
    expect(stage.codes).toEqual({ 1: "unknown:server_error" });
    const pauses = stage.sent.slice(1).map(({ atMs }, at) => atMs - (stage.sent[at]?.atMs ?? 0));
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  });

  it("stays unknown, not unsent, when its deadline passes before it can be repeated", () => {
    const stage = new Stage(() => ({ kind: "failed", stage: "unknown", afterMs: 10 }));
    stage.request({ id: 1, afterLostAnswer: "repeat", deadlineAtMs: 200 }).run();
    expect(stage.codes).toEqual({ 1: "unknown:connection_lost" });
  });

  it("that was never sent is tried until its deadline", () => {
    const stage = new Stage(() => ({ kind: "failed", stage: "notSent", afterMs: 10 }));
    stage.request({ id: 1, deadlineAtMs: 120_000 }).run();
    expect(stage.sent.length).toBeGreaterThan(10);
    expect(stage.codes[1]).toMatch(/^notSent:deadline_/);
  });
});

describe("a 429", () => {
  it("is waited for, and the call keeps its place", () => {
    const stage = firstThenOk(limited("user", 1_000)).request({ id: 1 }).request({ id: 2 }).run();
    expect(stage.sent.map(({ job, atMs }) => [job.id, atMs])).toEqual([
      [1, 0],
      [1, 1_020],
      [2, 1_040],
    ]);
  });

  it.each([
    ["shared", [2, 3]],
    ["global", [3]],
    ["edge", []],
  ] as const)("with scope %s pauses no more than it must", (scope, sentMeanwhile) => {
    const stage = firstThenOk(limited(scope, 30_000)).request({ id: 1 }).run(100);
    stage
      .request({ id: 2, major: "2" })
      .request({ id: 3, scope: "interaction", route: "callback" })
      .run(10_000);
    expect(ids(stage).slice(1)).toEqual(sentMeanwhile);
    expect(ids(stage.run()).toSorted()).toEqual([1, 1, 2, 3]);
  });

  it("that is global pauses answers to interactions too when one of them got it", () => {
    const stage = firstThenOk(limited("global", 30_000)).request({
      id: 1,
      scope: "interaction",
      route: "callback",
    });
    stage.run(100).request({ id: 2 }).request({ id: 3, scope: "interaction", route: "callback", major: "7" });
    expect(ids(stage.run(10_000))).toEqual([1, 2]);
  });

  it("with a long pause is obeyed after a restart", () => {
    const before = firstThenOk(limited("global", 82_721_000)).request({ id: 1 }).run(100);
    const after = new Stage(() => answered());
    after.take({ type: "restored", remembered: rememberedOf(before.state, 100) });
    after.request({ id: 2, deadlineAtMs: 60_000 });
    expect(after.codes).toEqual({ 2: "notSent:deadline_unreachable" });
    expect(statusOf(after.state, 0).pausedMs).toBeGreaterThan(82_000_000);
  });
});

describe("invalid requests", () => {
  const forbidden = () => new Stage(() => answered(status(403), 10));

  it("stop all sending at 1,000 in 10 minutes, those under way included [REST-10]", () => {
    const stage = forbidden();
    for (let id = 1; id <= 3_000; id += 1) {
      stage.request({ id, major: String(id % 200), order: "free", deadlineAtMs: 10_000_000 });
    }
    stage.run(9 * 60_000);
    expect(stage.sent).toHaveLength(1_000);
    expect(stage.events).toContainEqual({ type: "invalidRequestsSpent", count: 1_000 });
    stage.request({ id: 9_000, scope: "interaction", route: "callback", deadlineAtMs: stage.nowMs + 3_000 });
    expect(stage.codes[9_000]).toBe("notSent:deadline_unreachable");
    stage.run();
    const perWindow = stage.sent.map(
      ({ atMs }) => stage.sent.filter((other) => other.atMs > atMs - 600_000 && other.atMs <= atMs).length,
    );
    expect(Math.max(...perWindow)).toBeLessThanOrEqual(1_000);
    expect(stage.sent).toHaveLength(3_000);
  });

  it("of an earlier process count after a restart", () => {
    const before = forbidden();
    for (let id = 1; id <= 990; id += 1) before.request({ id, major: String(id % 200), order: "free" });
    before.run(60_000);
    const after = forbidden();
    after.nowMs = 60_000;
    after.take({ type: "restored", remembered: rememberedOf(before.state, 60_000) });
    for (let id = 1; id <= 40; id += 1) after.request({ id, major: String(id), deadlineAtMs: 120_000 });
    after.run(100_000);
    expect(after.sent).toHaveLength(10);
  });

  it.each([
    [200, 0],
    [404, 0],
    [403, 1],
    [401, 1],
  ])("are counted by status: %i counts %i", (code, count) => {
    const stage = new Stage(() => answered(status(code))).request({ id: 1 }).run(100);
    expect(statusOf(stage.state, 100).invalidRequests).toBe(count);
  });

  it("leave out a shared 429 and count every other", () => {
    const of = (scope: "user" | "shared" | "edge") =>
      statusOf(firstThenOk(limited(scope, 1_000)).request({ id: 1 }).run(100).state, 100).invalidRequests;
    expect([of("shared"), of("user"), of("edge")]).toEqual([0, 1, 1]);
  });
});

describe("a refused token", () => {
  it("ends all calls that need it, and none of the answers to interactions [REST-11]", () => {
    const stage = firstThenOk(status(401)).request({ id: 1 }).request({ id: 2 }).run(100);
    stage.request({ id: 3 }).request({ id: 4, scope: "interaction", route: "callback" }).run();
    expect(ids(stage)).toEqual([1, 4]);
    expect(stage.codes).toEqual({
      1: "answered",
      2: "notSent:token_refused",
      3: "notSent:token_refused",
      4: "answered",
    });
  });

  it("is not what a 401 to an answer of an interaction means", () => {
    const stage = firstThenOk(status(401))
      .request({ id: 1, scope: "interaction", route: "callback" })
      .run(100);
    expect(stage.state.name).toBe("open");
  });
});

describe("turns", () => {
  /** One slot at a time, so that the order is the limiter's choice. */
  const oneByOne = () => new Stage(() => answered(OK, 10), { inFlightMax: 1 });

  const first = (stage: Stage, count: number, by: (job: Job) => string) =>
    stage.sent
      .slice(1, count + 1)
      .map(({ job }) => by(job))
      .join(" ");

  it("are given to callers in rotation, however much one of them asks for", () => {
    const stage = oneByOne().request({ id: 1, major: "0" });
    for (let id = 2; id <= 60; id += 1) stage.request({ id, major: String(id), caller: "loud" });
    stage.request({ id: 61, major: "61", caller: "a" }).request({ id: 62, major: "62", caller: "a" });
    stage.request({ id: 63, major: "63", caller: "b" }).run();
    expect(first(stage, 6, ({ caller }) => caller)).toBe("loud a b loud a loud");
  });

  it("are given to lines in rotation, so that a burst on one route delays no other by more than a turn", () => {
    const stage = oneByOne().request({ id: 1, major: "burst" });
    for (let id = 2; id <= 60; id += 1) stage.request({ id, major: "burst", order: "free" });
    stage.request({ id: 61, major: "quiet" }).run();
    expect(first(stage, 1, ({ major }) => major)).toBe("quiet");
  });

  it("are given by priority, and every tenth at least to a lower one", () => {
    const stage = oneByOne().request({ id: 1, major: "0" });
    for (let id = 2; id <= 60; id += 1) stage.request({ id, major: String(id), priority: "interactive" });
    for (let id = 61; id <= 90; id += 1) stage.request({ id, major: String(id), priority: "bulk" });
    stage.run();
    const letters = first(stage, 30, ({ priority }) => priority.slice(0, 1)).replaceAll(" ", "");
    expect(letters).toBe("iiiiiiiiibiiiiiiiiibiiiiiiiiib");
  });

  it("keep coming under a burst of more than one second's worth, so that a newcomer never waits for a window", () => {
    const stage = new Stage(() => answered(OK, 5));
    for (let id = 1; id <= 400; id += 1) {
      stage.request({ id, major: "burst", order: "free", route: "GET burst" });
    }
    for (let probe = 0; probe < 20; probe += 1) {
      stage.at(100 + probe * 230, () => stage.request({ id: 500 + probe, major: `quiet ${probe}` }));
    }
    stage.run();
    const waits = stage.sent
      .filter(({ job }) => job.id >= 500)
      .map(({ job, atMs }) => atMs - (100 + (job.id - 500) * 230));
    expect(waits).toHaveLength(20);
    expect(Math.max(...waits)).toBeLessThan(70);
    // The burst loses nothing by it: 50 a second, less the time that an answer takes.
    const last = stage.sent.filter(({ job }) => job.id <= 400).at(-1);
    expect(last?.atMs).toBeLessThan(8_700);
  });
});

describe("bounds", () => {
  it("refuse a job beyond what may wait, for one caller and over all", () => {
    const stage = new Stage(() => ({ kind: "silent" }), { waitingMax: 5, waitingPerCallerMax: 3 });
    for (let id = 1; id <= 6; id += 1) stage.request({ id, caller: "a" });
    for (let id = 7; id <= 10; id += 1) stage.request({ id, caller: "b" });
    expect(stage.codes).toEqual({
      5: "notSent:queue_full",
      6: "notSent:queue_full",
      9: "notSent:queue_full",
      10: "notSent:queue_full",
    });
  });

  it("keep memory to what was used in the last minute", () => {
    const stage = new Stage(({ job }) => answered(bucket(4, 5_000, `h${job.route}`), 5));
    for (let id = 1; id <= 5_000; id += 1) {
      stage.at(id * 100, () =>
        stage.request({ id, route: `GET ${id % 600}`, major: String(id), order: "free" }),
      );
    }
    stage.run(500_000);
    const { lines, buckets } = statusOf(stage.state, stage.nowMs);
    // Ten a second for a minute, and the ten seconds until they are looked through.
    expect(lines).toBeLessThanOrEqual(710);
    expect(buckets).toBeLessThanOrEqual(710);
    stage.run();
    const { routes: _, ...rest } = stage.state as ReturnType<typeof initialState>;
    const { routes: __, turn: ___, ...fresh } = initialState();
    expect(rest).toMatchObject({ ...fresh, global: expect.anything(), turn: 5_000 });
  });

  it("keep 500 routes' names, those used last", () => {
    const stage = new Stage(({ job }) => answered(bucket(4, 5_000, `h${job.route}`), 5));
    for (let id = 1; id <= 800; id += 1) stage.at(id * 100, () => stage.request({ id, route: `GET ${id}` }));
    stage.run();
    const routes = (stage.state as ReturnType<typeof initialState>).routes.reduce(
      (sum, part) => sum + (part?.size ?? 0),
      0,
    );
    expect(routes).toBe(500);
  });
});

describe("a limit of our own", () => {
  it("holds jobs back that share it, on different routes and without headers", () => {
    const quotas = [{ key: "interaction 1", max: 2, windowMs: 2_000 }];
    const stage = new Stage(() => answered(OK, 10));
    for (let id = 1; id <= 5; id += 1)
      stage.request({ id, route: `PATCH ${id}`, scope: "interaction", quotas });
    stage.run();
    expect(stage.sent.map(({ atMs }) => atMs)).toEqual([0, 0, 2_010, 2_010, 4_020]);
  });
});
