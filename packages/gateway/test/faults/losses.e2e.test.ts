import { describe, expect, it } from "vitest";
import type { Compression } from "../../src/index.ts";
import { LONGEST, Stage } from "./stage.ts";

const COMPRESSIONS: readonly Compression[] = ["zstd-stream", "zlib-stream", "none"];

describe("a live connection", () => {
  it("is dialed again within a second of a reset, whatever chance says, and resumed", async () => {
    const { stage } = await Stage.live(LONGEST);
    await using _ = stage;
    stage.sim.act({ type: "drop" });
    const lost = await stage.until("connectionLost");
    expect((await stage.until("connecting", lost.atMs)).atMs - lost.atMs).toBeLessThan(1_500);
    await stage.until("resumed");
    expect(stage.sim.stats()).toMatchObject({ identifies: 1, resumes: 1 });
  });

  it("is resumed at once when Discord asks to reconnect", async () => {
    const { stage, fromMs } = await Stage.live(LONGEST);
    await using _ = stage;
    stage.sim.act({ type: "reconnect" });
    const resumed = await stage.until("resumed");
    // A back-off would have taken the longest there is, a second.
    expect(resumed.atMs - fromMs).toBeLessThan(900);
    expect(stage.sim.stats()).toMatchObject({ identifies: 1, resumes: 1 });
  });

  // A zombie waits the short end of the spread of 1 s, whatever chance says.
  it("gets a new socket within 1 s of noticing that its peer is gone", async () => {
    const { stage, fromMs } = await Stage.live(LONGEST, { heartbeatIntervalMs: 1_000 });
    await using _ = stage;
    stage.sim.act({ type: "halfOpen" });
    const lost = await stage.until("connectionLost");
    expect(lost).toMatchObject({ cause: "zombie", next: "resume" });
    // At the second heartbeat; the third would be a second later.
    expect(lost.atMs - fromMs).toBeLessThan(2_900);
    expect((await stage.until("connecting", lost.atMs)).atMs - lost.atMs).toBeLessThan(1_500);
    await stage.until("resumed");
  });

  it.each(COMPRESSIONS)("loses one connection and no process to a broken frame (%s)", async (compression) => {
    const { stage } = await Stage.live({ ...LONGEST, compression });
    await using _ = stage;
    stage.sim.setFaults({ garbage: 1 });
    stage.sim.command({ type: "renameGuild", name: "Renamed" });
    expect(await stage.until("connectionLost")).toMatchObject({ cause: "malformed_frame", next: "resume" });
    expect(await stage.until("resumed")).toMatchObject({ replayed: 1 });
    expect(stage.sim.stats()).toMatchObject({ connectionsOpened: 2, identifies: 1, resumes: 1 });
  });

  it("is resumed at the main URL, with its session, when the resume URL is dead", async () => {
    const { stage } = await Stage.live(LONGEST);
    await using _ = stage;
    const { sessionId } = stage.client.status;
    stage.sim.setFaults({ resumeUrlRefused: true });
    stage.sim.act({ type: "drop" });
    await stage.until("resumed");
    expect(stage.client.status.sessionId).toBe(sessionId);
    expect(stage.sim.stats()).toMatchObject({ identifies: 1, resumes: 1, resumesOnMainUrl: 1 });
  });
});

describe("a new connection", () => {
  it("reads a Hello that comes in the same TCP segment as the 101", async () => {
    await using stage = await Stage.open({}, { faults: { helloWithUpgrade: true } });
    await stage.until("ready");
    expect(stage.count("connectionLost")).toBe(0);
  });
});
