/** Costs of a chain that is set, which several axes look at. All CPU is of the whole process, per event, in µs. */
import { latencies, throughput } from "../delivery/flow.ts";
import type { Stage } from "../delivery/subject.ts";
import { GUILD_ID } from "../delivery/voice-guild.ts";
import type { Cost, Costs } from "./axis.ts";

const ANSWER_MS_MAX = 60_000;

export const AT_REST_COSTS: readonly Cost[] = [
  { name: "workerAtRest", label: "worker, an event by itself, µs" },
  { name: "hubAtRest", label: "hub, a commit of one event, µs" },
];

export const FLOWING_COSTS: readonly Cost[] = [
  { name: "workerFlowing", label: "worker, an event of many, µs" },
  { name: "hubFlowing", label: "hub, an event of many, µs" },
];

export const SNAPSHOT_COSTS: readonly Cost[] = [
  { name: "workerSnapshot", label: "worker, a snapshot, ms" },
  { name: "hubSnapshot", label: "hub, a snapshot, ms" },
];

export const SIZE_COSTS: readonly Cost[] = [
  { name: "state", label: "state as JSON, KiB" },
  { name: "page", label: "page as HTML, KiB" },
];

/** Events one by one, each in a commit of its own at both ends. */
export async function atRest(stage: Stage, events: number): Promise<Costs> {
  await latencies(stage, Math.ceil(events / 3), 0);
  const spent = cpuOf(stage);
  await latencies(stage, events, 0);
  const { worker, hub } = spent();
  return { workerAtRest: (worker / events) * 1_000, hubAtRest: (hub / events) * 1_000 };
}

export async function flowing(stage: Stage, measuredMs: number): Promise<Costs> {
  const { senderMicrosPerEvent, receiverMicrosPerEvent } = await throughput(stage, 500, measuredMs);
  return { workerFlowing: senderMicrosPerEvent, hubFlowing: receiverMicrosPerEvent };
}

/** GUILD_CREATE again and again, as after an outage of Discord's. Everybody must still be where they were at the start. */
export async function snapshots(stage: Stage, count: number): Promise<Costs> {
  // A large one comes in several parts, and with a word on the connection.
  const once = async (): Promise<void> => {
    const { acked } = stage;
    stage.greetAgain();
    await stage.reached(acked + 1, ANSWER_MS_MAX);
    await stage.settled();
  };
  await once();
  const spent = cpuOf(stage);
  for (let index = 0; index < count; index += 1) await once();
  const { worker, hub } = spent();
  return { workerSnapshot: worker / count, hubSnapshot: hub / count };
}

export async function sizes(stage: Stage): Promise<Costs> {
  const read = async (path: string): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${stage.receiverPort}${path}`);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return (await answer.arrayBuffer()).byteLength / 1_024;
  };
  return { state: await read(`/api/rt/v1/topics/voice/${GUILD_ID}/public`), page: await read("/") };
}

/** CPU of both from here to the call, in ms. */
export function cpuOf(stage: Stage): () => { readonly worker: number; readonly hub: number } {
  const before = { worker: stage.sender.cpuMs(), hub: stage.receiver.cpuMs() };
  return () => ({
    worker: stage.sender.cpuMs() - before.worker,
    hub: stage.receiver.cpuMs() - before.hub,
  });
}
