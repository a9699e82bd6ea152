import { GatewayIntent } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { channelNamed, person } from "../world/worlds.ts";
import { Scenario } from "./scenario.ts";

const { Guilds, GuildMessages, GuildMessageReactions, GuildMessageTyping, GuildPresences, MessageContent } =
  GatewayIntent;

function heard(intents: number, content = "secret"): { gateway: Scenario; connection: number } {
  const gateway = new Scenario();
  const connection = gateway.live({ intents });
  const channelId = channelNamed(gateway.world, "general").id;
  gateway.command({ type: "sendMessage", userId: person(gateway.world), channelId, content });
  return { gateway, connection };
}

describe("messages", () => {
  it("come with their intent, and blank without MESSAGE_CONTENT", () => {
    const open = heard(GuildMessages | MessageContent);
    expect(open.gateway.event(open.connection, "MESSAGE_CREATE")["content"]).toBe("secret");
    const blank = heard(GuildMessages);
    expect(blank.gateway.event(blank.connection, "MESSAGE_CREATE")).toMatchObject({
      content: "",
      embeds: [],
    });
    const deaf = heard(Guilds | GuildMessageReactions);
    expect(deaf.gateway.log(deaf.connection).some((word) => word.startsWith("MESSAGE"))).toBe(false);
  });

  it("are not blank when they mention the bot", () => {
    const { bot } = new Scenario().world;
    const { gateway, connection } = heard(GuildMessages, `<@${bot.id}> hi`);
    expect(gateway.event(connection, "MESSAGE_CREATE")["content"]).toBe(`<@${bot.id}> hi`);
  });

  it("leave typing and presences to their own intents", () => {
    const gateway = new Scenario();
    const [typing, presences] = [
      gateway.live({ intents: GuildMessageTyping }),
      gateway.live({ intents: GuildPresences }),
    ];
    const userId = person(gateway.world);
    const channelId = channelNamed(gateway.world, "general").id;
    gateway.command({ type: "startTyping", userId, channelId });
    gateway.command({ type: "setPresence", userId, status: "dnd", playing: "Mosswood" });
    expect(gateway.log(typing)).toEqual(["10", "READY#1", "TYPING_START#2"]);
    expect(gateway.log(presences)).toEqual(["10", "READY#1", "PRESENCE_UPDATE#2"]);
  });
});

describe("faults of delivery", () => {
  it("lose dispatches that a resume brings back", () => {
    const gateway = new Scenario({ faults: { loseDispatches: 1 } });
    const connection = gateway.live({ intents: GuildMessages });
    const channelId = channelNamed(gateway.world, "general").id;
    for (const content of ["a", "b"]) {
      gateway.command({ type: "sendMessage", userId: person(gateway.world), channelId, content });
    }
    expect(gateway.log(connection)).toEqual(["10", "READY#1", "MESSAGE_CREATE#3"]);
    gateway.act({ type: "drop" });
    const next = gateway.open("resume");
    gateway.resume(next, gateway.sessionId(connection), 1);
    expect(gateway.log(next).slice(1)).toEqual(["MESSAGE_CREATE#2", "MESSAGE_CREATE#3", "RESUMED#4"]);
  });

  it("leave out sequence numbers", () => {
    const gateway = new Scenario({ faults: { seqJump: 7 } });
    const connection = gateway.live();
    expect(gateway.log(connection)).toEqual(["10", "READY#1", "GUILD_CREATE#9"]);
  });
});

describe("an act with a target", () => {
  it("strikes the session or shard that is meant", () => {
    const gateway = new Scenario();
    const [first, second] = [gateway.live({ shard: [0, 2] }), gateway.live({ shard: [1, 2] })];
    gateway.act({ type: "drop" }, { shard: 1 });
    expect(gateway.log(first)).not.toContain("destroy");
    expect(gateway.log(second)).toContain("destroy");
    gateway.act({ type: "halfOpen" }, { sessionId: gateway.sessionId(first) });
    expect(gateway.log(first).at(-1)).toBe("freeze");
  });
});
