import { describe, expect, it } from "vitest";
import { OUR_GUILD_ID, type Told } from "../../src/intake/traffic.ts";
import { ManyGuilds } from "../../src/memory/many-guilds.ts";

interface Guild {
  readonly id: string;
  readonly members: readonly { readonly user: { readonly id: string } }[];
  readonly channels: readonly { readonly id: string }[];
}

const GUILDS = 7;
const PEOPLE = 15;
const many = new ManyGuilds({ guilds: GUILDS, people: PEOPLE });
const ready = many.ready("ws://127.0.0.1:1").d as { guilds: readonly { id: string }[]; user: { id: string } };
const guilds = [...many.guilds()].map(({ d }) => d as Guild);

describe("many guilds", () => {
  it("are those that READY promised, ours first", () => {
    expect(guilds.map(({ id }) => id)).toEqual(ready.guilds.map(({ id }) => id));
    expect(guilds[0]?.id).toBe(OUR_GUILD_ID);
    expect(new Set(guilds.map(({ id }) => id)).size).toBe(GUILDS);
  });

  it("share nobody but the bot, and no channel", () => {
    const people = guilds.flatMap(({ members }) => members.map(({ user }) => user.id));
    expect(people).toHaveLength(GUILDS * (PEOPLE + 1));
    expect(new Set(people).size).toBe(GUILDS * PEOPLE + 1);
    expect(people.filter((id) => id === ready.user.id)).toHaveLength(GUILDS);
    const channels = guilds.flatMap((guild) => guild.channels.map(({ id }) => id));
    expect(new Set(channels).size).toBe(channels.length);
  });

  it("all hear of what goes on, each of its own people", () => {
    const peopleOf = new Map(
      guilds.map(({ id, members }) => [id, new Set(members.map(({ user }) => user.id))]),
    );
    const told = [...many.burst(2_000)];
    const heard = new Set<string>();
    for (const { t, d } of told as readonly (Told & { d: { guild_id: string; user_id?: string } })[]) {
      heard.add(d.guild_id);
      if (t === "VOICE_STATE_UPDATE" || t === "TYPING_START") {
        expect(peopleOf.get(d.guild_id)?.has(d.user_id ?? "")).toBe(true);
      }
    }
    expect(heard).toEqual(new Set(guilds.map(({ id }) => id)));
  });
});
