import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GUILD, GuildStory } from "../../../guild-story.ts";
import { type Answer, type HubAtWork, startHub } from "../../../hub-at-work.ts";
import { shownTexts } from "./well-formed.ts";

let work: HubAtWork;
let story: GuildStory;

beforeEach(async () => {
  work = await startHub();
  story = new GuildStory();
  await work.deliver([
    ...story.tell({ act: "openRoom", room: "1" }),
    ...story.tell({ act: "enter", user: "7", room: "1" }),
    story.snapshot(),
  ]);
});
afterEach(async () => {
  await work.stop();
});

const texts = ({ body }: Answer) => shownTexts(String(body));

describe("cards", () => {
  it("are pictures of a server and of a room", async () => {
    const guild = await work.request(`/card/${GUILD.id}.svg`);
    expect(guild.status).toBe(200);
    expect(guild.headers.get("content-type")).toBe("image/svg+xml; charset=utf-8");
    expect(texts(guild)).toEqual(expect.arrayContaining(["Test guild", "Room 1", "User 7", "live"]));
    expect(texts(await work.request(`/card/${GUILD.id}/1.svg`))).toContain("1 person · Test guild");
  });

  it("change with what happens", async () => {
    const before = await work.request(`/card/${GUILD.id}.svg`);
    await work.deliver(story.tell({ act: "leave", user: "7" }));
    const after = await work.request(`/card/${GUILD.id}.svg`);
    expect(texts(after)).toContain("Nobody is in voice right now · 1 room empty");
    expect(after.headers.get("etag")).not.toBe(before.headers.get("etag"));
  });

  it("may be kept by proxies for a moment, and are asked for again with their tag", async () => {
    const { headers } = await work.request(`/card/${GUILD.id}.svg`);
    expect(headers.get("cache-control")).toBe("public, max-age=0, s-maxage=30, stale-while-revalidate=30");
    const tag = String(headers.get("etag"));
    for (const held of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const again = await work.request(`/card/${GUILD.id}.svg`, { headers: { "if-none-match": held } });
      expect(again).toMatchObject({ status: 304, body: "" });
      expect(again.headers.get("etag")).toBe(tag);
    }
  });

  it("say in the next minute that they were drawn in it", async () => {
    const { headers } = await work.request(`/card/${GUILD.id}.svg`);
    work.clock.advance(60_000);
    const held = { "if-none-match": String(headers.get("etag")) };
    expect(await work.request(`/card/${GUILD.id}.svg`, { headers: held })).toMatchObject({ status: 200 });
  });

  it("may be shown by any page, run nothing, and are not indexed", async () => {
    const { headers } = await work.request(`/card/${GUILD.id}.svg`);
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
    expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(headers.has("access-control-allow-origin")).toBe(false);
    expect(headers.get("x-robots-tag")).toBe("noindex");
  });

  it("answer HEAD with their length and without a body", async () => {
    const { status, headers, body } = await work.request(`/card/${GUILD.id}.svg`, { method: "HEAD" });
    expect({ status, body }).toEqual({ status: 200, body: "" });
    expect(Number(headers.get("content-length"))).toBeGreaterThan(1_000);
  });

  it.each([
    ["/card/999.svg", 404, "No such server here"],
    ["/card/x%22%3E.svg", 404, "No such server here"],
    [`/card/${GUILD.id}/9.svg`, 404, "No such room here"],
    [`/card/${GUILD.id}/x.svg`, 404, "No such room here"],
    [`/card/${GUILD.id}.svg?view=NO%20view`, 404, "No such view here"],
    [`/card/${GUILD.id}.svg?width=1`, 400, "This card’s address"],
  ])("%s is a picture that says why there is no other", async (path, status, title) => {
    const answer = await work.request(path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toContain("image/svg+xml");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(texts(answer)).toContain(title);
  });

  it("are counted", async () => {
    await work.request(`/card/${GUILD.id}.svg`);
    await work.request("/card/999.svg");
    const { body } = await work.request("/api/metrics");
    expect(body).toContain('guildwire_hub_road_answers_total{road="card",outcome="card"} 1');
    expect(body).toContain('guildwire_hub_road_answers_total{road="card",outcome="unknown"} 1');
  });
});
