import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim, type Faults } from "../../src/index.ts";
import { call } from "./bot-at-work.ts";

let sim: DiscordSim;
let path: string;

beforeEach(async () => {
  sim = await createDiscordSim({ rate: 0 });
  const channels = (await call(sim, "GET", `/guilds/${sim.guildId}/channels`)).body as unknown as {
    id: string;
    name: string;
  }[];
  path = `/channels/${channels.find(({ name }) => name === "general")?.id}/messages`;
});

afterEach(() => sim.close());

async function contents(): Promise<readonly string[]> {
  const { body } = await call(sim, "GET", path);
  return (body as unknown as { content: string }[]).map(({ content }) => content);
}

function post(): ReturnType<typeof call> {
  return call(sim, "POST", path, { content: "x" });
}

describe("faults of REST", () => {
  it("lose or withhold an answer, or make it 5xx, after the call was carried out", async () => {
    sim.setFaults({ restLoseAnswers: 1 });
    await expect(post()).rejects.toThrow();
    sim.setFaults({ restFailAfter: 1, restFailAfterStatus: 503 });
    expect((await post()).status).toBe(503);
    sim.setFaults({ restHoldAnswers: 1 });
    const gaveUp = new AbortController();
    const headers = {
      authorization: `Bot ${sim.token}`,
      "content-type": "application/json",
      "user-agent": "t",
    };
    const body = JSON.stringify({ content: "x" });
    const held = fetch(sim.apiUrl + path, { method: "POST", headers, body, signal: gaveUp.signal });
    await expect.poll(() => sim.stats().messagesSent).toBe(2);
    gaveUp.abort();
    await expect(held).rejects.toThrow();
    expect(await contents()).toEqual(["x", "x", "x"]);
  });

  it.each<[keyof Faults, string]>([
    ["restUserLimit", "user"],
    ["restSharedLimit", "shared"],
    ["restGlobalLimit", "global"],
  ])("answer 429 with a fraction of seconds: %s has scope %s", async (fault, scope) => {
    sim.setFaults({ [fault]: 1 });
    const refused = await post();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-ratelimit-scope")).toBe(scope);
    expect(refused.headers.get("x-ratelimit-global")).toBe(scope === "global" ? "true" : null);
    expect(Number(refused.body["retry_after"]) % 1).not.toBe(0);
    expect(refused.body["global"]).toBe(scope === "global");
    expect(await contents()).toEqual([]);
  });

  it("answer 429 as what stands before Discord does: HTML, without limit headers", async () => {
    sim.setFaults({ restEdgeLimit: 1 });
    const refused = await post();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("content-type")).toBe("text/html");
    expect(refused.headers.get("x-ratelimit-bucket")).toBeNull();
    expect(refused.headers.get("retry-after")).toBe("2");
  });

  it("strike one operation alone when told so", async () => {
    sim.setFaults({ restStatus: 503, restOperation: "create_message" });
    expect((await call(sim, "GET", path)).status).toBe(200);
    expect((await post()).status).toBe(503);
  });
});

describe("buckets", () => {
  it("of deletions differ by the age of the message", async () => {
    const young = await post();
    const bucketOf = async (id: unknown): Promise<string | null> =>
      (await call(sim, "DELETE", `${path}/${String(id)}`)).headers.get("x-ratelimit-bucket");
    const hashes = [
      await bucketOf(young.body["id"]),
      await bucketOf("1000000000000000000"),
      await bucketOf("1"),
    ];
    expect(new Set(hashes).size).toBe(2);
  });

  it("of two bots are apart", async () => {
    const other = sim.addApplication({ name: "other" });
    const limit = await post();
    const headers = {
      authorization: `Bot ${other.token}`,
      "content-type": "application/json",
      "user-agent": "t",
    };
    const response = await fetch(sim.apiUrl + path, { method: "POST", headers, body: '{"content":"y"}' });
    expect(limit.headers.get("x-ratelimit-remaining")).toBe("4");
    expect(response.headers.get("x-ratelimit-remaining")).toBe("4");
  });
});
