/** What is promised over stretches of real time, with the client's own timing. */
import { GatewayCloseCode } from "@guildwire/discord-wire";
import { describe, it } from "vitest";
import { elapsed, LONGEST, SHORTEST, Stage } from "./stage.ts";

const FLAP_MS = 20_000;

describe.concurrent("over time, a client", () => {
  it("connects at most 6 times in 20 s of flapping before Hello", async ({ expect }) => {
    const { stage, fromMs } = await Stage.live(SHORTEST);
    await using _ = stage;
    stage.sim.setFaults({ op7InsteadOfHello: true });
    stage.sim.act({ type: "drop" });
    await elapsed(FLAP_MS);
    expect(stage.count("connecting", fromMs)).toBeLessThanOrEqual(6);
    expect(stage.sim.stats().identifies).toBe(1);
  });

  it("connects at most 6 times in 20 s of flapping after READY", async ({ expect }) => {
    const { stage, fromMs } = await Stage.live(SHORTEST);
    await using _ = stage;
    const close = (): void => stage.sim.act({ type: "close", code: GatewayCloseCode.UnknownError });
    stage.whenever(["ready", "resumed"], close);
    close();
    await elapsed(FLAP_MS);
    expect(stage.count("connecting", fromMs)).toBeLessThanOrEqual(6);
  });

  it("is live again within 15 s of a Resume that is never answered", async ({ expect }) => {
    const { stage, fromMs } = await Stage.live(LONGEST);
    await using _ = stage;
    stage.sim.setFaults({ neverAnswerResume: 1 });
    stage.sim.act({ type: "drop" });
    expect((await stage.until("resumed")).atMs - fromMs).toBeLessThan(15_000);
    expect(stage.sim.stats()).toMatchObject({ identifies: 1, resumes: 2 });
  });

  // Two deadlines of 5 s and back-offs of 2 and 4 s make 16 s, and up to 17.2 s by chance.
  it("is live again within 15 s of the first Resume when none is ever answered", async ({ expect }) => {
    const { stage } = await Stage.live(LONGEST);
    await using _ = stage;
    stage.sim.setFaults({ neverAnswerResume: true });
    stage.sim.act({ type: "drop" });
    const lost = await stage.until("connectionLost");
    const redialled = await stage.until("connecting", lost.atMs);
    expect((await stage.until("ready", lost.atMs)).atMs - redialled.atMs).toBeLessThan(15_000);
  });

  it("gives up on a Hello that never comes within 15 s", async ({ expect }) => {
    await using stage = await Stage.open(LONGEST, { faults: { noHello: 1 } });
    const first = await stage.until("connecting");
    const lost = await stage.until("connectionLost");
    expect(lost).toMatchObject({ cause: "hello_timeout" });
    expect((await stage.until("ready")).atMs - first.atMs).toBeLessThan(15_000);
  });

  it("dials at most 10 times in an outage of 5 s, and resumes after it without an Identify", async ({
    expect,
  }) => {
    const { stage, fromMs } = await Stage.live(SHORTEST);
    await using _ = stage;
    stage.sim.setFaults({ refuseUpgrade: true });
    stage.sim.act({ type: "drop" });
    await elapsed(5_000);
    stage.sim.setFaults({ refuseUpgrade: false });
    expect(stage.count("connecting", fromMs)).toBeLessThanOrEqual(10);
    await stage.until("resumed");
    expect(stage.sim.stats().identifies).toBe(1);
  });
});

const FATAL = [
  GatewayCloseCode.AuthenticationFailed,
  GatewayCloseCode.InvalidShard,
  GatewayCloseCode.ShardingRequired,
  GatewayCloseCode.InvalidApiVersion,
  GatewayCloseCode.InvalidIntents,
  GatewayCloseCode.DisallowedIntents,
];

const RECOVERABLE = [
  1000,
  1001,
  GatewayCloseCode.UnknownError,
  GatewayCloseCode.UnknownOpcode,
  GatewayCloseCode.DecodeError,
  GatewayCloseCode.NotAuthenticated,
  GatewayCloseCode.AlreadyAuthenticated,
  GatewayCloseCode.InvalidSequence,
  GatewayCloseCode.RateLimited,
  GatewayCloseCode.SessionTimedOut,
];

describe.concurrent("after a Close from Discord, a client", () => {
  it.for(FATAL)("stays away and does not tell its token (%i)", async (code, { expect }) => {
    const { stage } = await Stage.live();
    await using _ = stage;
    stage.sim.act({ type: "close", code });
    expect((await stage.until("stopped")).fault).not.toBeNull();
    // Longer than the first back-off.
    await elapsed(1_500);
    expect(stage.count("connecting")).toBe(1);
    expect(stage.told).not.toContain(stage.sim.token);
  });

  it.for(RECOVERABLE)(
    "comes back without a loop and does not tell its token (%i)",
    async (code, { expect }) => {
      const { stage, fromMs } = await Stage.live();
      await using _ = stage;
      stage.sim.act({ type: "close", code });
      await stage.untilLive(fromMs);
      // A second one where a Resume is tried and the simulator's session did not outlive the code (1001).
      expect(stage.count("connecting", fromMs)).toBeLessThanOrEqual(2);
      expect(stage.told).not.toContain(stage.sim.token);
    },
  );
});
