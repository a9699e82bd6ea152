import { describe, expect, it } from "vitest";
import { readAnswer } from "../../src/limiter/answer.ts";

const HEADERS = {
  "x-ratelimit-limit": "5",
  "x-ratelimit-remaining": "3",
  "x-ratelimit-reset": "1470173023.123",
  "x-ratelimit-reset-after": "4.57",
  "x-ratelimit-bucket": "abcd1234",
};

describe("an answer's limits", () => {
  it("are read from Discord's headers, seconds as milliseconds", () => {
    expect(readAnswer(200, HEADERS, {}).bucket).toEqual({
      hash: "abcd1234",
      limit: 5,
      remaining: 3,
      resetAfterMs: 4_570,
      resetEpochMs: 1_470_173_023_123,
    });
  });

  it.each(["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset-after", "x-ratelimit-bucket"])(
    "are none without `%s`",
    (name) => {
      expect(readAnswer(200, { ...HEADERS, [name]: undefined }, {}).bucket).toBeNull();
      expect(readAnswer(200, { ...HEADERS, [name]: "" }, {}).bucket).toBeNull();
    },
  );

  it.each(["soon", "", "NaN", "Infinity"])("are none when a number is `%s`", (value) => {
    expect(readAnswer(200, { ...HEADERS, "x-ratelimit-reset-after": value }, {}).bucket).toBeNull();
  });
});

describe("a 429", () => {
  const discord = { ...HEADERS, via: "1.1 google", "retry-after": "65" };

  it("is waited for as long as the body says, decimals included, not as the rounded header says", () => {
    const { refusal } = readAnswer(
      429,
      { ...discord, "x-ratelimit-scope": "user" },
      { retry_after: 64.57, global: false },
    );
    expect(refusal).toEqual({ scope: "user", retryAfterMs: 64_570 });
  });

  it("is shared when its scope says so, though calls remain", () => {
    const { refusal } = readAnswer(
      429,
      { ...discord, "x-ratelimit-scope": "shared" },
      { retry_after: 1_336.57 },
    );
    expect(refusal).toEqual({ scope: "shared", retryAfterMs: 1_336_570 });
  });

  it.each([
    ["body", {}, true],
    ["scope", { "x-ratelimit-scope": "global" }, false],
    ["header", { "x-ratelimit-global": "true" }, false],
  ])("is global when its %s says so", (_, headers, global) => {
    const { refusal } = readAnswer(429, { via: "1.1 google", ...headers }, { retry_after: 0.3, global });
    expect(refusal).toEqual({ scope: "global", retryAfterMs: 300 });
  });

  it.each([
    ["a page of HTML", { "retry-after": "900" }, "<html>error code: 1015</html>"],
    ["an empty body", { "retry-after": "900" }, null],
    ["JSON that is not Discord's", { "retry-after": "900", via: "1.1 google" }, { error: "rate limited" }],
    ["Discord's body without `via` or limits", { "retry-after": "900" }, { retry_after: 900 }],
  ])("is Cloudflare's with %s", (_, headers, body) => {
    expect(readAnswer(429, headers, body).refusal).toEqual({ scope: "edge", retryAfterMs: 900_000 });
  });

  it("of Cloudflare's without a time pauses for five minutes", () => {
    expect(readAnswer(429, {}, "").refusal).toEqual({ scope: "edge", retryAfterMs: 300_000 });
  });
});
