/** What happens to the server itself, and a request that the connection does not survive. */
import { describe, expect, it } from "vitest";
import { aMove, setUp } from "./worker-rig.ts";

describe("a bot that is removed and invited again", () => {
  it("leaves records at `info`, is not in the guild meanwhile, and reports nobody as joined", async () => {
    const { sim, receiver, startWorker } = await setUp();
    const worker = startWorker({ LOG_LEVEL: "info" });
    await receiver.untilTaken("guild.snapshot");
    expect((await worker.health()).body).toMatchObject({ guild: { inGuild: true } });

    sim.command({ type: "removeBot" });
    await receiver.untilTaken("guild.removed");
    await worker.untilLogged("guild_removed");
    expect((await worker.health()).body).toMatchObject({ guild: { inGuild: false, status: "gone" } });

    sim.command({ type: "guildAvailable" });
    const afterRemoval = () =>
      receiver.events
        .slice(receiver.events.findIndex(({ type }) => type === "guild.removed") + 1)
        .map(({ type }) => type)
        .filter((type) => type !== "source.status");
    await receiver.until(() => afterRemoval().includes("guild.snapshot"));
    await worker.untilLogged("guild_available");
    expect((await worker.health()).body).toMatchObject({ guild: { inGuild: true, status: "available" } });
    // The rooms' status lines follow when Discord has answered the request for them.
    expect(afterRemoval().filter((type) => type !== "room.status")).toEqual([
      "guild.available",
      "guild.snapshot",
    ]);
  });
});

describe("an outage of the server", () => {
  it("leaves a record at `info` when it begins and when it ends", async () => {
    const { sim, receiver, startWorker } = await setUp();
    const worker = startWorker({ LOG_LEVEL: "info" });
    await receiver.untilTaken("guild.snapshot");
    sim.command({ type: "guildUnavailable" });
    await worker.untilLogged("guild_unavailable");
    sim.command({ type: "guildAvailable" });
    await worker.untilLogged("guild_available");
  });
});

describe("a request that is followed by a loss of the connection twice", () => {
  it("is not sent again by this process, and a record says so", async () => {
    // Late frames: the connection is gone before the request is answered. And no session survives a loss.
    const { sim, receiver, startWorker } = await setUp({ faults: { latencyMs: 400, refuseResume: true } });
    const worker = startWorker({ RECONNECT_ATTEMPTS_MAX: "unlimited" });
    const snapshots = () => receiver.events.filter(({ type }) => type === "guild.snapshot").length;
    for (const session of [1, 2]) {
      await receiver.until(() => snapshots() === session);
      sim.act({ type: "drop" });
    }
    expect(await worker.untilLogged("gateway_request_given_up")).toMatchObject({
      level: "warn",
      kind: "requestChannelInfo",
      why: "losses",
    });
    await receiver.until(() => snapshots() === 3);
    // Frames keep their order: an answer to a third request would come before the second of these.
    for (let round = 0; round < 2; round += 1) {
      const known = receiver.events.length;
      const { userId, to } = aMove(sim);
      sim.command({ type: "move", userId: userId as never, channelId: to as never });
      await receiver.until(() => receiver.events.slice(known).some(({ type }) => type === "voice.joined"));
    }
    const { body } = await worker.health("/metrics");
    expect(String(body["text"])).not.toContain("CHANNEL_INFO");
    expect(String(body["text"])).toContain("GUILD_CREATE");
  });
});
