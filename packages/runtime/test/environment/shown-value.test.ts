import { describe, expect, it } from "vitest";
import { shownValue } from "../../src/environment/shown-value.ts";

const TOKEN = `${"M".repeat(24)}.Gabcde.${"x".repeat(38)}`;

describe("a value in a message", () => {
  it("is shown as it was given, with its spaces", () => {
    expect(shownValue("80 ", false, [])).toBe('"80 "');
  });

  it("is cut when it is long", () => {
    expect(shownValue("a".repeat(500), false, [])).toBe(`"${"a".repeat(80)}…"`);
  });

  it.each([
    ["of a secret variable", "hunter2", true, []],
    ["that looks like a token", TOKEN, false, []],
    ["that looks like a shared secret", "whsec_AAAA", false, []],
    ["that holds the text of a secret", "Bot abc", false, ["abc"]],
  ])("%s is not shown", (_, value, isSecret, secrets) => {
    expect(shownValue(value, isSecret, secrets)).toBe(`[redacted, ${value.length} characters]`);
  });

  it("is a URL without its password and its query", () => {
    expect(shownValue("ftp://me:pass@host/x?key=1", false, [])).toBe('"ftp://[redacted]@host/x?[redacted]"');
  });
});
