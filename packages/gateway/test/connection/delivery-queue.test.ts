import { describe, expect, it } from "vitest";
import { createDeliveryQueue, type DispatchBatch } from "../../src/connection/delivery-queue.ts";

const SESSION = { id: "s1", resumeUrl: "wss://r.test" };

function dispatch(seq: number) {
  return { seq, name: "X", d: null };
}

describe("delivery queue", () => {
  it("hands over in one batch what came in one turn of the event loop", async () => {
    const batches: DispatchBatch[] = [];
    const queue = createDeliveryQueue({
      consume: (batch) => void batches.push(batch),
      onFailure: (error) => expect.unreachable(String(error)),
      onRoom: () => {},
    });
    for (let seq = 1; seq <= 5; seq += 1) queue.push(SESSION, seq, dispatch(seq));
    await queue.drained();
    expect(batches).toMatchObject([{ session: SESSION, lastSeq: 5 }]);
    expect(batches[0]?.dispatches.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it("goes on gathering while each turn brings more, up to a bound", async () => {
    const batches: DispatchBatch[] = [];
    const queue = createDeliveryQueue({
      consume: (batch) => void batches.push(batch),
      onFailure: (error) => expect.unreachable(String(error)),
      onRoom: () => {},
    });
    for (let seq = 1; seq <= 40; seq += 1) {
      queue.push(SESSION, seq, seq % 2 === 0 ? dispatch(seq) : null);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await queue.drained();
    expect(batches.at(-1)?.lastSeq).toBe(40);
    expect(batches.flatMap(({ dispatches }) => dispatches)).toHaveLength(20);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.length).toBeLessThan(6);
  });

  it("does not wait for more when a turn brought none", async () => {
    const turns: number[] = [];
    let turn = 0;
    const queue = createDeliveryQueue({
      consume: () => void turns.push(turn),
      onFailure: (error) => expect.unreachable(String(error)),
      onRoom: () => {},
    });
    queue.push(SESSION, 1, dispatch(1));
    for (; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(turns[0]).toBeLessThanOrEqual(2);
  });

  it("never mixes two sessions in a batch", async () => {
    const batches: DispatchBatch[] = [];
    const queue = createDeliveryQueue({
      consume: (batch) => void batches.push(batch),
      onFailure: (error) => expect.unreachable(String(error)),
      onRoom: () => {},
    });
    queue.push(SESSION, 7, dispatch(7));
    queue.push({ ...SESSION, id: "s2" }, 1, dispatch(1));
    await queue.drained();
    expect(batches.map((batch) => [batch.session.id, batch.lastSeq])).toEqual([
      ["s1", 7],
      ["s2", 1],
    ]);
  });

  it("is full when the consumer falls behind, and tells when there is room again", async () => {
    const gate = Promise.withResolvers<void>();
    let told = 0;
    const queue = createDeliveryQueue({
      consume: () => gate.promise,
      onFailure: (error) => expect.unreachable(String(error)),
      onRoom: () => {
        told += 1;
      },
    });
    for (let seq = 1; seq <= 2_048; seq += 1) queue.push(SESSION, seq, dispatch(seq));
    expect(queue.isFull).toBe(false);
    queue.push(SESSION, 2_049, dispatch(2_049));
    expect(queue.isFull).toBe(true);
    gate.resolve();
    await queue.drained();
    expect([queue.isFull, told]).toEqual([false, 1]);
  });

  it("hands nothing more to a consumer that failed", async () => {
    const failures: unknown[] = [];
    let calls = 0;
    const queue = createDeliveryQueue({
      consume: () => {
        calls += 1;
        throw new Error("disk full");
      },
      onFailure: (error) => failures.push(error),
      onRoom: () => {},
    });
    queue.push(SESSION, 1, dispatch(1));
    await queue.drained();
    queue.push(SESSION, 2, dispatch(2));
    await queue.drained();
    expect(calls).toBe(1);
    expect(failures).toMatchObject([{ message: "disk full" }]);
  });
});
