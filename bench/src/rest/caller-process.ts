/** One client in a process of its own: does what it is told and reports how long it took. */

import type { CallerName, Open, Task, TaskDone } from "./caller-message.ts";
import type { Caller } from "./callers/caller.ts";

const OPEN: Readonly<Record<CallerName, () => Promise<{ open: (job: Open) => Promise<Caller> }>>> = {
  ours: () => import("./callers/ours.ts"),
  "@discordjs/rest": () => import("./callers/discordjs.ts"),
  "oceanic.js": () => import("./callers/oceanic.ts"),
  "@discordeno/rest": () => import("./callers/discordeno.ts"),
};

let call: Caller | undefined;
// Keeps the process alive whatever the client's own timers do; the parent ends it.
process.on("message", (message: Open | Task) => void take(message));

async function take(message: Open | Task): Promise<void> {
  if (message.type === "open") {
    const { open } = await OPEN[message.caller]();
    call = await open(message);
    process.send?.({ type: "ready" });
    return;
  }
  if (call === undefined) throw new Error("not opened");
  process.send?.(await run(call, message));
}

async function run(client: Caller, task: Task): Promise<TaskDone> {
  const startedMs = performance.now();
  const since = () => performance.now() - startedMs;
  let failed = 0;
  const settled = async (promise: Promise<boolean>): Promise<number> => {
    const ok = await promise.catch(() => false);
    if (!ok) failed += 1;
    return since();
  };
  const send = (channelId: string, number: number) =>
    settled(client("POST", `/channels/${channelId}/messages`, { content: String(number) }));

  switch (task.type) {
    case "spread": {
      const { channelIds, messages } = task;
      const numbers = Array.from({ length: messages }, (_, number) => number);
      await Promise.all(numbers.map((number) => send(channelIds[number % channelIds.length] ?? "", number)));
      return { type: "done", tookMs: since(), failed, timesMs: [] };
    }
    case "burst": {
      const { guildId, userId, channelId, calls, probeEveryMs } = task;
      const timesMs: number[] = [];
      const probes: Promise<unknown>[] = [];
      const probe = async (): Promise<void> => {
        const fromMs = since();
        timesMs.push((await settled(client("GET", `/channels/${channelId}`))) - fromMs);
      };
      // Both routes are known, and the connections there, before the burst.
      await client("GET", `/guilds/${guildId}/members/${userId}`);
      await client("GET", `/channels/${channelId}`);
      const fromMs = since();
      const timer = setInterval(() => probes.push(probe()), probeEveryMs);
      await Promise.all(
        Array.from({ length: calls }, () => settled(client("GET", `/guilds/${guildId}/members/${userId}`))),
      );
      const tookMs = since() - fromMs;
      clearInterval(timer);
      await Promise.all(probes);
      return { type: "done", tookMs, failed, timesMs };
    }
    case "silence": {
      const { channelId, messages } = task;
      const [, ...others] = Array.from({ length: messages }, (_, number) => send(channelId, number));
      const timesMs = await Promise.all(others);
      return { type: "done", tookMs: since(), failed, timesMs };
    }
  }
}
