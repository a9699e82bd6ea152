import { describe, expect, it } from "vitest";
import { channelView } from "../../src/check/channel-view.ts";

const [GUILD, BOT, ROLE] = ["1", "2", "3"];
const VIEW = 1n << 10n;

function visible(
  permissions: bigint,
  overwrites: readonly { id: string; allow?: bigint; deny?: bigint }[],
  ownerId = "9",
): boolean {
  const guild = { id: GUILD, name: "G", owner_id: ownerId, roles: [{ id: GUILD, permissions }] };
  const channel = {
    id: "4",
    type: 2,
    name: "Lounge",
    permission_overwrites: overwrites.map(({ id, allow = 0n, deny = 0n }) => ({ id, type: 0, allow, deny })),
  };
  return channelView(guild, { botId: BOT, roleIds: [ROLE] }, [channel]).visible.length === 1;
}

describe("a voice channel", () => {
  it("is visible by the server's permissions, and hidden without them", () => {
    expect(visible(VIEW, [])).toBe(true);
    expect(visible(0n, [])).toBe(false);
  });

  it("follows the overwrites from @everyone over the roles to the bot", () => {
    expect(visible(VIEW, [{ id: GUILD, deny: VIEW }])).toBe(false);
    expect(
      visible(VIEW, [
        { id: GUILD, deny: VIEW },
        { id: ROLE, allow: VIEW },
      ]),
    ).toBe(true);
    expect(
      visible(VIEW, [
        { id: ROLE, allow: VIEW },
        { id: BOT, deny: VIEW },
      ]),
    ).toBe(false);
    expect(visible(VIEW, [{ id: "8", deny: VIEW }])).toBe(true);
  });

  it("is visible to an administrator and to the owner whatever it says", () => {
    expect(visible(1n << 3n, [{ id: BOT, deny: VIEW }])).toBe(true);
    expect(visible(0n, [{ id: BOT, deny: VIEW }], BOT)).toBe(true);
  });
});
