import { describe, expect, it } from "vitest";
import { HEARTBEAT_MS, RESUME_URL, Scenario, storedSession } from "./scenario.ts";

describe("connecting", () => {
  it("dials the ordinary URL to identify when there is no session", () => {
    const { dials } = new Scenario().start();
    expect(dials).toEqual([{ type: "connect", connection: 1, purpose: "identify", url: null }]);
  });

  it("dials the session's own URL to resume when one was stored", () => {
    const { dials } = new Scenario(storedSession()).start();
    expect(dials).toEqual([{ type: "connect", connection: 1, purpose: "resume", url: RESUME_URL }]);
  });

  it("identifies only after Hello and a granted turn", () => {
    const story = new Scenario().start().hello();
    expect(story.sent).toEqual([]);
    expect(story.effects).toContainEqual({ type: "requestIdentifyTurn", connection: 1 });
    expect(story.granted().sent).toEqual([{ kind: "identify" }]);
  });

  it("is ready with READY", () => {
    const story = new Scenario().ready();
    expect(story.state).toMatchObject({ name: "ready", session: { id: "s1", storedSeq: 1 } });
  });

  it.each([
    ["dial", (story: Scenario) => story.start(), "dial_timeout"],
    ["Hello", (story: Scenario) => story.start().opened(), "hello_timeout"],
    ["READY", (story: Scenario) => story.start().hello().granted(), "ready_timeout"],
  ] as const)("gives up a %s that does not come", (_, begin, cause) => {
    const story = begin(new Scenario()).clear();
    // Heartbeats go on being acknowledged, so that only the deadline can end the wait.
    for (let waitedMs = 0; waitedMs < 61_000; waitedMs += 1_000) {
      story.receive({ kind: "heartbeatAck" }).wait(1_000);
      if (story.event("connectionLost")) break;
    }
    expect(story.event("connectionLost")).toMatchObject({ cause });
    expect(story.effects).toContainEqual(expect.objectContaining({ type: "closeSocket", how: "destroy" }));
  });
});

describe("heartbeat", () => {
  it("sends the first beat after a random part of the interval, then one each interval", () => {
    const story = new Scenario()
      .ready()
      .clear()
      .wait(HEARTBEAT_MS / 2);
    expect(story.sent).toEqual([{ kind: "heartbeat", seq: 1 }]);
    story
      .receive({ kind: "heartbeatAck" })
      .clear()
      .wait(HEARTBEAT_MS - 1);
    expect(story.sent).toEqual([]);
    expect(story.wait(1).sent).toHaveLength(1);
  });

  it("claims the stored sequence, not the received one", () => {
    const story = new Scenario()
      .ready()
      .dispatch(2)
      .dispatch(3)
      .clear()
      .wait(HEARTBEAT_MS / 2);
    expect(story.sent).toEqual([{ kind: "heartbeat", seq: 1 }]);
  });

  it("claims nothing before anything is stored", () => {
    const story = new Scenario()
      .start()
      .hello()
      .clear()
      .wait(HEARTBEAT_MS / 2);
    expect(story.sent).toEqual([{ kind: "heartbeat", seq: null }]);
  });

  it("answers a request at once and leaves the schedule alone", () => {
    const story = new Scenario().ready().clear();
    story.receive({ kind: "heartbeatRequest" });
    expect(story.sent).toHaveLength(1);
    story.clear().wait(HEARTBEAT_MS / 2);
    expect(story.sent).toHaveLength(1);
    expect(story.state.name).toBe("ready");
  });

  it("destroys a connection whose last beat was never acknowledged, and resumes", () => {
    const story = new Scenario()
      .ready()
      .wait(HEARTBEAT_MS / 2)
      .clear()
      .wait(HEARTBEAT_MS);
    expect(story.event("connectionLost")).toMatchObject({ cause: "zombie", next: "resume", retryInMs: 800 });
    expect(story.effects).toContainEqual({ type: "closeSocket", connection: 1, code: 4201, how: "destroy" });
  });

  it("measures the time to the acknowledgement", () => {
    const story = new Scenario()
      .ready()
      .wait(HEARTBEAT_MS / 2)
      .wait(120)
      .receive({ kind: "heartbeatAck" });
    expect(story.event("heartbeatAcknowledged")).toMatchObject({ latencyMs: 120 });
  });
});

