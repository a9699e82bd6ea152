/** The bot is in more and more servers that are none of ours. */
import { ORDINARY, OURS, Stage } from "../../delivery/subject.ts";
import { otherGuildId } from "../../delivery/voice-discord.ts";
import { voiceStateOf } from "../../delivery/voice-guild.ts";
import type { Costs, GrowthAxis } from "../axis.ts";
import { cpuOf } from "../chain-costs.ts";

const MIB = 1_048_576;
const ANSWER_MS_MAX = 60_000;

export const GUILDS_AXIS: GrowthAxis = {
  name: "guilds",
  label: "other servers seen",
  how:
    "each of 20 members greets with a GUILD_CREATE, and then their voice states come, none of which is ours; 2,500 is the " +
    "most that Discord lets one connection have.",
  inputs: [25, 250, 2_500],
  quickInputs: [25, 250],
  costs: [
    { name: "frame", label: "worker, a frame of another server, µs" },
    { name: "rss", label: "worker's memory after it, MiB" },
  ],
  async measure(otherGuilds, quick): Promise<Costs> {
    await using stage = await Stage.set(OURS, { ...ORDINARY, otherGuilds });
    const frames = quick ? 20_000 : 200_000;
    const texts = Array.from({ length: otherGuilds }, (_, index) => voiceStateOf(otherGuildId(index), index));
    await stage.strangers(texts, frames / 4, ANSWER_MS_MAX);
    const spent = cpuOf(stage);
    await stage.strangers(texts, frames, ANSWER_MS_MAX);
    return { frame: (spent().worker / frames) * 1_000, rss: stage.sender.rssBytes() / MIB };
  },
};
