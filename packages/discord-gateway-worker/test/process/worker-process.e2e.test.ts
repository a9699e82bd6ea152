/** The worker from outside, by its public contract alone: Discord on one side, a verifying receiver on the other. */
import type { DiscordSim } from "@guildwire/discord-sim";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";
import type { EventReceiver } from "./event-receiver.ts";
import { aMove, expectNoHoleAndNoDouble, setUp, voiceEvents } from "./worker-rig.ts";

describe("a worker that starts", () => {
  it.each(["zstd-stream", "zlib-stream", "none"])(
    "describes the guild, then tells a move as left and joined side by side (%s)",
    async (compression) => {
      const { sim, receiver, startWorker } = await setUp();
      const worker = startWorker({ GATEWAY_COMPRESS: compression });
      await receiver.untilTaken("guild.snapshot");
      expect(receiver.events[0]?.data).toMatchObject({
        guild: { id: sim.guildId, name: sim.world().guild.name },
      });
      expect(receiver.posts[0]?.source).toBe(sim.guildId);
      expect(await worker.health()).toMatchObject({
        status: 200,
        body: { status: "ok", state: "CONNECTED" },
      });

      const { userId, from, to } = aMove(sim);
      sim.command({ type: "move", userId: userId as never, channelId: to as never });
      await receiver.until(() => voiceEvents(receiver).length === 2);
      expect(voiceEvents(receiver)).toMatchObject([
        { type: "voice.left", data: { roomId: from, user: { id: userId }, movedTo: to } },
        { type: "voice.joined", data: { roomId: to, user: { id: userId }, movedFrom: from } },
      ]);
      expectNoHoleAndNoDouble(receiver);
      expect(receiver.refused).toEqual([]);
      expect(worker.output).not.toContain(sim.token);
      expect(worker.output).not.toContain(receiver.secret.slice(6));
    },
  );

  it("reports all mistakes of its configuration at once and connects to nothing", async () => {
    const { sim, startWorker } = await setUp();
    const worker = startWorker({ PORT: "x", HUB_SECRET: "short", PRIMARY_GUILD_ID: "" });
    expect(await worker.exit).toEqual({ code: 78, signal: null });
    expect(worker.output).toMatch(/PORT must be.*\n|HUB_SECRET must be.*\n|PRIMARY_GUILD_ID is missing/);
    expect(worker.lines).toHaveLength(4);
    expect(worker.output).not.toContain("    at ");
    expect(sim.stats().restRequests).toBe(0);
  });

  it("ends with a clear line when Discord refuses the token, and asks once", async () => {
    const { sim, startWorker } = await setUp();
    const worker = startWorker({ DISCORD_BOT_TOKEN: "not.the.token" });
    expect(await worker.exit).toEqual({ code: 78, signal: null });
    expect(await worker.untilLogged("fatal")).toMatchObject({ errorCode: "E002", level: "fatal" });
    expect(sim.stats().restRequests).toBe(1);
    expect(worker.output).not.toContain("not.the.token");
  });

  it("ends for good at a fatal close code", async () => {
    const { startWorker } = await setUp({ faults: { closeOnIdentify: 4014 } });
    const worker = startWorker();
    expect((await worker.exit).code).toBe(78);
    expect(await worker.untilLogged("fatal")).toMatchObject({ errorCode: "E006" });
  });

  it("ends non-zero when its attempts are spent", async () => {
    const { startWorker } = await setUp({ faults: { refuseUpgrade: true } });
    const worker = startWorker({ RECONNECT_ATTEMPTS_MAX: "1" });
    expect((await worker.exit).code).toBe(75);
    expect(await worker.untilLogged("fatal")).toMatchObject({ errorCode: "E001" });
  });

  it("refuses a data directory that another worker uses", async () => {
    const { receiver, startWorker } = await setUp();
    const dataDir = temporaryDirectory();
    startWorker({ DATA_DIR: dataDir });
    await receiver.untilTaken("guild.snapshot");
    const second = startWorker({ DATA_DIR: dataDir });
    expect((await second.exit).code).toBe(75);
    expect(await second.untilLogged("fatal")).toMatchObject({ errorCode: "E012" });
  });
});

describe("a worker that is stopped", () => {
  it("closes resumably at SIGTERM, ends with 0, and its successor resumes without a hole", async () => {
    const { sim, receiver, startWorker } = await setUp();
    const first = startWorker();
    await receiver.untilTaken("guild.snapshot");
    first.kill("SIGTERM");
    expect(await first.exit).toEqual({ code: 0, signal: null });
    expect(sim.stats().clientCloses).toEqual({ 4200: 1 });

    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    const second = startWorker();
    await second.untilLogged("gateway_resumed");
    await receiver.until(() => voiceEvents(receiver).length === 2);
    expect(sim.stats()).toMatchObject({ identifies: 1, resumes: 1 });
    expect(receiver.events.filter(({ type }) => type === "guild.snapshot")).toHaveLength(1);
    expectNoHoleAndNoDouble(receiver);
  });

  it("loses nothing and doubles nothing when it is killed again and again", async () => {
    const { sim, receiver, startWorker } = await setUp({ rate: 40 });
    for (let life = 0; life < 4; life += 1) {
      const worker = startWorker();
      const before = receiver.events.length;
      await receiver.until(() => receiver.events.length > before + 15);
      worker.kill("SIGKILL");
      await worker.exit;
    }
    sim.pause();
    const last = startWorker();
    await last.untilLogged("gateway_resumed");
    await receiver.until(() => sameWorld(receiver, sim));
    expect(sim.stats().identifies).toBe(1);
    const taken = new Map(receiver.events.map((event) => [event.seq, JSON.stringify(event)]));
    for (const event of receiver.events) expect(JSON.stringify(event)).toBe(taken.get(event.seq));
    expect([...taken.keys()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: taken.size }, (_, i) => i + 1),
    );
  });
});