describe("resuming", () => {
  it("claims the stored sequence at the session's own URL", () => {
    const story = new Scenario()
      .ready()
      .dispatch(2)
      .dispatch(3)
      .take({ type: "stored", sessionId: "s1", seq: 2 });
    story.closed(4000).clear().wait(1_000);
    expect(story.dials).toEqual([{ type: "connect", connection: 2, purpose: "resume", url: RESUME_URL }]);
    expect(story.hello().sent).toEqual([{ kind: "resume", sessionId: "s1", seq: 2 }]);
  });

  it("hands each dispatch over once, however often it is replayed", () => {
    const story = new Scenario().ready().dispatch(2).dispatch(3).closed(null).wait(1_000).hello().clear();
    story.dispatch(2).dispatch(3).dispatch(4).receive({ kind: "resumed", seq: 5 });
    const delivered = story.effects.flatMap((effect) => (effect.type === "deliver" ? [effect.seq] : []));
    expect(delivered).toEqual([4, 5]);
    expect(story.event("resumed")).toMatchObject({ replayed: 3 });
  });

  it("takes a run of dispatches as it takes each of them", () => {
    const states = {
      ready: () => new Scenario().ready().dispatch(2).dispatch(3),
      resuming: () => new Scenario(storedSession()).start().hello(),
    };
    for (const [name, at] of Object.entries(states)) {
      for (const [firstSeq, lastSeq] of [
        [1, 2],
        [2, 5],
        [4, 4],
        [4, 9],
        [7, 8],
        [11, 13],
      ] as const) {
        const together = at().clear().receive({ kind: "passedOver", firstSeq, lastSeq });
        const apart = at().clear();
        for (let seq = firstSeq; seq <= lastSeq; seq += 1) apart.dispatch(seq);
        const what = `${name} ${firstSeq}-${lastSeq}`;
        expect(together.state, what).toEqual(apart.state);
        // A run without a gap or a repeat in it is one delivery, up to its last.
        expect(together.events, what).toEqual(apart.events);
        expect(lastDelivered(together), what).toBe(lastDelivered(apart));
      }
    }
  });

  it("counts what is stored while the connection is down", () => {
    const story = new Scenario()
      .ready()
      .dispatch(2)
      .closed(null)
      .take({ type: "stored", sessionId: "s1", seq: 2 });
    expect(story.clear().wait(1_000).hello().sent).toEqual([{ kind: "resume", sessionId: "s1", seq: 2 }]);
  });

  it("tries the same session at the ordinary URL when its own cannot be dialled, and never identifies for that", () => {
    const story = new Scenario(storedSession(), { attemptsMax: 10 }).start().clear();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      story
        .closed(null)
        .wait(story.events.findLast((event) => event.type === "connectionLost")?.retryInMs ?? 0);
    }
    expect(story.dials.map((dial) => [dial.purpose, dial.url])).toEqual(Array(6).fill(["resume", null]));
  });

  it("goes to the ordinary URL after an unanswered Resume and identifies after the second", () => {
    const story = new Scenario(storedSession()).start().hello().wait(5_000).clear().wait(1_000);
    expect(story.dials).toMatchObject([{ purpose: "resume", url: null }]);
    story.hello().wait(5_000);
    expect(story.event("sessionDropped")).toMatchObject({ reason: "two Resumes were left unanswered" });
    expect(story.clear().wait(1_000).dials).toMatchObject([{ purpose: "identify" }]);
  });

  it("is live again within 15 seconds when no Resume is ever answered, whatever chance says", () => {
    const story = new Scenario().ready().take({ type: "stored", sessionId: "s1", seq: 1 });
    story.roll = 0.999_999;
    const lostAtMs = story.nowMs;
    story.closed(null);
    while (story.state.name !== "awaitingIdentifyTurn") {
      if (story.state.name === "connecting") story.hello();
      story.receive({ kind: "heartbeatAck" }).wait(100);
    }
    expect(story.nowMs - lostAtMs).toBeLessThan(15_000);
  });

  it("waits for a long replay as long as it goes on", () => {
    const story = new Scenario(storedSession()).start().hello();
    for (let seq = 11; seq < 31; seq += 1) story.wait(4_000).receive({ kind: "heartbeatAck" }).dispatch(seq);
    expect(story.state).toMatchObject({ name: "resuming", replayed: 20 });
  });

  it("identifies afresh when nothing of the session was stored", () => {
    const story = new Scenario().start().hello().granted();
    story.receive({
      kind: "ready",
      seq: 1,
      ready: {
        sessionId: "s1",
        resumeGatewayUrl: RESUME_URL,
        user: { id: "1" as never, name: "", bot: true },
        guildIds: [],
      },
    });
    expect(story.closed(null).event("connectionLost")).toMatchObject({ next: "identify" });
  });
});

