/** Our server grows: its rooms, and the people in them. */
import { OURS, Stage } from "../../delivery/subject.ts";
import type { VoiceGuildSize } from "../../delivery/voice-guild.ts";
import type { Costs, GrowthAxis } from "../axis.ts";
import {
  AT_REST_COSTS,
  atRest,
  FLOWING_COSTS,
  flowing,
  SIZE_COSTS,
  SNAPSHOT_COSTS,
  sizes,
  snapshots,
} from "../chain-costs.ts";

const COSTS = [...AT_REST_COSTS, ...FLOWING_COSTS, ...SNAPSHOT_COSTS, ...SIZE_COSTS];

async function measure(size: VoiceGuildSize, quick: boolean): Promise<Costs> {
  await using stage = await Stage.set(OURS, size);
  return {
    ...(await snapshots(stage, quick ? 3 : 20)),
    ...(await sizes(stage)),
    ...(await atRest(stage, quick ? 60 : 500)),
    ...(await flowing(stage, quick ? 500 : 3_000)),
  };
}

export const ROOMS_AXIS: GrowthAxis = {
  name: "rooms",
  label: "voice rooms",
  how:
    "with 500 people in all, so that a room has from one to a hundred; Discord allows 500 channels. A snapshot is what " +
    "follows a GUILD_CREATE of the whole server.",
  inputs: [5, 50, 500],
  quickInputs: [5, 50],
  costs: COSTS,
  measure: (rooms, quick) => measure({ rooms, people: 500 }, quick),
};

export const PEOPLE_AXIS: GrowthAxis = {
  name: "people",
  label: "people in voice",
  how: "in 20 rooms. An event by itself has a transaction of its own at both ends, one of many shares it with up to 255.",
  inputs: [50, 500, 5_000],
  quickInputs: [50, 500],
  costs: COSTS,
  measure: (people, quick) => measure({ rooms: 20, people }, quick),
};
