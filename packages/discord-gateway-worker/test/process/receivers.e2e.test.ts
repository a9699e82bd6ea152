/** Several receivers of one worker, as real processes and sockets. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";
import { EventReceiver } from "./event-receiver.ts";
import { aMove, expectNoHoleAndNoDouble, setUp, voiceEvents } from "./worker-rig.ts";

async function another(name: string): Promise<{ receiver: EventReceiver; entry: object }> {
  const receiver = await EventReceiver.start();
  onTestFinished(() => receiver[Symbol.asyncDispose]());
  return { receiver, entry: { name, url: receiver.url, secrets: [receiver.secret], streams: ["rooms"] } };
}

function fileOf(...entries: readonly object[]): { readonly RECEIVERS_FILE: string } {
  const file = join(temporaryDirectory(), "receivers.json");
  writeFileSync(file, JSON.stringify(entries));
  return { RECEIVERS_FILE: file };
}

it("a receiver that is down delays no other, and gets everything in order once it is back, over a kill -9", async () => {
  const { sim, receiver: hub, startWorker } = await setUp();
  const crm = await another("crm");
  hub.policy = () => ({ status: 503 });
  const worker = startWorker(fileOf(crm.entry));
  await crm.receiver.until(() => crm.receiver.events.some(({ type }) => type === "guild.snapshot"));
  for (let moves = 0; moves < 3; moves += 1) {
    const { userId, to } = aMove(sim);
    sim.command({ type: "move", userId: userId as never, channelId: to as never });
    await crm.receiver.until(() => voiceEvents(crm.receiver).length >= 2 * (moves + 1));
  }
  worker.kill("SIGKILL");
  await worker.exit;
  expect(hub.events).toEqual([]);

  hub.policy = () => undefined;
  const third = await another("third");
  startWorker(fileOf(crm.entry, third.entry));
  await hub.until(() => voiceEvents(hub).length >= 6);
  await third.receiver.until(() => third.receiver.events.length > 0);
  expectNoHoleAndNoDouble(hub);
  const seen = (receiver: EventReceiver) => voiceEvents(receiver).map(({ id, type }) => `${id} ${type}`);
  expect(seen(hub).slice(0, 6)).toEqual(seen(crm.receiver).slice(0, 6));
  expect(third.receiver.events[0]?.type).toBe("guild.snapshot");
});
