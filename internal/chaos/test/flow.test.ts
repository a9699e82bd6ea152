import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Flow } from "../src/flow.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

function setUp() {
  const [from, to] = [new PassThrough(), new PassThrough()];
  const left: string[] = [];
  to.on("data", (piece: Buffer) => left.push(String(piece)));
  to.on("end", () => left.push("end"));
  const line = { latencyMs: 0 };
  const flow = new Flow(from, to, () => line.latencyMs);
  return {
    flow,
    left,
    line,
    from,
    /** Streams hand on in turns of the event loop. */
    async send(piece: string): Promise<void> {
      from.write(piece);
      await turns();
    },
  };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await turns();
}

it("lets a piece leave at once, or after the latency that it met", async () => {
  const { left, line, send } = setUp();
  await send("a");
  expect(left).toEqual(["a"]);
  line.latencyMs = 100;
  await send("b");
  await pass(99);
  expect(left).toEqual(["a"]);
  await pass(1);
  expect(left).toEqual(["a", "b"]);
});

it("keeps the order when the line becomes faster", async () => {
  const { left, line, send } = setUp();
  line.latencyMs = 100;
  await send("slow");
  line.latencyMs = 0;
  await send("fast");
  await pass(50);
  expect(left).toEqual([]);
  await pass(50);
  expect(left.join(" ")).toBe("slow fast");
});

it("keeps the order when a timer is late", async () => {
  const { left, line, send } = setUp();
  line.latencyMs = 100;
  await send("slow");
  line.latencyMs = 0;
  const late = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 150);
  await send("fast");
  late.mockRestore();
  expect(left.join(" ")).toBe("slow fast");
});

it("holds all of it while the line is silent, the end among it", async () => {
  const { flow, from, left, send } = setUp();
  flow.setSilent(true);
  await send("a");
  await send("b");
  from.end();
  await pass(60_000);
  expect(left).toEqual([]);
  flow.setSilent(false);
  await turns();
  expect(left).toEqual(["a", "b", "end"]);
});

it("has the sender wait when much is held", async () => {
  const { flow, from, left, send } = setUp();
  flow.setSilent(true);
  await send("x".repeat(4 * 1024 * 1024));
  expect(from.isPaused()).toBe(false);
  await send("y");
  expect(from.isPaused()).toBe(true);
  flow.setSilent(false);
  await turns();
  expect(from.isPaused()).toBe(false);
  expect(left.join("")).toHaveLength(4 * 1024 * 1024 + 1);
});
