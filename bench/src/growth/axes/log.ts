/** The hub has taken more and more events in its life. */
import { statSync } from "node:fs";
import { pour } from "../../delivery/flow.ts";
import { ORDINARY, OURS, Stage } from "../../delivery/subject.ts";
import type { Costs, GrowthAxis } from "../axis.ts";

const MIB = 1_048_576;
const TAKE_MS_MAX = 600_000;

export const LOG_AXIS: GrowthAxis = {
  name: "log",
  label: "events the hub has taken",
  how: "then the hub is stopped and started again on what it has stored.",
  inputs: [2_000, 20_000, 200_000],
  quickInputs: [1_000, 10_000],
  costs: [
    { name: "start", label: "hub's start, ms" },
    { name: "file", label: "hub.sqlite, MiB" },
    { name: "rss", label: "hub's memory before, MiB" },
  ],
  async measure(events): Promise<Costs> {
    await using stage = await Stage.set(OURS, ORDINARY);
    await pour(stage, events);
    await stage.reached(events, TAKE_MS_MAX);
    const rss = stage.receiver.rssBytes() / MIB;
    const start = await stage.restartHub();
    return { start, rss, file: statSync(stage.hubFile).size / MIB };
  },
};
