import { GatewayCloseCode } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { CLOSE_POLICY, verdictOnClose } from "../../src/session/close-policy.ts";
import { Scenario } from "./scenario.ts";

const RESUMED = [1001, 1006, 4000, 4001, 4002, 4008];
const IDENTIFIED = [1000, 4003, 4005, 4007, 4009];
const FATAL = [4004, 4010, 4011, 4012, 4013, 4014];

describe("close policy", () => {
  it("has a row for every documented code", () => {
    for (const code of Object.values(GatewayCloseCode)) expect(CLOSE_POLICY[code]).toBeDefined();
    expect(Object.keys(CLOSE_POLICY).map(Number).toSorted()).toEqual(
      [...RESUMED, ...IDENTIFIED, ...FATAL].toSorted(),
    );
  });

  it.each(RESUMED)("resumes after %d", (code) => {
    expect(new Scenario().ready().closed(code).event("connectionLost")).toMatchObject({
      next: "resume",
      code,
    });
  });

  it.each(IDENTIFIED)("identifies afresh after %d", (code) => {
    const story = new Scenario().ready().closed(code);
    expect(story.event("connectionLost")).toMatchObject({ next: "identify", code });
    expect(story.event("sessionDropped")).toBeDefined();
  });

  it.each(FATAL)("stops for good after %d", (code) => {
    const story = new Scenario().ready().clear().closed(code).wait(3_600_000);
    expect(story.state).toMatchObject({ name: "stopped", fault: { code: expect.any(String) } });
    expect(story.dials).toEqual([]);
  });

  it("resumes after a drop without a code, and after a code nobody has heard of", () => {
    expect(verdictOnClose(null)).toEqual({ action: "resume" });
    expect(verdictOnClose(4099)).toEqual({ action: "resume" });
  });
});
