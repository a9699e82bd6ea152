import type { GatewayEvent } from "@guildwire/gateway";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { faultError } from "../src/fatal.ts";
import { WorkerHealth } from "../src/health/worker-health.ts";
import { WorkerJournal } from "../src/journal.ts";

function lineOf(event: GatewayEvent): Record<string, unknown> {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  new WorkerJournal(log, new WorkerHealth({ commit: null, receivers: [] }).metrics).gateway(event);
  return JSON.parse(lines[0] ?? "{}") as Record<string, unknown>;
}

describe("log lines of the Gateway", () => {
  it.each<[GatewayEvent, string]>([
    [
      { type: "connecting", connection: 1, purpose: "identify" },
      "[Gateway] Connecting to Discord Gateway...",
    ],
    [{ type: "ready", connection: 1, sessionId: "abc123456" }, "[Gateway] Connected (session: abc123...)"],
    [
      { type: "resumed", connection: 2, sessionId: "abc123456", replayed: 3 },
      "[Gateway] Connected (session: abc123...), resumed, 3 replayed",
    ],
    [
      { type: "heartbeatStarted", connection: 1, intervalMs: 41_250 },
      "[Gateway] Heartbeat started (interval: 41250ms)",
    ],
  ])("are the ones that people search for: %o", (event, msg) => {
    expect(lineOf(event)["msg"]).toBe(msg);
    expect(JSON.stringify(lineOf(event))).not.toContain("abc123456");
  });

  it("say `Failed to connect to Discord` before a connection is ready, with the close code's name", () => {
    const lost = {
      type: "connectionLost",
      connection: 1,
      cause: "closed",
      code: 4008,
      detail: "",
      failures: 1,
      retryInMs: 900,
      next: "identify",
    } as const;
    expect(lineOf({ ...lost, during: "identifying" })["msg"]).toMatch(
      /^Failed to connect to Discord \(closed 4008 RateLimited\), identify in 900 ms$/,
    );
    expect(lineOf({ ...lost, during: "ready" })["msg"]).toMatch(/^connection to Discord lost/);
  });
});

describe("a fatal end", () => {
  const end = { code: null, detail: "", resumable: false };

  it("names Discord's close code, the code's name and the reason", () => {
    const error = faultError(
      { code: "disallowed_intents" },
      { ...end, code: 4014, detail: "Disallowed intent(s)." },
    );
    expect(error.message).toContain("closed with 4014 DisallowedIntents Disallowed intent(s).");
    expect(faultError({ code: "token_refused" }, end).message).not.toContain("closed with");
  });

  it("promises that a restart resumes the session only when there is one", () => {
    const spent = { code: "attempts_spent", failures: 6 } as const;
    expect(faultError(spent, { ...end, resumable: true }).message).toContain("a restart resumes the session");
    const without = faultError(spent, { ...end, detail: "ECONNREFUSED" }).message;
    expect(without).toContain("Failed to connect to Discord");
    expect(without).toContain("ECONNREFUSED; there is no session to resume");
  });
});
