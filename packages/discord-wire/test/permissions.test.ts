import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ALL_PERMISSIONS,
  channelPermissions,
  EVERYONE,
  guildPermissions,
  mayReadMessages,
  type Overwrite,
  Permission,
  type PermissionContext,
  type Snowflake,
} from "../src/index.ts";

const id = (text: string) => text as Snowflake;
const GUILD = id("100");
const OWNER = id("1");
const MEMBER = id("2");

function guild(roles: Record<string, bigint>): PermissionContext {
  return {
    guildId: GUILD,
    ownerId: OWNER,
    roles: new Map(Object.entries(roles).map(([role, bits]) => [id(role), { permissions: String(bits) }])),
  };
}

function overwrite(of: string, kind: "role" | "member", allow: bigint, deny: bigint): Overwrite {
  return { id: id(of), kind, allow: String(allow), deny: String(deny) };
}

const { ViewChannel, ReadMessageHistory, SendMessages, Administrator, Connect } = Permission;

describe("permissions", () => {
  it("grant everything to the owner and to administrators, whatever the overwrites say [PERM-1]", () => {
    const here = guild({ [GUILD]: 0n, "5": Administrator });
    const hidden = [
      overwrite(GUILD, "role", 0n, ALL_PERMISSIONS),
      overwrite(OWNER, "member", 0n, ALL_PERMISSIONS),
    ];
    expect(channelPermissions(here, { userId: OWNER, roles: [] }, hidden)).toBe(ALL_PERMISSIONS);
    expect(channelPermissions(here, { userId: MEMBER, roles: [id("5")] }, hidden)).toBe(ALL_PERMISSIONS);
    expect(channelPermissions(here, EVERYONE, hidden)).toBe(0n);
  });

  it("let one role's allow win over another role's deny, in either order [PERM-3]", () => {
    const here = guild({ [GUILD]: ViewChannel, "5": 0n, "6": 0n });
    const overwrites = [
      overwrite("5", "role", SendMessages, 0n),
      overwrite("6", "role", 0n, SendMessages),
      overwrite(GUILD, "role", 0n, SendMessages),
    ];
    const holder = { userId: MEMBER, roles: [id("5"), id("6")] };
    for (const order of [overwrites, overwrites.toReversed()]) {
      expect(channelPermissions(here, holder, order)).toBe(ViewChannel | SendMessages);
    }
  });

  it("are nothing without VIEW_CHANNEL [PERM-4]", () => {
    const here = guild({ [GUILD]: ViewChannel | SendMessages });
    const overwrites = [overwrite(GUILD, "role", ReadMessageHistory, ViewChannel)];
    expect(channelPermissions(here, EVERYONE, overwrites)).toBe(0n);
  });

  it("to read a voice channel's messages include CONNECT [PERM-4]", () => {
    expect(mayReadMessages(ViewChannel | ReadMessageHistory, false)).toBe(true);
    expect(mayReadMessages(ViewChannel | ReadMessageHistory, true)).toBe(false);
    expect(mayReadMessages(ViewChannel | ReadMessageHistory | Connect, true)).toBe(true);
    expect(mayReadMessages(ViewChannel, false)).toBe(false);
  });

  it("equal a bit by bit reading of Discord's rules for any roles and overwrites", () => {
    const bits = fc.bigInt({ min: 0n, max: 2n ** 52n });
    const roleIds = ["100", "5", "6", "7"];
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(roleIds.map((role) => [role, bits]))),
        fc.array(fc.record({ of: fc.constantFrom(...roleIds, "2", "3"), allow: bits, deny: bits }), {
          maxLength: 6,
        }),
        fc.subarray(["5", "6", "7"]),
        (roles, entries, held) => {
          const unique = [...new Map(entries.map((entry) => [entry.of, entry])).values()];
          const overwrites = unique.map(({ of, allow, deny }) =>
            overwrite(of, of === "2" || of === "3" ? "member" : "role", allow, deny),
          );
          const here = guild(roles as Record<string, bigint>);
          const holder = { userId: MEMBER, roles: held.map(id) };
          const base = guildPermissions(here, holder);
          const computed = channelPermissions(here, holder, overwrites);
          if (base === ALL_PERMISSIONS) return computed === ALL_PERMISSIONS;
          let expected = 0n;
          for (let bit = 0n; bit < 53n; bit += 1n) if (allowed(bit)) expected |= 1n << bit;
          if ((expected & ViewChannel) === 0n) expected = 0n;
          return computed === expected;

          function allowed(bit: bigint): boolean {
            const has = (value: bigint) => ((value >> bit) & 1n) === 1n;
            const of = (ids: readonly string[]) => unique.filter((entry) => ids.includes(entry.of));
            let on = has(base);
            for (const level of [of([GUILD]), of(held), of([MEMBER])]) {
              if (level.some(({ deny }) => has(deny))) on = false;
              if (level.some(({ allow }) => has(allow))) on = true;
            }
            return on;
          }
        },
      ),
    );
  });
});
