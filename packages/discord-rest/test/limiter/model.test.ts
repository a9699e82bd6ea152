/** The limiter before a model of Discord's, over invented traffic. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRIORITIES } from "../../src/limiter/job.ts";
import { initialState } from "../../src/limiter/state.ts";
import { statusOf } from "../../src/limiter/status.ts";
import { step } from "../../src/limiter/step.ts";
import { type BucketRule, DiscordModel } from "./discord-model.ts";
import { type Fate, type Sent, Stage, status } from "./stage.ts";

const RUNS = { numRuns: 150 };

interface Traffic {
  readonly rules: readonly BucketRule[];
  readonly jobs: readonly {
    readonly atMs: number;
    readonly rule: number;
    readonly major: number;
    readonly order: "ordered" | "free";
    readonly priority: number;
    readonly caller: number;
    readonly deadlineMs: number;
    readonly repeat: boolean;
  }[];
  readonly delaysMs: readonly number[];
}

const aRule = (kinds: readonly BucketRule["kind"][]): fc.Arbitrary<BucketRule> =>
  fc.record({
    hash: fc.constantFrom("h1", "h2", "h3"),
    kind: fc.constantFrom(...kinds),
    limit: fc.integer({ min: 1, max: 12 }),
    windowMs: fc.constantFrom(250, 1_000, 5_000),
  });

const traffic = (
  kinds: readonly BucketRule["kind"][] = ["window", "continuous", "none"],
): fc.Arbitrary<Traffic> =>
  fc.record({
    // A bucket's rule is the same on all routes that use it.
    rules: fc
      .uniqueArray(aRule(kinds), { minLength: 1, maxLength: 3, selector: ({ hash }) => hash })
      .map((rules) => rules),
    jobs: fc.array(
      fc.record({
        atMs: fc.integer({ min: 0, max: 4_000 }),
        rule: fc.nat(2),
        major: fc.nat(2),
        order: fc.constantFrom("ordered", "free"),
        priority: fc.nat(2),
        caller: fc.nat(2),
        deadlineMs: fc.constantFrom(30, 1_000, 20_000, 200_000),
        repeat: fc.boolean(),
      }),
      { minLength: 1, maxLength: 90 },
    ),
    delaysMs: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 12 }),
  });

interface Play {
  readonly stage: Stage;
  readonly model: DiscordModel;
  readonly foreseeable: Sent[];
}

const WARM_MS = 80_000;

/** A route's order belongs to its method, so it is part of its name. */
function play({ rules, jobs, delaysMs }: Traffic, disturb: (sent: Sent) => Fate | null = () => null): Play {
  const model = new DiscordModel();
  const foreseeable: Sent[] = [];
  let sends = 0;
  const stage: Stage = new Stage((sent, self): Fate => {
    const disturbed = sent.job.major === "warm" ? null : disturb(sent);
    if (disturbed !== null) return disturbed;
    sends += 1;
    const upMs = delaysMs[sends % delaysMs.length] ?? 1;
    const downMs = delaysMs[(sends * 7 + 3) % delaysMs.length] ?? 1;
    const rule = rules[Number(sent.job.route.split(" ")[0])] as BucketRule;
    const { id } = sent.job;
    const { attempt } = sent;
    self.at(self.nowMs + upMs, () => {
      const { answer, isForeseeable } = model.judge(rule, sent.job.major, false, self.nowMs);
      if (isForeseeable) foreseeable.push(sent);
      self.at(self.nowMs + downMs, () => self.take({ type: "answered", jobId: id, attempt, answer }));
    });
    return { kind: "silent" };
  });
  // Before that, one call of each route has taught its bucket's name: what is not known cannot be foreseen.
  rules.forEach((_, rule) => {
    for (const order of ["ordered", "free"] as const) {
      const id = 1_000_000 + rule * 2 + (order === "free" ? 1 : 0);
      stage.request({ id, route: `${rule} ${order}`, major: "warm", order, deadlineAtMs: WARM_MS });
      stage.run(stage.nowMs + WARM_MS / 8);
    }
  });
  stage.run(WARM_MS);
  stage.sent.length = 0;
  stage.settled.clear();
  foreseeable.length = 0;
  const inOrder = jobs.toSorted((a, b) => a.atMs - b.atMs);
  inOrder.forEach((job, at) => {
    stage.at(WARM_MS + job.atMs, () =>
      stage.request({
        id: at + 1,
        route: `${job.rule % rules.length} ${job.order}`,
        major: String(job.major),
        order: job.order,
        priority: PRIORITIES[job.priority] ?? "api",
        caller: String(job.caller),
        deadlineAtMs: stage.nowMs + job.deadlineMs,
        afterLostAnswer: job.repeat ? "repeat" : "report",
      }),
    );
  });
  stage.run();
  return { stage, model, foreseeable };
}

