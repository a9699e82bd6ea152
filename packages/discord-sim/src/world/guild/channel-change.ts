import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, withEntry, withoutEntry } from "../change.ts";
import type { ChannelCommand } from "../command.ts";
import type { Dispatch } from "../dispatch.ts";
import { wireChannel, wireVoiceLeave } from "../wire.ts";
import { type Channel, idFromSeed, type Overwrite, occupantsOf, type World } from "../world.ts";

/** Channels that are made, changed and deleted. */

type CreateChannel = Extract<ChannelCommand, { type: "createChannel" }>;
type UpdateChannel = Extract<ChannelCommand, { type: "updateChannel" }>;

export function createChannel(
  world: World,
  command: CreateChannel & { readonly overwrites?: readonly Overwrite[] },
): Change {
  const id = command.id ?? idFromSeed(world.seed, world.idsMade);
  if (world.channels.has(id)) return refused("id", "is taken");
  const problem = parentProblem(world, command.kind, command.parentId);
  if (problem !== undefined) return refused("parentId", problem);
  const channel: Channel = {
    id,
    kind: command.kind,
    name: command.name,
    position: command.position ?? nextPosition(world),
    parentId: command.parentId ?? null,
    userLimit: command.userLimit ?? 0,
    hidden: command.hidden ?? false,
    status: null,
    voiceStartedAt: null,
    overwrites: command.overwrites ?? [],
    ...(command.details === undefined ? {} : { details: command.details }),
  };
  const next = {
    ...world,
    channels: withEntry(world.channels, id, channel),
    idsMade: world.idsMade + 1,
  };
  return changed(next, { t: "CHANNEL_CREATE", d: wireChannel(next, channel) });
}

export function updateChannel(
  world: World,
  command: UpdateChannel & { readonly overwrites?: readonly Overwrite[]; readonly kind?: Channel["kind"] },
): Change {
  const channel = world.channels.get(command.channelId);
  if (channel === undefined) return refused("channelId", "does not exist");
  const problem = parentProblem(world, channel.kind, command.parentId);
  if (problem !== undefined) return refused("parentId", problem);
  const updated: Channel = {
    ...channel,
    name: command.name ?? channel.name,
    position: command.position ?? channel.position,
    parentId: command.parentId === undefined ? channel.parentId : command.parentId,
    userLimit: command.userLimit ?? channel.userLimit,
    hidden: command.hidden ?? channel.hidden,
    kind: command.kind ?? channel.kind,
    overwrites: command.overwrites ?? channel.overwrites,
    ...(command.details === undefined ? {} : { details: { ...channel.details, ...command.details } }),
  };
  if (isSame(updated, channel)) return changed(world);
  const next = { ...world, channels: withEntry(world.channels, channel.id, updated) };
  return changed(next, { t: "CHANNEL_UPDATE", d: wireChannel(next, updated) });
}

function isSame(a: Channel, b: Channel): boolean {
  return (
    a.name === b.name &&
    a.position === b.position &&
    a.parentId === b.parentId &&
    a.userLimit === b.userLimit &&
    a.hidden === b.hidden &&
    a.kind === b.kind &&
    a.overwrites === b.overwrites &&
    a.details === b.details
  );
}

/**
 * CHANNEL_DELETE, then the occupants' voice states with `channel_id: null`. A category sets its channels free first,
 * one CHANNEL_UPDATE each.
 */
export function deleteChannel(world: World, channelId: Snowflake): Change {
  const channel = world.channels.get(channelId);
  if (channel === undefined) return refused("channelId", "does not exist");
  const freed = freedChildren(world, channelId);
  const thrownOut = occupantsOf(world, channelId);
  const voice = new Map(world.voice);
  for (const presence of thrownOut) voice.delete(presence.userId);
  const { afkChannelId } = world.guild;
  const next: World = {
    ...freed.world,
    voice,
    channels: withoutEntry(freed.world.channels, channelId),
    stages: withoutEntry(world.stages, channelId),
    ...withoutThreads(world, channelId),
    guild: { ...world.guild, afkChannelId: afkChannelId === channelId ? null : afkChannelId },
  };
  return changed(
    next,
    ...freed.dispatches,
    { t: "CHANNEL_DELETE", d: wireChannel(next, channel) },
    ...thrownOut.flatMap((presence): Dispatch[] => {
      const member = world.members.get(presence.userId);
      if (member === undefined) return [];
      return [{ t: "VOICE_STATE_UPDATE", d: wireVoiceLeave(next, presence, member) }];
    }),
  );
}

/** Threads go with their channel, without events of their own; so do all messages. */
function withoutThreads(world: World, channelId: Snowflake): Pick<World, "threads" | "messages"> {
  const own = [...world.threads.values()].filter(({ parentId }) => parentId === channelId);
  return {
    threads: own.reduce((threads, { id }) => withoutEntry(threads, id), world.threads),
    messages: [channelId, ...own.map(({ id }) => id)].reduce(withoutEntry, world.messages),
  };
}

function freedChildren(
  world: World,
  categoryId: Snowflake,
): { readonly world: World; readonly dispatches: readonly Dispatch[] } {
  const channels = new Map(world.channels);
  const dispatches: Dispatch[] = [];
  for (const child of world.channels.values()) {
    if (child.parentId !== categoryId) continue;
    const free: Channel = { ...child, parentId: null };
    channels.set(child.id, free);
    dispatches.push({ t: "CHANNEL_UPDATE", d: wireChannel(world, free) });
  }
  return { world: { ...world, channels }, dispatches };
}

function parentProblem(
  world: World,
  kind: Channel["kind"],
  parentId: Snowflake | null | undefined,
): string | undefined {
  if (parentId === undefined || parentId === null) return undefined;
  if (kind === "category") return "cannot be set on a category";
  return world.channels.get(parentId)?.kind === "category" ? undefined : "is not a category";
}

function nextPosition(world: World): number {
  return [...world.channels.values()].reduce((next, channel) => Math.max(next, channel.position + 1), 0);
}
