import { seededRandom } from "@guildwire/runtime/random";
import { describe, expect, it } from "vitest";
import { nextAction } from "../../src/life/life.ts";
import { apply } from "../../src/world/apply.ts";
import type { WorldCommand } from "../../src/world/command.ts";
import type { Dispatch } from "../../src/world/dispatch.ts";
import { type TruthRoom, truthOf } from "../../src/world/truth.ts";
import { wireChannelInfo, wireGuildCreate } from "../../src/world/wire.ts";
import type { World } from "../../src/world/world.ts";
import { makeWorld, NOW_MS } from "../world/worlds.ts";
import { Watcher } from "./watcher.ts";

interface Story {
  readonly world: World;
  readonly commands: readonly WorldCommand[];
  readonly dispatches: readonly Dispatch[];
  readonly elapsedMs: number;
}

/** Lives through `length` actions; an impossible one fails the test. */
function live(seed: number, length: number, rate = 2): Story {
  let world = makeWorld({ seed, people: 60 });
  const random = seededRandom(seed, "life");
  const commands: WorldCommand[] = [];
  const dispatches: Dispatch[] = [];
  let elapsedMs = 0;
  while (commands.length < length) {
    const action = nextAction(world, random, rate);
    if (action === undefined) throw new Error("life came to a halt");
    elapsedMs += action.afterMs;
    const change = apply(world, action.command, NOW_MS + elapsedMs);
    if (!change.ok) throw new Error(`${JSON.stringify(action.command)}: ${change.field} ${change.problem}`);
    world = change.world;
    commands.push(action.command);
    dispatches.push(...change.dispatches);
  }
  return { world, commands, dispatches, elapsedMs };
}

describe("life", () => {
  it("tells the same story for the same seed", () => {
    expect(live(3, 500).commands).toEqual(live(3, 500).commands);
  });

  it("tells another story for another seed", () => {
    expect(live(3, 50).commands).not.toEqual(live(4, 50).commands);
  });

  it("keeps to its pace", () => {
    expect(live(5, 2000, 4).elapsedMs / 2000).toBeCloseTo(250, -1.5);
  });

  it("has all sorts of things happen", () => {
    const types = new Set(live(6, 6000).commands.map(({ type }) => type));
    expect([...types].sort()).toEqual([
      "createChannel",
      "deleteChannel",
      "join",
      "leave",
      "move",
      "renameMember",
      "setVoiceFlags",
      "setVoiceStatus",
      "updateChannel",
    ]);
  });

  it("keeps the server neither empty nor full", () => {
    const { world } = live(8, 5000);
    expect(world.voice.size).toBeGreaterThan(10);
    expect(world.voice.size).toBeLessThan(55);
  });

  it.each([1, 2, 3])("can be followed from the dispatches alone (seed %i)", (seed) => {
    const first = makeWorld({ seed, people: 60 });
    const { world, dispatches } = live(seed, 3000);
    const watcher = new Watcher();
    watcher.hear({ t: "GUILD_CREATE", d: wireGuildCreate(first) });
    watcher.hear({ t: "CHANNEL_INFO", d: wireChannelInfo(first, ["status"]) });
    for (const dispatch of dispatches) watcher.hear(dispatch);
    expect(byId(watcher.rooms())).toEqual(byId(truthOf(world).rooms.map(asHeard)));
  });

  it("does not happen where nobody is", () => {
    const deserted = makeWorld({ people: 0, rooms: 0 });
    expect(nextAction(deserted, seededRandom(1, "life"), 2)).toBeUndefined();
  });
});

/** A room of the truth without what no dispatch says in so many words. */
function asHeard({ kind: _kind, people, ...room }: TruthRoom): unknown {
  return { ...room, people: people.map(({ bot: _bot, ...person }) => person) };
}

function byId(rooms: readonly unknown[]): readonly unknown[] {
  const sorted = (items: readonly unknown[]): { id: string; people?: unknown[] }[] =>
    [...(items as { id: string }[])].sort((a, b) => a.id.localeCompare(b.id));
  return sorted(rooms).map((room) => ({ ...room, people: sorted(room.people ?? []) }));
}