/** What a receiver that only hears events believes is what is so. */
function sameWorld(receiver: EventReceiver, sim: DiscordSim): boolean {
  const believed = new Map<string, string>();
  for (const { type, data } of [...receiver.events].sort((a, b) => a.seq - b.seq)) {
    const { user, roomId, occupants } = data as {
      user?: { id: string };
      roomId?: string;
      occupants?: { user: { id: string }; roomId: string }[];
    };
    if (type === "guild.snapshot") believed.clear();
    for (const occupant of occupants ?? []) believed.set(occupant.user.id, occupant.roomId);
    if (type === "voice.left" && user) believed.delete(user.id);
    if ((type === "voice.joined" || type === "voice.updated") && user && roomId)
      believed.set(user.id, roomId);
  }
  const truth = sim.world().rooms.flatMap((room) => room.people.map(({ id }) => `${id}@${room.id}`));
  return (
    truth.toSorted().join() ===
    [...believed]
      .map(([id, room]) => `${id}@${room}`)
      .toSorted()
      .join()
  );
}

describe("a worker in trouble", () => {
  it("resumes after a drop, op 7 and a resumable close without telling anyone", async () => {
    const { sim, receiver, startWorker } = await setUp();
    const worker = startWorker();
    await receiver.untilTaken("guild.snapshot");
    for (const act of [{ type: "reconnect" }, { type: "drop" }] as const) {
      const resumes = sim.stats().resumes;
      sim.act(act);
      await worker.untilLogged("gateway_connection_lost");
      while (sim.stats().resumes === resumes) await new Promise((resolve) => setImmediate(resolve));
    }
    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    await receiver.until(() => voiceEvents(receiver).length === 2);
    expect(receiver.events.filter(({ type }) => type === "guild.snapshot")).toHaveLength(1);
    expectNoHoleAndNoDouble(receiver);
  });

  it("identifies afresh after an invalidated session and tells the differences as approximate", async () => {
    const { sim, receiver, startWorker } = await setUp();
    startWorker();
    await receiver.untilTaken("guild.snapshot");
    const { userId, to } = aMove(sim);
    sim.act({ type: "invalidateSession", resumable: false });
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    await receiver.until(() => receiver.events.filter(({ type }) => type === "guild.snapshot").length === 2);
    expect(voiceEvents(receiver)).toMatchObject([
      { type: "voice.left", data: { movedTo: to, approx: true } },
      { type: "voice.joined", data: { roomId: to, approx: true } },
    ]);
  });

  it("notices that nobody acknowledges its heartbeats, and resumes", async () => {
    const { sim, receiver, startWorker } = await setUp({ heartbeatIntervalMs: 500 });
    const worker = startWorker();
    await receiver.untilTaken("guild.snapshot");
    sim.setFaults({ withholdAck: true });
    expect(await worker.untilLogged("gateway_connection_lost")).toMatchObject({
      cause: "zombie",
      next: "resume",
    });
    sim.setFaults({ withholdAck: false });
    await worker.untilLogged("gateway_resumed");
  });

  it("retries the very same delivery until the receiver takes it", async () => {
    const { receiver, startWorker } = await setUp();
    receiver.answers.push({ status: 500 }, { status: 503, headers: { "retry-after": "0" } });
    startWorker();
    await receiver.untilTaken("guild.snapshot");
    const [first, second, third] = receiver.posts;
    expect(new Set([first, second, third].map((post) => `${post?.webhookId} ${post?.body}`)).size).toBe(1);
    expectNoHoleAndNoDouble(receiver);
  });

  it("sends a snapshot when it is asked for one", async () => {
    const { sim, receiver, startWorker } = await setUp();
    startWorker();
    await receiver.untilTaken("guild.snapshot");
    receiver.answers.push({ status: 409, body: { want: "snapshot" } });
    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    await receiver.until(() => receiver.events.filter(({ type }) => type === "guild.snapshot").length === 2);
    expectNoHoleAndNoDouble(receiver);
  });

  it("is unhealthy while it is not connected", async () => {
    const { startWorker } = await setUp({ faults: { refuseUpgrade: true } });
    const worker = startWorker();
    await worker.untilLogged("gateway_connection_lost");
    expect(await worker.health()).toMatchObject({
      status: 503,
      body: { status: "unhealthy", state: "CONNECTING", timestamp: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
    expect(await worker.health("/live")).toMatchObject({ status: 200 });
    expect(await worker.health("/ready")).toMatchObject({ status: 503 });
  });
});
