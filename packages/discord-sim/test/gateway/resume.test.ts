import { describe, expect, it } from "vitest";
import { channelNamed, person } from "../world/worlds.ts";
import { Scenario } from "./scenario.ts";

/** Makes `count` events: somebody mutes and unmutes. */
function happen(gateway: Scenario, count: number): void {
  const userId = person(gateway.world);
  if (!gateway.world.voice.has(userId)) {
    gateway.command({ type: "join", userId, channelId: channelNamed(gateway.world, "Lounge").id });
  }
  for (let n = 0; n < count; n += 1) {
    const selfMute = gateway.world.voice.get(userId)?.selfMute !== true;
    gateway.command({ type: "setVoiceFlags", userId, selfMute });
  }
}

function eventsOf(gateway: Scenario, connection: number): readonly string[] {
  return gateway.log(connection).filter((word) => word.includes("#"));
}

describe("Resume", () => {
  it("replays what was missed in order, then says RESUMED, then goes on", () => {
    const gateway = new Scenario();
    const first = gateway.live();
    happen(gateway, 1); // #3 joined, #4 start time, #5 muted
    gateway.closedByClient(first, 1006);
    happen(gateway, 2); // #6, #7
    const second = gateway.open("resume");
    gateway.resume(second, gateway.sessionId(first), 5);
    happen(gateway, 1);
    expect(eventsOf(gateway, second)).toEqual([
      "VOICE_STATE_UPDATE#6",
      "VOICE_STATE_UPDATE#7",
      "RESUMED#8",
      "VOICE_STATE_UPDATE#9",
    ]);
    expect(gateway.state.stats).toMatchObject({ resumes: 1, resumesRefused: 0, dispatchesReplayed: 2 });
  });

  it("replays neither READY nor RESUMED", () => {
    const gateway = new Scenario();
    const first = gateway.live();
    const sessionId = gateway.sessionId(first);
    gateway.closedByClient(first, 4200);
    const second = gateway.open("resume");
    gateway.resume(second, sessionId, 2);
    gateway.closedByClient(second, 4200);
    const third = gateway.open("resume");
    gateway.resume(third, sessionId, 0);
    expect(eventsOf(gateway, third)).toEqual(["GUILD_CREATE#2", "RESUMED#4"]);
  });

  it("takes the session from the connection that still has it", () => {
    const gateway = new Scenario();
    const first = gateway.live();
    const second = gateway.open("resume");
    gateway.resume(second, gateway.sessionId(first), 2);
    happen(gateway, 0);
    expect(gateway.log(first).at(-1)).toBe("close 4000");
    expect(eventsOf(gateway, second)).toEqual([
      "RESUMED#3",
      "VOICE_STATE_UPDATE#4",
      "VOICE_CHANNEL_START_TIME_UPDATE#5",
    ]);
  });

  it("with a sequence beyond the last one ends in 4007", () => {
    const gateway = new Scenario();
    const first = gateway.live();
    gateway.closedByClient(first, 1006);
    const second = gateway.open("resume");
    gateway.resume(second, gateway.sessionId(first), 3);
    expect(gateway.log(second)).toEqual(["10", "close 4007"]);
  });

  it("with a wrong token ends in 4004, with a missing field in 4001", () => {
    const gateway = new Scenario();
    const first = gateway.live();
    const second = gateway.open("resume");
    gateway.resume(second, gateway.sessionId(first), 2, "other");
    expect(gateway.log(second)).toEqual(["10", "close 4004"]);
    const third = gateway.open("resume");
    gateway.send(third, 6, { token: "a-token", session_id: "x", s: 2 });
    expect(gateway.log(third)).toEqual(["10", "close 4001"]);
  });

  it.each([
    ["that was closed with 1000", (gateway: Scenario, first: number) => gateway.closedByClient(first, 1000)],
    ["that was closed with 1001", (gateway: Scenario, first: number) => gateway.closedByClient(first, 1001)],
    [
      "that has been gone too long",
      (gateway: Scenario, first: number) => {
        gateway.closedByClient(first, 1006);
        gateway.pass(90_000);
      },
    ],
    [
      "that was invalidated",
      (gateway: Scenario) => gateway.act({ type: "invalidateSession", resumable: false }),
    ],
    ["that timed out", (gateway: Scenario) => gateway.pass(61_875)],
  ])("of a session %s gets op 9 `false`", (_, end) => {
    const gateway = new Scenario();
    const first = gateway.live();
    const sessionId = gateway.sessionId(first);
    end(gateway, first);
    const second = gateway.open("resume");
    gateway.resume(second, sessionId, 2);
    expect(gateway.log(second)).toEqual(["10", "9:false"]);
    expect(gateway.state.stats.resumesRefused).toBe(1);
  });

  it("of an unknown session gets op 9 `false`, and Identify works on the same socket", () => {
    const gateway = new Scenario();
    const connection = gateway.open();
    gateway.resume(connection, "nobody", 4);
    gateway.identify(connection);
    expect(gateway.log(connection)).toEqual(["10", "9:false", "READY#1", "GUILD_CREATE#2"]);
  });

  it("from before the replay buffer gets op 9 `false`", () => {
    const gateway = new Scenario({ replayEventsMax: 3 });
    const first = gateway.live();
    const sessionId = gateway.sessionId(first);
    gateway.closedByClient(first, 1006);
    happen(gateway, 3); // up to #7; kept are #5 to #7
    const tooOld = gateway.open("resume");
    gateway.resume(tooOld, sessionId, 3);
    expect(gateway.log(tooOld)).toEqual(["10", "9:false"]);
    const justRight = gateway.open("resume");
    gateway.resume(justRight, sessionId, 4);
    expect(eventsOf(gateway, justRight)).toHaveLength(4);
  });

  it("on the main URL is noticed", () => {
    const gateway = new Scenario();
    gateway.resume(gateway.open("gateway"), "x", 1);
    expect(gateway.state.stats.resumesOnMainUrl).toBe(1);
  });

  it("gets events missed in an outage as one GUILD_CREATE", () => {
    const gateway = new Scenario();
    const first = gateway.live();
    gateway.command({ type: "guildUnavailable" });
    gateway.closedByClient(first, 1006);
    happen(gateway, 1);
    gateway.command({ type: "guildAvailable" });
    const second = gateway.open("resume");
    gateway.resume(second, gateway.sessionId(first), 3);
    expect(eventsOf(gateway, second)).toEqual(["GUILD_CREATE#4", "RESUMED#5"]);
  });

  it.each([
    [{ dropResume: 1 }, ["10", "destroy"]],
    [{ neverAnswerResume: 1 }, ["10"]],
    [{ refuseResume: 1 }, ["10", "9:false"]],
  ])("meets the fault %o", (faults, log) => {
    const gateway = new Scenario({ faults });
    const first = gateway.live();
    gateway.closedByClient(first, 1006);
    const second = gateway.open("resume");
    gateway.resume(second, gateway.sessionId(first), 2);
    expect(gateway.log(second)).toEqual(log);
  });
});
