/** Each way of being stuck, seen from outside: the health port, and the supervisor that sees the process end. */
import { readExposition } from "@guildwire/runtime/testing";
import { describe, expect, it } from "vitest";
import { aMove, setUp } from "./worker-rig.ts";

describe("a Gateway that has fallen silent", () => {
  it("makes /health and /ready fail while it is replaced, and /live does not", async () => {
    const { sim, receiver, startWorker } = await setUp({ heartbeatIntervalMs: 300 });
    const worker = startWorker({ RECONNECT_ATTEMPTS_MAX: "unlimited" });
    await receiver.untilTaken("guild.snapshot");
    sim.setFaults({ withholdAck: true, refuseUpgrade: true });
    expect(await worker.untilLogged("gateway_connection_lost")).toMatchObject({ cause: "zombie" });
    expect(await worker.health("/health")).toMatchObject({
      status: 503,
      body: { status: "unhealthy", state: "RECONNECTING" },
    });
    expect((await worker.health("/ready")).status).toBe(503);
    expect((await worker.health("/live")).status).toBe(200);
  });
});

describe("a hub that takes nothing", () => {
  it("makes /ready fail after three attempts; /health and /live are about the worker", async () => {
    const { sim, receiver, startWorker } = await setUp();
    const worker = startWorker();
    await receiver.untilTaken("guild.snapshot");
    let refusals = 0;
    receiver.policy = () => {
      refusals += 1;
      return { status: 503 };
    };
    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    // The fourth attempt begins after the third was settled.
    await receiver.until(() => refusals === 4);
    expect((await worker.health("/ready")).status).toBe(503);
    expect(await worker.health("/health")).toMatchObject({
      status: 200,
      body: { delivery: { lastAnswerMs: expect.any(Number) } },
    });
    expect((await worker.health("/live")).status).toBe(200);
    const { body } = await worker.health("/metrics");
    expect(readExposition(String(body["text"])).get("process_cpu_seconds_total")?.samples).toHaveLength(1);
    expect(body["text"]).toMatch(/guildwire_delivery_attempts_total\{outcome="busy",receiver="hub"\} [34]/);
    expect(body["text"]).toMatch(/guildwire_gateway_state\{state="CONNECTED"\} 1/);
  });
});

describe("an event loop that does not turn", () => {
  it("ends the process with E024, and the next one resumes", async () => {
    // While the loop stands still there are no Heartbeats: Discord must not end the session for that before we do.
    const { receiver, startWorker } = await setUp({ heartbeatIntervalMs: 30_000 });
    const blocker = "data:text/javascript,process.on('SIGUSR2',()=>{for(;;);})";
    const worker = startWorker({
      LOOP_BLOCKED_S_MAX: "2",
      NODE_OPTIONS: `--import=${blocker}`,
    });
    await receiver.untilTaken("guild.snapshot");
    worker.kill("SIGUSR2");
    expect(await worker.exit).toEqual({ code: null, signal: "SIGKILL" });
    expect(await worker.untilLogged("process_stuck")).toMatchObject({ errorCode: "E024", blockedS: 2 });
    await startWorker().untilLogged("gateway_resumed");
  });

  it("does not end a process that is not to be watched, nor one that merely waits", async () => {
    const { receiver, startWorker } = await setUp();
    const worker = startWorker({ LOOP_BLOCKED_S_MAX: "1" });
    await receiver.untilTaken("guild.snapshot");
    await receiver.untilTaken("source.status");
    expect((await worker.health("/live")).status).toBe(200);
    worker.kill("SIGTERM");
    expect(await worker.exit).toEqual({ code: 0, signal: null });
  });
});
