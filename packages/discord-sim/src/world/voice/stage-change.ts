import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, visibly, withEntry, withoutEntry } from "../change.ts";
import type { Dispatch } from "../dispatch.ts";
import { wireStage } from "../wire.ts";
import { idFromSeed, type StageInstance, type World } from "../world.ts";

/** Stages that are opened under a topic, and ended. Ending one sends nobody out of the channel. */

export function setStageTopic(world: World, channelId: Snowflake, topic: string): Change {
  const channel = world.channels.get(channelId);
  if (channel?.kind !== "stage") return refused("channelId", "is not a stage channel");
  const before = world.stages.get(channelId);
  if (before?.topic === topic) return changed(world);
  const stage: StageInstance = { id: before?.id ?? idFromSeed(world.seed, world.idsMade), channelId, topic };
  const idsMade = before === undefined ? world.idsMade + 1 : world.idsMade;
  const next = { ...world, stages: withEntry(world.stages, channelId, stage), idsMade };
  const t = before === undefined ? "STAGE_INSTANCE_CREATE" : "STAGE_INSTANCE_UPDATE";
  return changed(next, ...visibly(next, channel, { t, d: wireStage(next, stage) }));
}

export function endStage(world: World, channelId: Snowflake): Change {
  const stage = world.stages.get(channelId);
  if (stage === undefined) return refused("channelId", "has no open stage");
  const next = { ...world, stages: withoutEntry(world.stages, channelId) };
  const channel = world.channels.get(channelId);
  const deleted: Dispatch = { t: "STAGE_INSTANCE_DELETE", d: wireStage(world, stage) };
  return changed(next, ...(channel === undefined ? [] : visibly(world, channel, deleted)));
}
