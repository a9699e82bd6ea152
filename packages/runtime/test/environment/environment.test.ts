import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readEnvironment } from "../../src/environment/environment.ts";
import { httpUrl, wholeNumber } from "../../src/environment/value-schema.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const fields = {
  LEAST: wholeNumber(0, 9, "must be 0 to 9").default(1),
  MOST: wholeNumber(0, 9, "must be 0 to 9").default(8),
  KEY: z.string({ error: "is missing; make one" }),
  AT: httpUrl("must be a URL").optional(),
} as const;

function read(environment: Readonly<Record<string, string>>) {
  return readEnvironment(environment, {
    fields,
    secrets: ["KEY"],
    knownElsewhere: ["GUILDWIRE_OF_ANOTHER"],
    docsOf: (name) => `docs/x.md#${name.toLowerCase()}`,
    together: ({ LEAST, MOST }) =>
      LEAST !== undefined && MOST !== undefined && LEAST > MOST
        ? [["LEAST", `must not be above MOST, ${MOST}`]]
        : [],
  });
}

describe("an environment", () => {
  it("is what its schemas make of it, with nothing for an empty variable", () => {
    expect(read({ KEY: " k ", LEAST: "", MOST: "5" })).toEqual({
      ok: true,
      values: { KEY: "k", LEAST: 1, MOST: 5, AT: undefined },
      advice: [],
    });
  });

  it("has mistakes of single variables and of several told together, each with where to read", () => {
    expect(read({ LEAST: "9", AT: "nowhere" })).toEqual({
      ok: false,
      problems: [
        "KEY is missing; make one (docs/x.md#key)",
        'AT must be a URL; it is "nowhere" (docs/x.md#at)',
        'LEAST must not be above MOST, 8; it is "9" (docs/x.md#least)',
      ],
    });
  });

  it("is not compared where a part of the comparison is wrong by itself", () => {
    expect(read({ KEY: "k", LEAST: "9", MOST: "many" })).toEqual({
      ok: false,
      problems: ['MOST must be 0 to 9; it is "many" (docs/x.md#most)'],
    });
  });

  it.each(["'", '"'])("refuses a value in %s, which is not shown where it is a secret", (quote) => {
    const outcome = read({ KEY: `${quote}hush-hush${quote}`, AT: `${quote}http://x${quote}` });
    expect(outcome).toMatchObject({
      problems: [expect.stringMatching(/^KEY is in quotes/), expect.stringMatching(/^AT is in quotes/)],
    });
    expect(JSON.stringify(outcome)).not.toContain("hush");
  });

  it("takes quotes and dollars inside a value as they are", () => {
    expect(read({ KEY: `a"b'c$d'` })).toMatchObject({ values: { KEY: `a"b'c$d'` } });
    expect(read({ KEY: `"` })).toMatchObject({ values: { KEY: `"` } });
  });

  it("refuses quotes and UTF-16 in a secret's file", () => {
    const file = join(temporaryDirectory(), "key");
    writeFileSync(file, `"hush-hush"\n`);
    expect(read({ KEY_FILE: file })).toMatchObject({
      problems: [expect.stringMatching(/^KEY in the file of KEY_FILE is in quotes/)],
    });
    writeFileSync(file, Buffer.from("\ufeffhush-hush", "utf16le"));
    expect(read({ KEY_FILE: file })).toMatchObject({
      problems: [expect.stringContaining("it is in UTF-16; save it as UTF-8")],
    });
  });

  it("takes a secret from a file, and never says what was in it", () => {
    const file = join(temporaryDirectory(), "key");
    writeFileSync(file, "changeme-changeme\n");
    expect(read({ KEY_FILE: file })).toMatchObject({ ok: true, values: { KEY: "changeme-changeme" } });
    expect(read({ KEY_FILE: file, NODE_ENV: "production" })).toEqual({
      ok: false,
      problems: [
        "KEY is a sample value, which production refuses; make one of your own; it is [redacted, 17 characters] (docs/x.md#key)",
      ],
    });
  });

  it("leaves alone what others read from it", () => {
    const given = { KEY: "k", GUILDWIRE_OF_ANOTHER: "1", GUILDWIRE_OF_NOBODY: "1" };
    expect(read(given)).toMatchObject({
      advice: ["GUILDWIRE_OF_NOBODY is read by nothing (docs/configuration.md)"],
    });
  });
});
