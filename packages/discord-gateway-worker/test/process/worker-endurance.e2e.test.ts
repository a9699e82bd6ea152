/** The worker where something runs out: the disk, the outbox's bounds, the receiver's patience, a session's life. */
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";
import { aMove, expectNoHoleAndNoDouble, setUp, voiceEvents } from "./worker-rig.ts";

/** A directory on a disk of its own; `undefined` where this user may not mount one. */
function smallDisk(kib: number): string | undefined {
  const directory = temporaryDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "none", directory], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", directory]));
  return directory;
}

function statements(dataDir: string, sql: string): void {
  const database = new DatabaseSync(join(dataDir, "worker.sqlite"));
  database.exec(sql);
  database.close();
}

describe("a full outbox", () => {
  it("becomes a snapshot that says so, and the receiver goes on from there", async () => {
    const { sim, receiver, startWorker } = await setUp({ rate: 200 });
    const worker = startWorker({ OUTBOX_ROWS_MAX: "100" });
    await receiver.untilTaken("guild.snapshot");
    receiver.policy = () => ({ status: 503, body: {} });
    const record = await worker.untilLogged("outbox_compacted");
    expect(record).toMatchObject({ errorCode: "E022", bound: "rows" });
    const { body } = await worker.health("/metrics");
    expect(body["text"]).toMatch(/guildwire_outbox_compactions_total\{bound="rows",receiver="hub"\} [1-9]/);
    sim.pause();
    receiver.policy = () => undefined;
    await receiver.until(() =>
      receiver.events.some(({ type, data }) => type === "source.status" && data["compacted"] !== undefined),
    );
    const index = receiver.events.findLastIndex(({ data }) => data["compacted"] !== undefined) - 1;
    const [before, snapshot, status] = receiver.events.slice(index - 1, index + 2);
    expect(snapshot).toMatchObject({
      type: "guild.snapshot",
      data: { compacted: { from: (before?.seq ?? 0) + 1 } },
    });
    expect(snapshot?.data["compacted"]).toMatchObject({ to: (snapshot?.seq ?? 0) - 1 });
    expect(status).toMatchObject({ type: "source.status", data: { status: "live" } });
  });
});

describe("a disk that is full", () => {
  it("ends the worker with E009, and after room was made nothing is missing", async ({ skip }) => {
    const disk = smallDisk(400);
    if (disk === undefined) return skip("may not mount a small disk");
    const { sim, receiver, startWorker } = await setUp({ rate: 300, people: 60, sessionLifetimeMs: 600_000 });
    receiver.policy = (events) => (events.some(({ seq }) => seq > 1) ? { status: 503 } : undefined);
    const worker = startWorker({ DATA_DIR: disk });
    expect(await worker.untilLogged("fatal")).toMatchObject({ errorCode: "E009", exitCode: 75 });
    expect((await worker.exit).code).toBe(75);
    sim.pause();
    receiver.policy = () => undefined;
    const roomy = temporaryDirectory();
    for (const name of readdirSync(disk)) copyFileSync(join(disk, name), join(roomy, name));
    const next = startWorker({ DATA_DIR: roomy });
    await next.untilLogged("gateway_resumed");
    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    await receiver.until(() => joinedLast(userId, to));
    expect(sim.stats()).toMatchObject({ identifies: 1 });
    expectNoHoleAndNoDouble(receiver);

    /** Of all in voice; what the source says of itself may come after it. */
    function joinedLast(user: string, room: string): boolean {
      const last = voiceEvents(receiver).at(-1);
      const data = last?.data as { user: { id: string }; roomId?: string } | undefined;
      return last?.type === "voice.joined" && data?.user.id === user && data.roomId === room;
    }
  });
});

describe("a worker that is stopped while the receiver takes nothing", () => {
  it("ends with 0 after at most ten seconds, and its successor delivers what waited", async () => {
    const { sim, receiver, startWorker } = await setUp();
    const worker = startWorker();
    await receiver.untilTaken("guild.snapshot");
    receiver.policy = () => ({ status: 503 });
    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    await worker.untilLogged("delivery_attempt");
    const stoppedAtMs = performance.now();
    worker.kill("SIGTERM");
    expect(await worker.exit).toEqual({ code: 0, signal: null });
    expect(performance.now() - stoppedAtMs).toBeLessThan(13_000);
    expect(await worker.untilLogged("stopped")).toMatchObject({ flushed: false });
    receiver.policy = () => undefined;
    startWorker();
    await receiver.until(() => voiceEvents(receiver).length === 2);
    expectNoHoleAndNoDouble(receiver);
  });
});

describe("a worker that comes back", () => {
  it("is not kept out by the lock of one that was killed", async () => {
    const { receiver, startWorker } = await setUp();
    const first = startWorker();
    await receiver.untilTaken("guild.snapshot");
    first.kill("SIGKILL");
    await first.exit;
    await startWorker().untilLogged("gateway_resumed");
  });

  it("delivers what happened meanwhile without waiting for any timer", async () => {
    const { sim, receiver, startWorker } = await setUp();
    const first = startWorker();
    await receiver.untilTaken("guild.snapshot");
    first.kill("SIGTERM");
    await first.exit;
    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    const startedAtMs = performance.now();
    startWorker();
    await receiver.until(() => voiceEvents(receiver).length === 2);
    // The next timer of all is the source's status, every ten seconds.
    expect(performance.now() - startedAtMs).toBeLessThan(8_000);
  });

  it("does not try to resume a session that is long gone, and tells the differences", async () => {
    const { sim, receiver, dataDir, startWorker } = await setUp();
    const first = startWorker();
    await receiver.untilTaken("guild.snapshot");
    first.kill("SIGTERM");
    await first.exit;
    statements(dataDir, "UPDATE gateway_session SET last_alive_ms = last_alive_ms - 360000");
    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    const second = startWorker();
    expect(await second.untilLogged("starting")).toMatchObject({ storedSession: "too_old" });
    await receiver.until(() => receiver.events.filter(({ type }) => type === "guild.snapshot").length === 2);
    expect(sim.stats().resumes).toBe(0);
    expect(voiceEvents(receiver)).toMatchObject([{ data: { approx: true } }, { data: { approx: true } }]);
    expectNoHoleAndNoDouble(receiver);
  });
});
