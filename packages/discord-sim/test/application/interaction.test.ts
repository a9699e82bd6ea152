import type { Snowflake } from "@guildwire/discord-wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim, type InteractionReport } from "../../src/index.ts";
import { ALL_PERMISSIONS } from "../../src/world/permission.ts";
import { HandClock } from "../hand-clock.ts";
import { type Answer, call } from "../rest/bot-at-work.ts";

let sim: DiscordSim;
let clock: HandClock;
let person: Snowflake;
let channelId: Snowflake;
let applicationId: Snowflake;

beforeEach(async () => {
  clock = new HandClock();
  sim = await createDiscordSim({ rate: 0, clock, botPermissions: String(ALL_PERMISSIONS) });
  applicationId = sim.applications()[0]?.id as Snowflake;
  const channels = (await call(sim, "GET", `/guilds/${sim.guildId}/channels`)).body as unknown as {
    id: Snowflake;
    name: string;
  }[];
  channelId = channels.find(({ name }) => name === "general")?.id as Snowflake;
  const people = sim.world().rooms.flatMap((room) => room.people);
  person = people.find(({ bot }) => !bot)?.id as Snowflake;
});

afterEach(async () => {
  await sim.close();
});

const ASK = {
  name: "ask",
  description: "Asks",
  options: [
    { type: 3, name: "topic", description: "What", required: true, autocomplete: true },
    { type: 4, name: "times", description: "How often", min_value: 1, max_value: 3 },
  ],
};

function register(...commands: readonly unknown[]): Promise<Answer> {
  return call(sim, "PUT", `/applications/${applicationId}/guilds/${sim.guildId}/commands`, commands);
}

function use(options: Record<string, string | number> = { topic: "tea" }): Opened {
  return opened({ type: "useCommand", userId: person, channelId, name: "ask", options });
}

interface Opened {
  readonly id: Snowflake;
  readonly token: string;
  readonly payload: Record<string, unknown>;
}

/** The interaction with what the bot was told of it. */
function opened(command: Parameters<DiscordSim["interact"]>[0]): Opened {
  const [dispatch] = sim.command(command);
  const payload = dispatch?.d as unknown as Record<string, unknown>;
  return { id: payload["id"] as Snowflake, token: String(payload["token"]), payload };
}

