import { describe, expect, it } from "vitest";
import { createOrigins, readOrigins } from "../../src/access/origins.ts";

describe("the list of origins", () => {
  it("is exact origins, or everybody", () => {
    expect(readOrigins("https://a.example  http://localhost:5173")).toEqual({
      ok: true,
      origins: ["https://a.example", "http://localhost:5173"],
    });
    expect(readOrigins("*")).toEqual({ ok: true, origins: "*" });
  });

  it.each([
    ["https://a.example/", "such as https://a.example, without a path"],
    ["https://a.example/path", "such as https://a.example"],
    ["a.example", "such as https://club.example"],
    ["wss://a.example", "such as"],
    ["*.a.example", "such as"],
    ["* https://a.example", "not both"],
  ])("is not %j", (text, problem) => {
    expect(readOrigins(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe("a page", () => {
  it("of the hub itself may always use it", () => {
    expect(createOrigins([]).allows("https://hub.example", "hub.example")).toBe(true);
    expect(createOrigins([]).allows("http://localhost:3000", "localhost:3000")).toBe(true);
  });

  it.each([
    ["https://hub.example", "hub.example:443"],
    ["http://hub.example", "hub.example:80"],
    ["https://hub.example", "hub.example:80"],
    ["https://hub.example", "HUB.Example"],
    ["https://hub.example:8443", "Hub.Example:8443"],
    ["https://xn--bcher-kva.example", "xn--bcher-kva.example:443"],
    ["http://[::1]:3000", "[::1]:3000"],
  ])("of %s is the own page of a hub that a proxy calls %s", (origin, host) => {
    expect(createOrigins([]).allows(origin, host)).toBe(true);
  });

  it.each([
    ["https://hub.example:8443", "hub.example"],
    ["https://hub.example", "hub.example:8443"],
    ["https://hub.example.evil", "hub.example"],
    ["https://evil.example", "hub.example@evil.example:443"],
    ["chrome-extension://hub.example", "hub.example"],
    ["https://hub.example", ""],
    ["https://hub.example", "a b"],
  ])("of %s is of another origin than a hub that a proxy calls %j", (origin, host) => {
    expect(createOrigins([]).allows(origin, host)).toBe(false);
  });

  it("of another origin may when it is listed, to the letter", () => {
    const origins = createOrigins(["https://a.example"]);
    expect(origins.allows("https://a.example", "hub.example")).toBe(true);
    for (const other of [
      "http://a.example",
      "https://a.example:444",
      "https://b.a.example",
      "https://a.example.evil",
    ]) {
      expect(origins.allows(other, "hub.example"), other).toBe(false);
    }
  });

  it("of nobody in particular may not, even where everybody may", () => {
    expect(createOrigins("*").allows("null", "hub.example")).toBe(false);
    expect(createOrigins("*").allows("https://any.example", null)).toBe(true);
  });

  it("that sends rubbish for an origin may not", () => {
    expect(createOrigins([]).allows("rubbish", "hub.example")).toBe(false);
    expect(createOrigins([]).allows("https://hub.example", undefined)).toBe(false);
  });
});
