import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HELD_PER_ADDRESS_MAX } from "../../src/access/held-requests.ts";
import { shownTexts } from "../features/rooms/card/well-formed.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { type HubAtWork, startHub } from "../hub-at-work.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { EventReader } from "./event-reader.ts";

const FRIEND = "https://club.example";
const TOPIC = `voice/${GUILD.id}/public`;
const SNAPSHOT = `/api/rt/v1/topics/${TOPIC}`;

let work: HubAtWork;

async function start(environment: Readonly<Record<string, string>>): Promise<void> {
  work = await startHub(environment);
  const story = new GuildStory();
  await work.deliver([
    ...story.tell({ act: "openRoom", room: "1" }),
    ...story.tell({ act: "enter", user: "7", room: "1" }),
    story.snapshot(),
  ]);
}

afterEach(async () => {
  await work.stop();
});

describe("a view that needs a ticket", () => {
  beforeEach(async () => {
    const file = join(temporaryDirectory(), "views.json");
    const views = { public: { access: "anyone", people: "anonymous" }, members: { access: "ticket" } };
    writeFileSync(file, JSON.stringify({ views }));
    await start({ VIEWS_FILE: file });
  });

  it("leaves by none of the roads, and each says why", async () => {
    const topic = `voice/${GUILD.id}/members`;
    const message = "the view members needs a ticket that names it";
    for (const path of [`/api/rt/v1/topics/${topic}`, `/api/rt/v1/sse?topic=${topic}`]) {
      expect(await work.request(path)).toMatchObject({
        status: 403,
        body: { error: { code: "forbidden", message } },
      });
    }
    for (const path of [`/card/${GUILD.id}.svg?view=members`, `/card/${GUILD.id}/1.svg?view=members`]) {
      const { status, body } = await work.request(path);
      expect(status).toBe(403);
      expect(shownTexts(String(body)).join(" ")).toContain("The view members needs a ticket");
    }
    expect(await work.hub.readOpenTopic(GUILD.id, "members")).toEqual({ ok: false, status: 403, message });
  });

  it("leaves no trace in the view beside it", async () => {
    using reader = await EventReader.open(work.port, `/api/rt/v1/sse?topic=${TOPIC}`);
    const seen = JSON.stringify([
      (await work.request(SNAPSHOT)).body,
      (await work.request(`/card/${GUILD.id}/1.svg`)).body,
      await work.hub.readOpenTopic(GUILD.id, "public"),
      await reader.next(),
    ]);
    expect(seen).toContain("Room 1");
    expect(seen).not.toContain("User 7");
    expect(seen).not.toContain("u:7");
  });
});

it("a view of rooms alone claims nothing about who is in them", async () => {
  const file = join(temporaryDirectory(), "views.json");
  writeFileSync(file, JSON.stringify({ views: { rooms: { access: "anyone", people: "none" } } }));
  await start({ VIEWS_FILE: file, HUB_PAGE_VIEW: "rooms" });
  const { body } = await work.request(`/card/${GUILD.id}.svg?view=rooms`);
  expect(shownTexts(String(body))).toContain("1 room · who is in them is not shown");
  const topic = await work.hub.readOpenTopic(GUILD.id, "rooms");
  expect(topic.ok && topic.entries.find(([key]) => key === "m")?.[1]).toMatchObject({ people: "none" });
});

describe("scripts of other origins", () => {
  beforeEach(() => start({ HUB_ALLOWED_ORIGINS: FRIEND }));

  it.each([SNAPSHOT, "/api/rt/v1/topics/nonsense", "/api/rt/v1/sse?topic=nonsense"])(
    "may read %s when the hub allows theirs, and its tag",
    async (path) => {
      const { headers } = await work.request(path, { headers: { origin: FRIEND } });
      expect(headers.get("access-control-allow-origin")).toBe(FRIEND);
      expect(headers.get("access-control-expose-headers")).toContain("ETag");
      expect(headers.get("vary")).toBe("Origin");
    },
  );

  it.each(["https://evil.example", "http://club.example", "null"])("of %s may not", async (origin) => {
    const { headers } = await work.request(SNAPSHOT, { headers: { origin } });
    expect(headers.has("access-control-allow-origin")).toBe(false);
    expect(headers.get("vary")).toBe("Origin");
  });

  it("may ask with a tag or an id, which browsers ask leave for first", async () => {
    for (const path of [SNAPSHOT, `/api/rt/v1/sse?topic=${TOPIC}`]) {
      const { status, headers } = await work.request(path, {
        method: "OPTIONS",
        headers: { origin: FRIEND, "access-control-request-method": "GET" },
      });
      expect(status).toBe(204);
      expect(headers.get("access-control-allow-headers")).toContain("If-None-Match");
      expect(headers.get("access-control-allow-headers")).toContain("Last-Event-ID");
    }
  });
});

describe("behind a proxy", () => {
  beforeEach(() => start({ TRUSTED_PROXIES: "1" }));

  it("waiting requests are counted by visitor", async () => {
    const open = (visitor: string) =>
      EventReader.open(work.port, `/api/rt/v1/sse?topic=${TOPIC}`, { "x-forwarded-for": visitor });
    const crowd = Array.from({ length: HELD_PER_ADDRESS_MAX }, () => open("192.0.2.1"));
    for (const reader of await Promise.all(crowd)) expect(reader.response.statusCode).toBe(200);
    using oneMore = await open("192.0.2.1");
    using another = await open("192.0.2.2");
    expect(oneMore.response.statusCode).toBe(429);
    expect(another.response.statusCode).toBe(200);
    for (const reader of await Promise.all(crowd)) reader[Symbol.dispose]();
  });
});
