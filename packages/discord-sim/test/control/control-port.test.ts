import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim } from "../../src/discord-sim.ts";
import { SessionClient } from "../session-client.ts";

let sim: DiscordSim;

beforeEach(async () => {
  sim = await createDiscordSim({ rate: 50, startPaused: true });
});

afterEach(() => sim.close());

async function call(
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(sim.controlUrl + path, {
    method,
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: response.status, body: await response.json() };
}

describe("the control port", () => {
  it("tells the truth", async () => {
    expect(await call("GET", "/world")).toEqual({ status: 200, body: sim.world() });
  });

  it("lets life go on and stops it", async () => {
    expect(sim.stats()).toMatchObject({ paused: true, commands: 0 });
    expect(await call("POST", "/resume")).toEqual({ status: 200, body: { paused: false } });
    await expect.poll(() => sim.stats().commands, { interval: 5 }).toBeGreaterThan(0);
    await call("POST", "/pause");
    const stopped = sim.world();
    expect(sim.stats().paused).toBe(true);
    expect((await call("GET", "/world")).body).toEqual(stopped);
  });

  it("carries out commands and says what Discord would", async () => {
    const room = sim.world().rooms[1];
    const command = { type: "updateChannel", channelId: room?.id, name: "Renamed" };
    expect(await call("POST", "/commands", command)).toMatchObject({
      status: 200,
      body: { dispatches: [{ t: "CHANNEL_UPDATE", d: { id: room?.id, name: "Renamed" } }] },
    });
    expect(sim.world().rooms[1]?.name).toBe("Renamed");
  });

  it.each([
    ["{", "body"],
    ["[]", "body"],
    [{ type: "explode" }, "type"],
    [{ type: "leave" }, "userId"],
    [{ type: "leave", userId: 5 }, "userId"],
    [{ type: "leave", userId: "5", force: true }, "force"],
    [{ type: "createChannel", kind: "attic", name: "x" }, "kind"],
    [{ type: "setVoiceFlags", userId: "5", selfMute: "yes" }, "selfMute"],
  ])("refuses the command %o, naming the field", async (command, field) => {
    const answer = await call("POST", "/commands", command);
    expect(answer).toMatchObject({ status: 400, body: { field } });
    expect((answer.body as { error: string }).error).toContain(field);
  });

  it("answers 409 to a command that is impossible", async () => {
    expect(await call("POST", "/commands", { type: "leave", userId: "5" })).toEqual({
      status: 409,
      body: { error: "userId is not in voice", field: "userId" },
    });
  });

  it("merges faults and shows all of them", async () => {
    await call("POST", "/faults", { noHello: 2 });
    const { body } = await call("POST", "/faults", { latencyMs: 5 });
    expect(body).toMatchObject({ noHello: 2, latencyMs: 5, restStatus: null });
    expect((await call("GET", "/faults")).body).toEqual(body);
    expect(await call("POST", "/faults", { latencyMs: -1 })).toMatchObject({
      status: 400,
      body: { field: "latencyMs" },
    });
    expect(await call("POST", "/faults", { gremlins: true })).toMatchObject({
      status: 400,
      body: { field: "gremlins" },
    });
  });

  it("does acts to live connections", async () => {
    await using client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    await client.event("READY");
    expect(await call("POST", "/acts", { type: "close", code: 4000 })).toEqual({
      status: 200,
      body: { done: "close" },
    });
    expect(await client.end()).toBe(4000);
    expect(await call("POST", "/acts", { type: "close", code: 1006 })).toMatchObject({
      status: 400,
      body: { field: "code" },
    });
  });

  it("counts", async () => {
    await using client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    await client.event("GUILD_CREATE");
    expect((await call("GET", "/stats")).body).toMatchObject({
      connections: 1,
      sessions: 1,
      identifies: 1,
      dispatchesSent: 2,
    });
  });

  it("refuses what it does not know, and bodies that are too large", async () => {
    expect((await call("GET", "/nothing")).status).toBe(404);
    expect((await call("POST", "/commands", "x".repeat(70_000))).status).toBe(413);
  });
});
