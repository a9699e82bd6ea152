import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, digestWith, digestWithout, entryDigest, h32 } from "../src/digest.ts";

describe("h32", () => {
  it("has known values, so that another language can be checked against it", () => {
    expect([
      h32(""),
      h32("a"),
      h32("m\n1"),
      h32("u:42\n852"),
      h32("é\n1"),
      h32("😀\n1"),
    ]).toMatchInlineSnapshot(`
      [
        2872998923,
        444641715,
        1367504216,
        61549166,
        3862636242,
        3095175762,
      ]
    `);
  });

  it("hashes the UTF-8 bytes, not the UTF-16 units", () => {
    expect(h32("é")).not.toBe(h32("\u00e9".normalize("NFD")));
    expect(h32("aé")).not.toBe(h32("a\u00c3"));
  });

  it("is an unsigned 32-bit number", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const hash = h32(text);
        expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
      }),
    );
  });
});

describe("the digest", () => {
  const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.nat()), { selector: ([key]) => key });

  it("is the same in any order", () => {
    fc.assert(
      fc.property(entries, (list) => {
        expect(digestOf(list)).toBe(digestOf([...list].reverse()));
      }),
    );
  });

  it("comes back to what it was when an entry is added and taken away", () => {
    fc.assert(
      fc.property(entries, fc.string(), fc.nat(), (list, key, rev) => {
        const digest = digestOf(list);
        expect(digestWithout(digestWith(digest, key, rev), key, rev)).toBe(digest);
      }),
    );
  });

  it("tells two entries that swapped neighbouring revisions", () => {
    for (let user = 0; user < 500; user++) {
      const [one, other] = [`u:${user}`, `u:${user + 1}`];
      for (const rev of [5, 6, 17, 840]) {
        const right = digestOf([
          [one, rev],
          [other, rev + 1],
        ]);
        expect(
          digestOf([
            [one, rev + 1],
            [other, rev],
          ]),
        ).not.toBe(right);
      }
    }
  });

  it("adds the hash of key, line feed and decimal revision", () => {
    expect(entryDigest("r:1", 840)).toBe(h32("r:1\n840"));
  });
});
