import { describe, expect, it } from "vitest";
import { ALL_PERMISSIONS, Permission, permissionsAt, permissionsIn } from "../../src/world/permission.ts";
import { channelNamed, given, person, quietWorld } from "./worlds.ts";

const world = quietWorld();
const general = channelNamed(world, "general");
const botId = world.bot.id;
const everyone = world.guild.id;

describe("permissions", () => {
  it("are all the owner's and an administrator's", () => {
    expect(permissionsIn(world, world.guild.ownerId)).toBe(ALL_PERMISSIONS);
    const [, botRole] = [...world.roles.values()];
    if (botRole === undefined) throw new Error("no role");
    const admin = given(world, { type: "updateRole", roleId: botRole.id, permissions: "8" });
    expect(permissionsIn(admin, botId)).toBe(ALL_PERMISSIONS);
  });

  it("are taken and given by overwrites, the member's own last", () => {
    const send = String(Permission.SendMessages);
    const closed = given(world, {
      type: "setOverwrite",
      channelId: general.id,
      targetId: everyone,
      allow: "0",
      deny: send,
    });
    const at = (current: typeof world) =>
      permissionsAt(current, botId, channelNamed(current, "general")) & Permission.SendMessages;
    expect(at(world)).not.toBe(0n);
    expect(at(closed)).toBe(0n);
    const opened = given(closed, {
      type: "setOverwrite",
      channelId: general.id,
      targetId: botId,
      allow: send,
      deny: "0",
    });
    expect(at(opened)).not.toBe(0n);
  });

  it("are none for the bot in a hidden channel, and untouched for others", () => {
    const hidden = channelNamed(world, "moderators");
    expect(permissionsAt(world, botId, hidden)).toBe(0n);
    expect(permissionsAt(world, person(world, 3), hidden)).not.toBe(0n);
  });
});
