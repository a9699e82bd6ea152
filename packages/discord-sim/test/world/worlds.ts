import type { Snowflake } from "@guildwire/discord-wire";
import { apply } from "../../src/world/apply.ts";
import type { WorldCommand } from "../../src/world/command.ts";
import type { Dispatch, DispatchData, DispatchName } from "../../src/world/dispatch.ts";
import { populate } from "../../src/world/population.ts";
import type { Channel, World } from "../../src/world/world.ts";

export const GUILD_ID = "900000000000000001" as Snowflake;
export const NOW_MS = 1_790_000_000_500;

export function makeWorld(options: { seed?: number; people?: number; rooms?: number } = {}): World {
  return populate({ seed: 7, people: 12, rooms: 8, guildId: GUILD_ID, atMs: NOW_MS, ...options });
}

/** The same server with nobody in voice. */
export function quietWorld(options: { seed?: number; people?: number; rooms?: number } = {}): World {
  const world = makeWorld(options);
  return [...world.voice.keys()].reduce((quiet, userId) => given(quiet, { type: "leave", userId }), world);
}

/** The world after commands that must all be possible. */
export function given(world: World, ...commands: readonly WorldCommand[]): World {
  return commands.reduce((current, command) => run(current, command).world, world);
}

export function run(
  world: World,
  command: WorldCommand,
): { readonly world: World; readonly dispatches: readonly Dispatch[] } {
  const change = apply(world, command, NOW_MS);
  if (!change.ok) throw new Error(`${command.type} refused: ${change.field} ${change.problem}`);
  return change;
}

/** The dispatches a command makes, by name and in order. */
export function names(world: World, command: WorldCommand): readonly DispatchName[] {
  return run(world, command).dispatches.map((dispatch) => dispatch.t);
}

/** The data of the one dispatch of that name. */
export function only<Name extends DispatchName>(
  dispatches: readonly Dispatch[],
  name: Name,
): DispatchData[Name] {
  const found = dispatches.filter((dispatch) => dispatch.t === name);
  const [dispatch] = found;
  if (dispatch === undefined || found.length > 1) {
    throw new Error(`expected one ${name}, got ${dispatches.map(({ t }) => t).join(", ")}`);
  }
  return dispatch.d as DispatchData[Name];
}

export function channelNamed(world: World, name: string): Channel {
  const channel = [...world.channels.values()].find((candidate) => candidate.name === name);
  if (channel === undefined) throw new Error(`no channel ${name}`);
  return channel;
}

/** The `n`th person who is not a bot. */
export function person(world: World, n = 0): Snowflake {
  const found = [...world.members.values()].filter((member) => !member.bot)[n];
  if (found === undefined) throw new Error(`no person ${n}`);
  return found.id;
}
