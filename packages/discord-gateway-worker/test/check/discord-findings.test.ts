import { describe, expect, it } from "vitest";
import { discordFindings } from "../../src/check/discord-findings.ts";
import type { DiscordAnswer, DiscordGet } from "../../src/check/discord-get.ts";

const GUILD = "900000000000000001";
const BOT = "830483762348294144";
const VIEW = "1024";

function answered(json: unknown, status = 200): DiscordAnswer {
  return { ok: true, status, json, retryAfterS: status === 429 ? 3.2 : undefined, clock: undefined };
}

const voice = (name: string, deny = "0") => ({
  id: "7",
  type: 2,
  name,
  permission_overwrites: [{ id: GUILD, type: 0, allow: "0", deny }],
});

const RIGHT: Readonly<Record<string, DiscordAnswer>> = {
  "/users/@me": answered({ id: BOT, username: "watcher", bot: true }),
  "/applications/@me": answered({ id: BOT, flags: 0 }),
  "/gateway/bot": answered({
    url: "wss://gateway.test",
    shards: 1,
    session_start_limit: { total: 1000, remaining: 990, reset_after: 3_600_000, max_concurrency: 1 },
  }),
  [`/guilds/${GUILD}`]: answered({
    id: GUILD,
    name: "The Lantern",
    owner_id: "1",
    roles: [{ id: GUILD, permissions: VIEW }],
  }),
  [`/guilds/${GUILD}/members/${BOT}`]: answered({ roles: [] }),
  [`/guilds/${GUILD}/channels`]: answered([voice("Lounge"), { id: "8", type: 0, name: "chat" }]),
};

async function findingsOf(answers: Readonly<Record<string, DiscordAnswer>> = {}) {
  const asked: string[] = [];
  const get: DiscordGet = (path) => {
    asked.push(path);
    const answer = answers[path] ?? RIGHT[path];
    return Promise.resolve(answer ?? expect.unreachable(`nothing should ask ${path}`));
  };
  const { findings, gatewayUrl } = await discordFindings(get, GUILD);
  return { asked, gatewayUrl, of: (name: string) => findings.find((finding) => finding.name === name) };
}

describe("what Discord says of a set-up", () => {
  it("is right when all of it is", async () => {
    const { of, gatewayUrl } = await findingsOf();
    expect(gatewayUrl).toBe("wss://gateway.test");
    expect(of("Discord token")).toMatchObject({ mark: "pass", detail: `bot watcher (${BOT})` });
    expect(of("identify budget")).toMatchObject({ mark: "pass", detail: /990 of 1000/ });
    expect(of("voice channels")).toMatchObject({ mark: "pass", detail: "1 seen: Lounge" });
  });

  it("ends with a refused token, after one question", async () => {
    const { of, asked } = await findingsOf({ "/users/@me": answered({}, 401) });
    expect(of("Discord token")).toMatchObject({ mark: "fail", error: "tokenRefused" });
    expect(of("server")).toMatchObject({ mark: "skipped" });
    expect(asked).toEqual(["/users/@me"]);
  });

  it("refuses the token of a user account and says what Discord forbids", async () => {
    const { of } = await findingsOf({ "/users/@me": answered({ id: "5", username: "me" }) });
    expect(of("Discord token")).toMatchObject({
      mark: "fail",
      error: "userToken",
      remedy: expect.stringContaining("forbids automating user accounts"),
    });
  });

  it("names what an answer of 200 lacks that is not Discord's", async () => {
    const login = await findingsOf({ "/users/@me": answered(undefined) });
    expect(login.of("Discord token")).toMatchObject({
      error: "discordUnreachable",
      detail: /expected object/,
    });
    const guild = await findingsOf({ [`/guilds/${GUILD}`]: answered({ id: GUILD, name: "G", roles: [] }) });
    expect(guild.of("server")).toMatchObject({
      error: "discordUnreachable",
      detail: expect.stringContaining("owner_id"),
    });
    const application = await findingsOf({ "/applications/@me": answered({ flags: 0 }) });
    expect(application.of("intents")).toMatchObject({ detail: expect.stringContaining("id: ") });
  });

  it("tells a limit from an outage, and how long to wait", async () => {
    const limited = await findingsOf({ "/users/@me": answered({}, 429) });
    expect(limited.of("Discord token")).toMatchObject({ error: "rateLimited", remedy: /wait 4 s/ });
    const away = await findingsOf({ "/users/@me": { ok: false, detail: "connect ECONNREFUSED" } });
    expect(away.of("Discord token")).toMatchObject({ error: "discordUnreachable" });
  });

  it("names no Identify left, and shards that one worker does not run", async () => {
    const gateway = (remaining: number, shards: number) =>
      answered({ url: "wss://gateway.test", shards, session_start_limit: { total: 1000, remaining } });
    expect((await findingsOf({ "/gateway/bot": gateway(0, 1) })).of("identify budget")).toMatchObject({
      error: "identifyBudgetSpent",
    });
    expect((await findingsOf({ "/gateway/bot": gateway(9, 4) })).of("identify budget")).toMatchObject({
      mark: "advice",
      detail: /4 shards/,
    });
  });

  it.each([403, 404])("gives the link of an invitation when the server answers %i", async (status) => {
    const { of } = await findingsOf({ [`/guilds/${GUILD}`]: answered({}, status) });
    expect(of("server")).toMatchObject({
      error: "notInGuild",
      remedy: expect.stringContaining(`client_id=${BOT}&scope=bot&permissions=1024&guild_id=${GUILD}`),
    });
    expect(of("voice channels")).toMatchObject({ mark: "skipped" });
  });

  it("lists the voice channels that the bot may not view", async () => {
    const channels = (...list: object[]) => ({ [`/guilds/${GUILD}/channels`]: answered(list) });
    const some = await findingsOf(channels(voice("Lounge"), voice("Staff", VIEW)));
    expect(some.of("voice channels")).toMatchObject({ mark: "advice", detail: "1 seen, hidden: Staff" });
    const all = await findingsOf(channels(voice("Staff", VIEW)));
    expect(all.of("voice channels")).toMatchObject({ mark: "fail", error: "intentsRefused" });
    const none = await findingsOf(channels());
    expect(none.of("voice channels")).toMatchObject({ mark: "advice", detail: /none that the bot may view/ });
  });
});
