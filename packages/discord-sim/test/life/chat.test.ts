import { seededRandom } from "@guildwire/runtime/random";
import { describe, expect, it } from "vitest";
import { CHAT_ACTIVITIES } from "../../src/life/chat.ts";
import { nextAction } from "../../src/life/life.ts";
import { apply } from "../../src/world/apply.ts";
import { makeWorld, NOW_MS } from "../world/worlds.ts";

/** What is said in the first `count` events of a seed. */
function story(seed: number, count: number): readonly string[] {
  const random = seededRandom(seed, "chat");
  let world = makeWorld();
  return Array.from({ length: count }).flatMap((_, index) => {
    const action = nextAction(world, random, 1, CHAT_ACTIVITIES);
    if (action === undefined) throw new Error("nothing happens");
    const change = apply(world, action.command, NOW_MS + index);
    if (!change.ok) throw new Error(`${action.command.type}: ${change.field} ${change.problem}`);
    world = change.world;
    return change.dispatches.map(({ t }) => t);
  });
}

describe("chat", () => {
  it("proposes only what is possible, and every sort of event comes up", () => {
    const told = new Set(story(3, 1500));
    expect([...told].toSorted()).toEqual([
      "MESSAGE_CREATE",
      "MESSAGE_DELETE",
      "MESSAGE_REACTION_ADD",
      "MESSAGE_REACTION_REMOVE",
      "MESSAGE_UPDATE",
      "PRESENCE_UPDATE",
      "TYPING_START",
    ]);
  });

  it("tells the same story again for the same seed", () => {
    expect(story(4, 200)).toEqual(story(4, 200));
    expect(story(4, 200)).not.toEqual(story(5, 200));
  });
});
