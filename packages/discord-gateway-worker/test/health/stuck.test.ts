import { describe, expect, it } from "vitest";
import { stuckPart } from "../../src/health/stuck.ts";
import { VitalSigns } from "../../src/health/vital-signs.ts";

function signsAt(nowMs: number, change: (signs: VitalSigns) => void = () => undefined): VitalSigns {
  const signs = new VitalSigns(nowMs);
  change(signs);
  return signs;
}

const partAt = (signs: VitalSigns, nowMs: number, postSinceMs: number | null = null) => {
  signs.noteTurn(nowMs - 1_000, 1_000);
  const { lastTurnAtMs, gatewayDueAtMs } = signs;
  return stuckPart({ lastTurnAtMs, gatewayDueAtMs, postSinceMs }, nowMs);
};

describe("a process", () => {
  it("is not stuck while it connects, waits, or fails to deliver", () => {
    expect(partAt(signsAt(0), 170_000)).toBeNull();
    expect(partAt(signsAt(0), 40_000, 5_000)).toBeNull();
  });

  it("is stuck when its timers do not fire", () => {
    const { gatewayDueAtMs } = signsAt(0);
    expect(stuckPart({ lastTurnAtMs: 0, gatewayDueAtMs, postSinceMs: null }, 16_000)).toMatch(/timers/);
  });

  it("is stuck when the Gateway client says nothing for longer than any wait", () => {
    expect(partAt(signsAt(0), 181_000)).toMatch(/Gateway/);
    const alive = signsAt(0, (signs) =>
      signs.noteGateway({ type: "heartbeatAcknowledged", latencyMs: 9 }, 170_000),
    );
    expect(partAt(alive, 181_000)).toBeNull();
  });

  it("is not stuck while it waits for the identify budget of tomorrow", () => {
    const waiting = signsAt(0, (signs) =>
      signs.noteGateway(
        {
          type: "connectionLost",
          connection: 1,
          during: "connecting",
          cause: "identify_budget_spent",
          code: null,
          detail: "",
          failures: 0,
          retryInMs: 80_000_000,
          next: "identify",
        },
        0,
      ),
    );
    expect(partAt(waiting, 70_000_000)).toBeNull();
    expect(partAt(waiting, 80_200_000)).toMatch(/Gateway/);
    expect(waiting.losses).toBe(1);
  });

  it("is stuck when a POST does not end", () => {
    expect(partAt(signsAt(100_000), 130_000, 1_000)).toMatch(/POST/);
  });
});

describe("vital signs", () => {
  it("tell the delay of the loop, and the longest of the last minute", () => {
    const signs = new VitalSigns(0);
    signs.noteTurn(1_000, 1_000);
    signs.noteTurn(2_700, 1_000);
    signs.noteTurn(3_700, 1_000);
    expect([signs.loopDelayMs, signs.loopDelayMsMax]).toEqual([0, 700]);
    for (let turn = 4; turn < 70; turn += 1) signs.noteTurn(turn * 1_000 - 300, 1_000);
    expect(signs.loopDelayMsMax).toBe(0);
  });

  it("know since when a state and a session last", () => {
    const signs = new VitalSigns(0);
    signs.noteState("CONNECTED", 5);
    signs.noteState("CONNECTED", 9);
    signs.noteGateway({ type: "ready", connection: 1, sessionId: "s" }, 10);
    signs.noteGateway({ type: "resumed", sessionId: "s", connection: 2, replayed: 0 }, 20);
    expect([signs.stateSinceMs, signs.sessionSinceMs]).toEqual([5, 10]);
    signs.noteGateway({ type: "sessionDropped", reason: "x" }, 30);
    expect(signs.sessionSinceMs).toBeNull();
  });
});