describe("Invalid Session", () => {
  it("drops the session and identifies after 1 to 5 seconds when it may not be resumed", () => {
    const story = new Scenario().ready().clear();
    story.roll = 0.999;
    story.receive({ kind: "invalidSession", resumable: false });
    expect(story.event("connectionLost")).toMatchObject({ next: "identify", retryInMs: 4996 });
    expect(story.effects).toContainEqual(expect.objectContaining({ type: "closeSocket", code: 4200 }));
  });

  it("resumes when it may", () => {
    const story = new Scenario().ready().clear().receive({ kind: "invalidSession", resumable: true });
    expect(story.event("connectionLost")).toMatchObject({ next: "resume" });
  });
});

describe("Reconnect (op 7)", () => {
  it("reconnects at once from a live connection", () => {
    const story = new Scenario().ready().clear().receive({ kind: "reconnect" });
    expect(story.event("connectionLost")).toMatchObject({ retryInMs: 0, next: "resume" });
  });

  it("backs off when asked again before the session has lasted", () => {
    const story = new Scenario().ready().receive({ kind: "reconnect" }).wait(0).hello();
    story.clear().receive({ kind: "resumed", seq: 2 }).receive({ kind: "reconnect" });
    expect(story.event("connectionLost")?.retryInMs).toBeGreaterThan(0);
  });

  it("is obeyed instead of Hello", () => {
    const story = new Scenario().start().opened().clear().receive({ kind: "reconnect" });
    expect(story.event("connectionLost")).toMatchObject({ cause: "reconnect_requested", next: "identify" });
  });
});

