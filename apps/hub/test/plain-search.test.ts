import { describe, expect, it } from "vitest";
import { parsePlainSearch, stringifyPlainSearch } from "../src/plain-search.ts";

describe("the query of a page", () => {
  it("is text, digits included: an id is longer than a number can hold", () => {
    expect(parsePlainSearch("?rooms=613425648685547541,7&names=off&size=")).toEqual({
      rooms: "613425648685547541,7",
      names: "off",
      size: "",
    });
  });

  it("comes out as it went in", () => {
    for (const text of ["", "?a=1", "?a=true&b=%22x%22&c=%C3%A9+%26"]) {
      expect(stringifyPlainSearch(parsePlainSearch(text))).toBe(text);
    }
  });

  it("leaves out what is undefined", () => {
    expect(stringifyPlainSearch({ a: undefined, b: 2, c: null })).toBe("?b=2");
  });
});