/** Some requests get no answer, a broken connection, or a server's fault. */
const disturbances = fc.array(fc.constantFrom("none", "none", "silent", "notSent", "lost", "502"), {
  minLength: 3,
  maxLength: 20,
});

function disturbing(kinds: readonly string[]): (sent: Sent) => Fate | null {
  let sends = 0;
  return () => {
    const kind = kinds[sends % kinds.length];
    sends += 1;
    switch (kind) {
      case "silent":
        return { kind: "silent" };
      case "notSent":
        return { kind: "failed", stage: "notSent", afterMs: 15 };
      case "lost":
        return { kind: "failed", stage: "unknown", afterMs: 15 };
      case "502":
        return { kind: "answered", answer: status(502), afterMs: 30 };
      default:
        return null;
    }
  };
}

describe("before a model of Discord's limiter", () => {
  it("gets no 429 that answers allowed to foresee [REST-1]", () => {
    fc.assert(
      fc.property(traffic(), (given) => {
        expect(play(given).foreseeable).toEqual([]);
      }),
      RUNS,
    );
  });

  it("settles each job exactly once, and forgets everything afterwards [REST-2, REST-12]", () => {
    fc.assert(
      fc.property(traffic(), disturbances, (given, kinds) => {
        const { stage } = play(given, disturbing(kinds));
        expect(stage.settledTwice).toEqual([]);
        expect(stage.settled.size).toBe(given.jobs.length);
        const { state: _, ...figures } = statusOf(stage.state, stage.nowMs);
        expect(figures).toEqual({
          waiting: 0,
          inFlight: 0,
          lines: 0,
          buckets: 0,
          invalidRequests: 0,
          pausedMs: 0,
        });
      }),
      RUNS,
    );
  });

  it("sends nothing at its deadline or later [REST-3]", () => {
    fc.assert(
      fc.property(traffic(), disturbances, (given, kinds) => {
        const { stage } = play(given, disturbing(kinds));
        expect(stage.sent.filter(({ job, atMs }) => atMs >= job.deadlineAtMs)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("never sends a call again that may have been carried out, unless that is safe [REST-4]", () => {
    fc.assert(
      fc.property(traffic(), disturbances, (given, kinds) => {
        const uncertain = new Set<number>();
        const repeated: number[] = [];
        const disturb = disturbing(kinds);
        play(given, (sent) => {
          if (uncertain.has(sent.job.id) && sent.job.afterLostAnswer === "report") repeated.push(sent.job.id);
          const fate = disturb(sent);
          const isUncertain = fate !== null && (fate.kind !== "failed" || fate.stage === "unknown");
          if (isUncertain) uncertain.add(sent.job.id);
          return fate;
        });
        expect(repeated).toEqual([]);
      }),
      RUNS,
    );
  });

  it("reports `notSent` only for a call that was never carried out [REST-5]", () => {
    fc.assert(
      fc.property(traffic(), disturbances, (given, kinds) => {
        const perhapsExecuted = new Set<number>();
        const disturb = disturbing(kinds);
        const { stage } = play(given, (sent) => {
          const fate = disturb(sent);
          if (fate !== null && (fate.kind !== "failed" || fate.stage === "unknown"))
            perhapsExecuted.add(sent.job.id);
          return fate;
        });
        const wrong = [...stage.settled].filter(
          ([id, { settlement }]) => settlement.stage === "notSent" && perhapsExecuted.has(id),
        );
        expect(wrong).toEqual([]);
      }),
      RUNS,
    );
  });

  it("has one request of an ordered line under way at a time, each caller's in order [REST-6]", () => {
    fc.assert(
      fc.property(traffic(), (given) => {
        const { stage } = play(given);
        const settledBefore = (id: number, atMs: number) =>
          (stage.settled.get(id)?.atMs ?? Number.POSITIVE_INFINITY) <= atMs;
        const lastOf = new Map<string, Sent>();
        const lastOfCaller = new Map<string, number>();
        for (const sent of stage.sent.filter(({ job }) => job.order === "ordered")) {
          const { route, major, caller, priority, id } = sent.job;
          const line = `${route} ${major}`;
          const before = lastOf.get(line);
          if (before !== undefined && before.job.id !== id)
            expect(settledBefore(before.job.id, sent.atMs)).toBe(true);
          lastOf.set(line, sent);
          const own = `${line} ${caller} ${priority}`;
          expect(id).toBeGreaterThanOrEqual(lastOfCaller.get(own) ?? 0);
          lastOfCaller.set(own, id);
        }
      }),
      RUNS,
    );
  });

  it("gives the same effects for the same inputs, and changes no state that it was given [REST-13]", () => {
    fc.assert(
      fc.property(traffic(), disturbances, (given, kinds) => {
        const { stage } = play(given, disturbing(kinds));
        let state: ReturnType<typeof step>["state"] = initialState();
        for (const input of stage.inputs) {
          const before = structuredClone(state);
          const once = step(state, input, stage.limits);
          expect(state).toEqual(before);
          expect(step(state, input, stage.limits)).toEqual(once);
          state = once.state;
        }
        expect(state).toEqual(stage.state);
      }),
      { numRuns: 15 },
    );
  });

  it("keeps the global limit ahead of time, whenever Discord's seconds begin [REST-7]", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 450 }), { minLength: 3, maxLength: 9 }), (delaysMs) => {
        const { stage, model, foreseeable } = play({
          rules: [{ hash: "h", kind: "none", limit: 1, windowMs: 1 }],
          jobs: Array.from({ length: 400 }, (_, at) => ({
            atMs: 0,
            rule: 0,
            major: at,
            order: "free" as const,
            priority: 1,
            caller: 0,
            deadlineMs: 200_000,
            repeat: false,
          })),
          delaysMs,
        });
        expect(foreseeable).toEqual([]);
        expect(model.counted).toBe(402);
        // 50 a second, less the time for which an answer may keep a slot.
        const lastMs = stage.sent.at(-1)?.atMs ?? 0;
        expect(lastMs - WARM_MS).toBeLessThan((400 / 50) * 1_500);
        expect([...stage.settled.values()].every(({ settlement }) => settlement.stage === "answered")).toBe(
          true,
        );
      }),
      { numRuns: 25 },
    );
  });

  it("obeys a limit that no header shows, and pauses nothing else for it [REST-8]", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 6_000, max: 30_000 }),
        (max, windowMs) => {
          const model = new DiscordModel();
          const hidden: BucketRule = {
            hash: "h",
            kind: "window",
            limit: 5,
            windowMs: 1_000,
            hidden: { max, windowMs },
          };
          const plain: BucketRule = { hash: "h", kind: "window", limit: 5, windowMs: 1_000 };
          const stage = new Stage(({ job }, { nowMs }) => {
            const { answer } = model.judge(
              job.route === "PATCH name" ? hidden : plain,
              job.major,
              false,
              nowMs,
            );
            return { kind: "answered", answer, afterMs: 20 };
          });
          for (let id = 1; id <= 8; id += 1) {
            stage.request({
              id,
              route: id % 2 === 0 ? "PATCH name" : "PATCH topic",
              deadlineAtMs: 1_000_000,
            });
          }
          stage.run(5_000);
          const done = [...stage.settled.keys()];
          expect(done.filter((id) => id % 2 === 1)).toHaveLength(4);
          expect(done.filter((id) => id % 2 === 0)).toHaveLength(max);
          stage.run();
          expect(stage.settled.size).toBe(8);
          // One refusal per window of the hidden limit, no more.
          const refusals = stage.events.filter(({ type }) => type === "limited").length;
          expect(refusals).toBe(Math.ceil(4 / max) - 1);
        },
      ),
      { numRuns: 40 },
    );
  });
});