describe("back-off", () => {
  it("waits 1, 2, 4, 8 and 16 seconds, then gives up", () => {
    const story = new Scenario().start();
    const waits: number[] = [];
    while (story.state.name !== "stopped") {
      story.clear().closed(null);
      const lost = story.event("connectionLost");
      if (lost) {
        waits.push(lost.retryInMs);
        story.wait(lost.retryInMs);
      }
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(story.state.fault).toEqual({ code: "attempts_spent", failures: 6 });
  });

  it.each([
    [0, 800],
    [0.999_999, 1_200],
  ])("spreads the wait by a fifth either way (chance %d → %d ms)", (roll, expectedMs) => {
    const story = new Scenario().start().clear();
    story.roll = roll;
    expect(story.closed(null).event("connectionLost")?.retryInMs).toBe(expectedMs);
  });

  it("is not reset by READY, so that a flapping Gateway is left in peace", () => {
    const story = new Scenario(null, { attemptsMax: 100 }).start();
    let connections = 0;
    while (story.nowMs < 20_000) {
      connections += 1;
      story.hello();
      if (story.state.name === "awaitingIdentifyTurn") story.granted().becomeReady(`s${connections}`);
      else story.receive({ kind: "resumed", seq: 1_000 + connections });
      story.clear().closed(4000);
      story.wait(story.event("connectionLost")?.retryInMs ?? 0);
    }
    expect(connections).toBeLessThanOrEqual(6);
  });

  it("is reset by a session that lasted", () => {
    const story = new Scenario().start().closed(null).wait(1_000).closed(null).wait(2_000);
    story.hello().granted().becomeReady();
    // Past the jittered first beat, acknowledged, to the moment the session counts as lasting.
    story.wait(20_000).receive({ kind: "heartbeatAck" }).wait(10_000).clear();
    expect(story.closed(null).event("connectionLost")).toMatchObject({ failures: 1, retryInMs: 1_000 });
  });

  it("does not count waiting for the identify budget, and waits as long as Discord says", () => {
    const story = new Scenario().start().clear();
    story.take({
      type: "dialFailed",
      connection: 1,
      reason: { kind: "identifyBudgetSpent", retryAfterMs: 3_600_000 },
    });
    expect(story.event("connectionLost")).toMatchObject({ retryInMs: 3_600_000, failures: 0 });
  });

  it("asks again after 5 seconds at the soonest when Discord names no time", () => {
    const story = new Scenario().start().clear();
    const reason = { kind: "identifyBudgetSpent", retryAfterMs: 0 } as const;
    story.take({ type: "dialFailed", connection: 1, reason });
    expect(story.event("connectionLost")).toMatchObject({ retryInMs: 5_000 });
  });
});

describe("stopping", () => {
  it("closes with a code that keeps the session, when asked to keep it", () => {
    const story = new Scenario().ready().clear().take({ type: "stopRequested", keepSession: true });
    expect(story.effects).toContainEqual({ type: "closeSocket", connection: 1, code: 4200, how: "close" });
    expect(story.state).toMatchObject({ name: "stopped", session: { id: "s1" }, fault: null });
  });

  it("closes with 1000 when the session is to end", () => {
    const story = new Scenario().ready().clear().take({ type: "stopRequested", keepSession: false });
    expect(story.effects).toContainEqual(expect.objectContaining({ type: "closeSocket", code: 1000 }));
  });

  it("does nothing any more once stopped", () => {
    const story = new Scenario().ready().take({ type: "stopRequested", keepSession: true }).clear();
    story
      .take({ type: "connectRequested" })
      .take({ type: "socketClosed", connection: 1, code: 4200, detail: "" });
    expect(story.effects).toEqual([]);
  });

  it("stops at once on a refused token", () => {
    const story = new Scenario().start().clear();
    story.take({ type: "dialFailed", connection: 1, reason: { kind: "tokenRefused" } });
    expect(story.state).toMatchObject({ name: "stopped", fault: { code: "token_refused" } });
  });
});

describe("what cannot be trusted", () => {
  it("reconnects and resumes after a frame it cannot read", () => {
    const story = new Scenario().ready().clear().receive({ kind: "malformed", problem: "frame is not JSON" });
    expect(story.event("connectionLost")).toMatchObject({ cause: "malformed_frame", next: "resume" });
  });

  it("ignores an opcode it does not know", () => {
    const story = new Scenario().ready().clear().receive({ kind: "unknown", op: 99 });
    expect(story.state.name).toBe("ready");
    expect(story.event("frameIgnored")).toMatchObject({ op: 99 });
  });

  it("ignores whatever an earlier connection still says", () => {
    const story = new Scenario().ready().closed(null).wait(1_000).hello();
    const before = story.state;
    story.receive({ kind: "dispatch", seq: 2, name: "X" }, 1).receive({ kind: "reconnect" }, 1);
    story.take({ type: "socketClosed", connection: 1, code: 4004, detail: "" });
    expect(story.state).toBe(before);
  });
});

function lastDelivered({ effects }: Scenario): number | undefined {
  const last = effects.findLast((effect) => effect.type === "deliver");
  return last?.type === "deliver" ? last.seq : undefined;
}
