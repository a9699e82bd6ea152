import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandPayload } from "../../src/session/input.ts";
import {
  COMMANDS_WAITING_MAX,
  enqueue,
  FRAMES_MAX,
  FRESH_BUDGET,
  release,
  type SendBudget,
} from "../../src/session/send-budget.ts";
import { HEARTBEAT_MS, Scenario } from "./scenario.ts";

const PRESENCE: CommandPayload = { kind: "presenceUpdate", status: "online", activities: [] };

function info(guildId: string): CommandPayload {
  return { kind: "requestChannelInfo", guildId, fields: ["status"] };
}

function commandsSent(story: Scenario): number {
  return story.sent.filter(({ kind }) => kind === "requestChannelInfo" || kind === "presenceUpdate").length;
}

describe("send budget", () => {
  it("lets commands through at once while there is room, and keeps room for a minute of Heartbeats", () => {
    const story = new Scenario().ready().clear();
    for (let n = 0; n < 150; n += 1) story.take({ type: "sendRequested", payload: info(String(n)) });
    // 120, less 5 in reserve, less 2 regular beats in a minute, less the Identify that was sent.
    expect(commandsSent(story)).toBe(112);
  });

  it("sends what waited when the window has moved on, in order", () => {
    const story = new Scenario().ready();
    for (let n = 0; n < 120; n += 1) story.take({ type: "sendRequested", payload: info(String(n)) });
    story.clear();
    for (let second = 0; second < 62; second += 1) story.wait(1_000).receive({ kind: "heartbeatAck" });
    const guilds = story.sent.flatMap((payload) =>
      payload.kind === "requestChannelInfo" ? [payload.guildId] : [],
    );
    expect(guilds).toEqual(["112", "113", "114", "115", "116", "117", "118", "119"]);
  });

  it("sends Heartbeats whatever else was sent", () => {
    const story = new Scenario().ready();
    for (let n = 0; n < 150; n += 1) story.take({ type: "sendRequested", payload: info(String(n)) });
    story.clear().wait(HEARTBEAT_MS / 2);
    expect(story.sent).toEqual([{ kind: "heartbeat", seq: 1 }]);
  });

  it("refuses a command when too many wait", () => {
    const story = new Scenario().ready();
    for (let n = 0; n < 112 + COMMANDS_WAITING_MAX + 1; n += 1) {
      story.take({ type: "sendRequested", payload: info(String(n)) });
    }
    expect(story.events.at(-1)).toEqual({
      type: "commandRefused",
      kind: "requestChannelInfo",
      reason: "too_many_waiting",
    });
  });

  it("refuses a command while the session is not ready", () => {
    const story = new Scenario().start().take({ type: "sendRequested", payload: PRESENCE });
    expect(story.event("commandRefused")).toMatchObject({ reason: "not_ready" });
  });

  it("tells of what waited when the connection is lost", () => {
    const story = new Scenario().ready();
    for (let n = 0; n < 113; n += 1) story.take({ type: "sendRequested", payload: info(String(n)) });
    expect(story.clear().closed(null).event("commandRefused")).toMatchObject({ reason: "connection_lost" });
  });

  it("allows five presences in 20 s; of those that wait only the newest goes out", () => {
    const story = new Scenario().ready().clear();
    for (let n = 0; n < 9; n += 1) {
      story.take({ type: "sendRequested", payload: { ...PRESENCE, sinceMs: n } });
    }
    expect(commandsSent(story)).toBe(5);
    story.clear().wait(21_000);
    expect(story.sent.filter(({ kind }) => kind === "presenceUpdate")).toMatchObject([{ sinceMs: 8 }]);
  });

  it("leaves requests for a beat without an answer where it would be closed for answering", () => {
    const story = new Scenario().ready().clear();
    for (let n = 0; n < 300; n += 1) story.receive({ kind: "heartbeatRequest" });
    // The Identify went out before, and a regular beat or two must still fit.
    expect(story.sent).toHaveLength(FRAMES_MAX - 1 - 2);
  });

  it("never lets more than 120 frames out in any 60 s, whatever is asked for and when", () => {
    const act = fc.record({ afterMs: fc.nat(3_000), commands: fc.nat(30), beats: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const story = new Scenario().ready();
        const sentAtMs: number[] = [];
        for (const { afterMs, commands, beats } of acts) {
          story.clear().wait(afterMs);
          for (let n = 0; n < commands; n += 1) story.take({ type: "sendRequested", payload: info("1") });
          for (let n = 0; n < beats; n += 1) story.receive({ kind: "heartbeatRequest" });
          story.receive({ kind: "heartbeatAck" });
          sentAtMs.push(...story.sent.map(() => story.nowMs));
          const lastMinute = sentAtMs.filter((atMs) => atMs > story.nowMs - 60_000 + afterMs);
          expect(lastMinute.length).toBeLessThanOrEqual(FRAMES_MAX);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("releases at the very moment it says it will", () => {
    let budget: SendBudget = FRESH_BUDGET;
    for (let n = 0; n < 120; n += 1) {
      const admission = enqueue(budget, info(String(n)));
      if (admission.verdict === "queued") budget = release(admission.budget, HEARTBEAT_MS, n).budget;
    }
    const { againInMs } = release(budget, HEARTBEAT_MS, 200);
    expect(release(budget, HEARTBEAT_MS, 200 + Number(againInMs) - 1).payloads).toEqual([]);
    expect(release(budget, HEARTBEAT_MS, 200 + Number(againInMs)).payloads).toHaveLength(1);
  });
});