/** Without a token of a bot: nobody needs one to answer. */
async function plain(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(sim.apiUrl + path, {
    method,
    headers: { "user-agent": "test", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}

function answer({ id, token }: Opened, body: unknown, query = ""): Promise<Answer> {
  return plain("POST", `/interactions/${id}/${token}/callback${query}`, body);
}

function report(id: Snowflake): InteractionReport {
  const found = sim.interactions().find((entry) => entry.id === id);
  if (found === undefined) throw new Error("no such interaction");
  return found;
}

describe("a first answer", () => {
  beforeEach(async () => {
    await register(ASK);
  });

  it("needs no bot token and can give back the message", async () => {
    const asked = use();
    const given = await answer(asked, { type: 4, data: { content: "tea" } }, "?with_response=true");
    expect(given).toMatchObject({
      status: 200,
      body: {
        interaction: { id: asked.id, type: 2, response_message_ephemeral: false },
        resource: { type: 4, message: { content: "tea", type: 20, application_id: applicationId } },
      },
    });
    expect(report(asked.id)).toMatchObject({ state: "answered", messages: [{ content: "tea" }] });
  });

  it("is refused after three seconds (10062) and counted", async () => {
    const asked = use();
    clock.pass(3001);
    expect(await answer(asked, { type: 4, data: { content: "late" } })).toMatchObject({
      status: 404,
      body: { code: 10_062 },
    });
    expect(sim.stats().interactions).toMatchObject({ sent: 1, answered: 0, unanswered: 1, answeredLate: 1 });
  });

  it("can be given once (40060)", async () => {
    const asked = use();
    expect((await answer(asked, { type: 5 })).status).toBe(204);
    expect(await answer(asked, { type: 4, data: { content: "again" } })).toMatchObject({
      status: 400,
      body: { code: 40_060 },
    });
    expect(sim.stats().interactions).toMatchObject({ answered: 1, answeredTwice: 1 });
  });

  it.each([
    ["choices for a command", { type: 8, data: { choices: [] } }, "type"],
    ["a change of a message that is not there", { type: 7, data: { content: "x" } }, "type"],
    ["a form without a title", { type: 9, data: { custom_id: "x", components: [] } }, "data"],
    ["a deferral with Components V2", { type: 5, data: { flags: 32_768 } }, "data"],
  ])("is refused when it is %s", async (_, body, field) => {
    const refused = await answer(use(), body);
    expect(refused).toMatchObject({ status: 400, body: { code: 50_035 } });
    expect(Object.keys(refused.body["errors"] as object)).toEqual([field]);
  });

  it("with a wrong token is unknown", async () => {
    const asked = use();
    expect((await answer({ ...asked, token: "x" }, { type: 5 })).body).toMatchObject({ code: 10_062 });
  });
});

describe("a deferred answer", () => {
  beforeEach(async () => {
    await register(ASK);
  });

  it("is written by an edit of @original, and follow-ups come after it", async () => {
    const asked = use();
    await answer(asked, { type: 5 });
    const webhook = `/webhooks/${applicationId}/${asked.token}`;
    expect((await plain("GET", `${webhook}/messages/@original`)).body).toMatchObject({
      flags: 128,
      content: "",
    });
    const edited = await plain("PATCH", `${webhook}/messages/@original`, { content: "done" });
    expect(edited.body).toMatchObject({ content: "done", flags: 0, edited_timestamp: null });
    const more = await plain("POST", webhook, { content: "more", flags: 64 });
    expect(more.body).toMatchObject({ content: "more", flags: 64 });
    const history = await call(sim, "GET", `/channels/${channelId}/messages`);
    expect(history.body).toMatchObject([{ content: "done" }]);
    expect(report(asked.id).messages).toMatchObject([{ content: "done" }, { content: "more" }]);
    expect((await plain("DELETE", `${webhook}/messages/${String(more.body["id"])}`)).status).toBe(204);
    expect(report(asked.id).messages).toHaveLength(1);
  });

  it("that is ephemeral is seen by the person alone, whose press reaches the bot", async () => {
    const asked = use();
    await answer(asked, { type: 5, data: { flags: 64 } });
    const components = [{ type: 1, components: [{ type: 2, style: 1, label: "Go", custom_id: "go" }] }];
    const path = `/webhooks/${applicationId}/${asked.token}/messages/@original`;
    const { body } = await plain("PATCH", path, { content: "psst", components });
    expect((await call(sim, "GET", `/channels/${channelId}/messages`)).body).toEqual([]);
    const press = opened({
      type: "pressButton",
      userId: person,
      channelId,
      messageId: body["id"] as Snowflake,
      customId: "go",
    });
    expect(press.payload).toMatchObject({ type: 3, data: { custom_id: "go" }, message: { flags: 64 } });
    await answer(press, { type: 7, data: { content: "gone" } });
    expect(report(asked.id).messages).toMatchObject([{ content: "gone" }]);
  });

  it("can be followed for fifteen minutes (50027 afterwards)", async () => {
    const asked = use();
    await answer(asked, { type: 5 });
    clock.pass(15 * 60_000 + 1);
    const late = await plain("POST", `/webhooks/${applicationId}/${asked.token}`, { content: "late" });
    expect(late).toMatchObject({ status: 401, body: { code: 50_027 } });
  });
});

describe("people who use commands", () => {
  it.each([
    [{}, "options.topic"],
    [{ topic: "tea", times: 4 }, "options.times"],
    [{ topic: "tea", other: 1 }, "options.other"],
  ])("cannot with the options %o", async (options, field) => {
    await register(ASK);
    expect(() => use(options)).toThrow(expect.objectContaining({ code: "COMMAND_REFUSED", field }));
  });

  it("get choices while they type", async () => {
    await register(ASK);
    const options = { topic: "te" };
    const typing = opened({
      type: "autocomplete",
      userId: person,
      channelId,
      name: "ask",
      focused: "topic",
      options,
    });
    expect(typing.payload).toMatchObject({ type: 4, data: { options: [{ name: "topic", focused: true }] } });
    const choices = [{ name: "Tea", value: "tea" }];
    expect((await answer(typing, { type: 8, data: { choices } })).status).toBe(204);
    expect(report(typing.id)).toMatchObject({ callbackType: 8, data: { choices } });
  });

  it("can use one on a person and one on a message", async () => {
    await register({ name: "Poke", type: 2 }, { name: "Quote", type: 3 });
    const onPerson = opened({
      type: "useUserCommand",
      userId: person,
      channelId,
      name: "Poke",
      targetId: person,
    });
    expect(onPerson.payload).toMatchObject({
      data: { target_id: person, resolved: { users: { [person]: { id: person } } } },
    });
    const sent = await call(sim, "POST", `/channels/${channelId}/messages`, { content: "quotable" });
    const messageId = sent.body["id"] as Snowflake;
    const onMessage = opened({
      type: "useMessageCommand",
      userId: person,
      channelId,
      name: "Quote",
      messageId,
    });
    expect(onMessage.payload).toMatchObject({
      data: { resolved: { messages: { [messageId]: { content: "quotable" } } } },
    });
  });

  it("can use global ones in private, unless these are for servers alone", async () => {
    const path = `/applications/${applicationId}/commands`;
    await call(sim, "POST", path, { name: "hello", description: "Hello" });
    await call(sim, "POST", path, { name: "here", description: "Here", contexts: [0] });
    const { payload } = opened({ type: "useCommand", userId: person, name: "hello" });
    expect(payload).toMatchObject({ context: 1, user: { id: person } });
    expect(payload).not.toHaveProperty("guild_id");
    expect(() => opened({ type: "useCommand", userId: person, name: "here" })).toThrow("cannot use it here");
  });

  it("need the permissions that the command asks for", async () => {
    await register({ ...ASK, default_member_permissions: "8" });
    expect(() => use()).toThrow("may not use this command");
    const commands = (await call(sim, "GET", `/applications/${applicationId}/guilds/${sim.guildId}/commands`))
      .body;
    const [{ id }] = commands as unknown as [{ id: Snowflake }];
    const permissions = [{ id: person, type: 2, permission: true }] as const;
    sim.command({ type: "setCommandPermissions", commandId: id, permissions });
    expect(use().payload).toMatchObject({ data: { name: "ask" } });
  });
});

describe("application commands", () => {
  it("are made once per name, and keep id and version when nothing changes", async () => {
    const path = `/applications/${applicationId}/guilds/${sim.guildId}/commands`;
    const made = await call(sim, "POST", path, ASK);
    expect(made.status).toBe(201);
    const again = await call(sim, "POST", path, { ...ASK, description: "Asks anew" });
    expect(again).toMatchObject({ status: 200, body: { id: made.body["id"], description: "Asks anew" } });
    const same = await register({ ...ASK, description: "Asks anew" });
    expect(same.body).toMatchObject([{ id: made.body["id"], version: again.body["version"] }]);
    expect((await register()).body).toEqual([]);
  });

  it.each([
    [{ name: "No Capitals", description: "x" }, "name"],
    [{ name: "nothing" }, "description"],
    [{ name: "x", description: "x", colour: 3 }, "colour"],
    [
      {
        ...ASK,
        options: [
          { type: 3, name: "a", description: "x" },
          { type: 3, name: "b", description: "x", required: true },
        ],
      },
      "options",
    ],
  ])("are refused: %o", async (command, field) => {
    const path = `/applications/${applicationId}/commands`;
    const refused = await call(sim, "POST", path, command);
    expect(refused).toMatchObject({ status: 400, body: { code: 50_035 } });
    expect(Object.keys(refused.body["errors"] as object)).toContain(field);
  });

  it("are limited to 100 in one scope (30032)", async () => {
    const many = Array.from({ length: 101 }, (_, n) => ({ name: `c${n}`, description: "x" }));
    expect(await register(...many)).toMatchObject({ status: 400, body: { code: 30_032 } });
  });
});
