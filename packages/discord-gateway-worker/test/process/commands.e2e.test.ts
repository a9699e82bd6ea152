/** The commands about a worker, as processes of their own: while it runs, and while it does not. */
import { describe, expect, it } from "vitest";
import { setUp } from "./worker-rig.ts";

async function withRunningWorker() {
  const rig = await setUp();
  const worker = rig.startWorker();
  await rig.receiver.untilTaken("guild.snapshot");
  const { port } = await worker.untilLogged("health_listening");
  return { ...rig, worker, atWorker: { PORT: String(port) } };
}

describe("check", () => {
  it("ends with 0 where all is right, also beside the running worker", async () => {
    const { runCommand, atWorker, sim, receiver } = await withRunningWorker();
    const { code, output } = await runCommand(["check"], atWorker);
    expect(output).toMatch(/0 wrong: the worker can start/);
    expect(output).toContain("in use by the running worker");
    expect(code).toBe(0);
    expect(sim.stats().identifies).toBe(1);
    expect(output).not.toContain(sim.token);
    expect(output).not.toContain(receiver.secret.slice(6));
  });

  it("ends with 78 where a person must change something, and 75 where it may pass", async () => {
    const { runCommand } = await setUp();
    expect(await runCommand(["check"], { DISCORD_BOT_TOKEN: "other.bot.token" })).toMatchObject({
      code: 78,
      output: expect.stringContaining("E002 authentication failed"),
    });
    expect(await runCommand(["check"], { HUB_ENDPOINT: "http://127.0.0.1:9/events" })).toMatchObject({
      code: 75,
      output: expect.stringContaining("E013 hub unreachable"),
    });
  });
});

describe("status", () => {
  it("shows a running worker, and says when there is none", async () => {
    const { runCommand, atWorker, worker } = await withRunningWorker();
    expect(await runCommand(["status"], atWorker)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/state +CONNECTED/),
    });
    worker.kill("SIGTERM");
    await worker.exit;
    expect(await runCommand(["status"], atWorker)).toMatchObject({
      code: 75,
      output: expect.stringContaining("no worker runs at"),
    });
  });
});

describe("replay", () => {
  it("makes a running worker send a fresh snapshot", async () => {
    const { runCommand, atWorker, receiver } = await withRunningWorker();
    const before = receiver.events.length;
    expect(await runCommand(["replay"], atWorker)).toMatchObject({ code: 0 });
    await receiver.until(() => receiver.events.slice(before).some(({ type }) => type === "guild.snapshot"));
  });

  it("is refused to whoever does not know the secret", async () => {
    const { runCommand, atWorker } = await withRunningWorker();
    const { code, output } = await runCommand(["replay"], { ...atWorker, HUB_SECRET: "s".repeat(40) });
    expect(output).toContain("refused (401)");
    expect(code).toBe(75);
  });

  it("of a stopped worker goes out when it starts, and not while another port hides one that runs", async () => {
    const { runCommand, startWorker, atWorker, worker, receiver } = await withRunningWorker();
    expect(await runCommand(["replay"])).toMatchObject({
      code: 75,
      output: expect.stringContaining("E012"),
    });
    worker.kill("SIGTERM");
    await worker.exit;
    expect(await runCommand(["replay"], atWorker)).toMatchObject({ code: 0 });
    expect((await runCommand(["outbox"], atWorker)).output).toMatch(/1 {2}guild.snapshot/);
    const before = receiver.events.length;
    startWorker();
    await receiver.until(() => receiver.events.slice(before).some(({ type }) => type === "guild.snapshot"));
  });
});
