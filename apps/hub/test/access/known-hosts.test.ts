import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { createKnownHosts, readHosts } from "../../src/access/known-hosts.ts";
import { startHub } from "../hub-at-work.ts";

describe("the names of a hub", () => {
  const hosts = createKnownHosts(["voice.club.example"]);

  it.each([
    "voice.club.example",
    "VOICE.club.example:3000",
    "voice.club.example.",
    "localhost:3000",
    "127.0.0.1:3000",
  ])("are known, such as %s", (host) => expect(hosts.knows(host)).toBe(true));

  it.each(["192.168.1.7", "[::1]:3000", "[2001:db8::7]"])("may be any address, such as %s", (host) => {
    expect(hosts.knows(host)).toBe(true);
  });

  it.each([
    "evil.example",
    "voice.club.example.evil.example",
    "evil.example/voice.club.example",
    "evil.example#@voice.club.example",
    "x@voice.club.example",
    "1.2.3.4.evil.example",
    "",
    null,
  ])("are not %j", (host) => expect(hosts.knows(host)).toBe(false));

  it("are all names where none are given", () => {
    expect(createKnownHosts(undefined).knows("anything.example")).toBe(true);
  });

  it("are read from names alone", () => {
    expect(readHosts("a.example  B.example")).toEqual({ ok: true, hosts: ["a.example", "b.example"] });
    for (const text of ["https://a.example", "a.example:80", "a.example/x", "*"])
      expect(readHosts(text)).toMatchObject({ ok: false, problem: expect.stringContaining(text) });
  });
});

async function statusOf(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  const [response] = (await once(get({ host: "127.0.0.1", port, path, headers }), "response")) as [
    IncomingMessage,
  ];
  response.resume();
  return response.statusCode;
}

describe("a page whose name was made to point here", () => {
  const rebound = { host: "evil.example", origin: "http://evil.example" };

  it("gets no page, no topic and no socket where the names are known", async () => {
    await using work = await startHub({ HUB_HOSTS: "voice.club.example" });
    for (const path of ["/", "/api/rt/v1/topics/voice/1/public", "/card/1.svg"])
      expect(await statusOf(work.port, path, rebound)).toBe(421);
    await expect(work.browser("/ws", undefined, rebound)).rejects.toThrow("421");
    using _own = await work.browser("/ws", undefined, { host: "voice.club.example" });
  });

  it("is no hindrance to deliveries and probes, which come under names of their own", async () => {
    await using work = await startHub({ HUB_HOSTS: "voice.club.example" });
    expect(await statusOf(work.port, "/api/live", { host: "hub.railway.internal" })).toBe(200);
    expect(await statusOf(work.port, "/api/internal/events", { host: "hub.railway.internal" })).toBe(405);
  });
});
