import { describe, expect, it } from "vitest";
import { readTarget } from "../../src/server/request-target.ts";

const CHARACTERS_MAX = 100;

function read(url: string, ...hosts: readonly string[]) {
  return readTarget({ url, headersDistinct: { host: [...hosts] } }, CHARACTERS_MAX);
}

describe("the target of a request", () => {
  it.each([
    ["/", "/"],
    ["/embed/1?view=public", "/embed/1?view=public"],
    ["/?a=%E0%A4%A", "/?a=%E0%A4%A"],
    ["/a//?b=//c", undefined],
    ["/?b=//c", "/?b=//c"],
    ["/api/rt/v1/topics/%E0%A4%A", "/api/rt/v1/topics/%E0%A4%A"],
    ["/%F0%9F%8E%89", "/%F0%9F%8E%89"],
    ["http://hub.example/api/live?x", "/api/live?x"],
  ])("%s is read as %s", (url, expected) => {
    const target = read(url, "hub.example");
    expect(target.ok ? target.url : undefined).toBe(expected);
  });

  it.each([
    ["/%", 400],
    ["/%E0%A4%A", 400],
    ["*", 400],
    ["foo", 400],
    ["?x", 400],
    ["ftp://hub.example/", 400],
    ["http://[::1", 400],
    ["//", 404],
    ["//evil.example/", 404],
    ["/\\evil.example/", 404],
    ["/%5Cevil.example/", 404],
    ["/a%00b", 404],
    ["/a%0D%0Ab", 404],
    [`/${"a".repeat(CHARACTERS_MAX)}`, 414],
  ])("%s is refused with %i", (url, status) => {
    expect(read(url, "hub.example")).toMatchObject({ ok: false, status });
  });
});

describe("the Host of a request", () => {
  it.each([
    "hub.example",
    "HUB.Example:443",
    "hub.example.",
    "my_hub:3000",
    "127.0.0.1:3000",
    "[::1]:3000",
    "x:",
  ])("may be %s", (host) => {
    expect(read("/", host)).toEqual({ ok: true, url: "/", host });
  });

  it.each(["a b", "x:99999", "http://x", "x/y", "x@y", "x?", "#", "../", ":80", "[::1", "%E0", "é"])(
    "may not be %s",
    (host) => {
      expect(read("/", host)).toMatchObject({ ok: false, status: 400 });
    },
  );

  it("may not be given twice", () => {
    expect(read("/", "hub.example", "hub.example")).toMatchObject({ ok: false, status: 400 });
  });

  it("may be missing or empty, as in health checks over HTTP/1.0", () => {
    expect(read("/")).toEqual({ ok: true, url: "/", host: undefined });
    expect(read("/", "")).toEqual({ ok: true, url: "/", host: undefined });
  });

  it("is replaced by the authority of an absolute target", () => {
    expect(read("http://hub.example:3000/x", "other.example")).toMatchObject({ host: "hub.example:3000" });
  });
});
