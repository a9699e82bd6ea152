/** More and more browsers watch the same server. */
import { fileURLToPath } from "node:url";
import { latencies } from "../../delivery/flow.ts";
import { ORDINARY, OURS, Stage } from "../../delivery/subject.ts";
import { GUILD_ID } from "../../delivery/voice-guild.ts";
import { LOAD_CORE, MeasuredProcess } from "../../suite/measured-process.ts";
import type { Costs, GrowthAxis } from "../axis.ts";
import { cpuOf } from "../chain-costs.ts";
import { isCounted, isWatching } from "../watchers-message.ts";

const MIB = 1_048_576;
const WATCHERS = fileURLToPath(new URL("../watchers.ts", import.meta.url));
const OPEN_MS_MAX = 60_000;
/** Longer than the hub gathers changes, so that each event leaves by itself. */
const REST_MS = 60;

export const SOCKETS_AXIS: GrowthAxis = {
  name: "sockets",
  label: "sockets",
  how: "all of them follow the server; an event every 60 ms, so that none shares a frame with another. More in _Fan-out_.",
  inputs: [10, 100, 1_000],
  quickInputs: [10, 100],
  costs: [
    { name: "event", label: "hub, an event to all, µs" },
    { name: "delivery", label: "hub, an event to one, µs" },
    { name: "rss", label: "hub's memory, MiB" },
  ],
  async measure(sockets, quick): Promise<Costs> {
    const hubEnv = { HUB_CONNECTIONS_PER_ADDRESS_MAX: "1000000" };
    await using stage = await Stage.set(OURS, { ...ORDINARY, hubEnv });
    await using watchers = MeasuredProcess.start({
      script: WATCHERS,
      args: [`ws://127.0.0.1:${stage.receiverPort}/ws`, String(sockets), `voice/${GUILD_ID}/public`],
      core: LOAD_CORE,
    });
    await watchers.message(isWatching, OPEN_MS_MAX);
    await latencies(stage, 10, REST_MS);
    const events = quick ? 30 : 150;
    const spent = cpuOf(stage);
    await latencies(stage, events, REST_MS);
    const { hub } = spent();
    const counted = watchers.message(isCounted, OPEN_MS_MAX);
    watchers.send("count");
    const { deltas } = await counted;
    // Ten events of the warm-up went to each as well.
    if (deltas < (events + 10) * sockets) throw new Error(`${deltas} deltas came to ${sockets} sockets`);
    return {
      event: (hub / events) * 1_000,
      delivery: (hub / events / sockets) * 1_000,
      rss: stage.receiver.rssBytes() / MIB,
    };
  },
};
