import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../packages/runtime/src/errors/index.ts";
import { FILE_SUFFIX, standardValue } from "../packages/runtime/src/index.ts";
import { PROCESSES } from "./configuration-table.ts";
import { GENERATED_DOCS, readDoc } from "./generated-docs.ts";
import { table, wrapped } from "./markdown.ts";

describe("documents made from code", () => {
  it.each(GENERATED_DOCS)("$path is as `pnpm docs:generate` would write it", ({ path, make }) => {
    const page = readDoc(path);
    expect(page).toBe(make(page));
  });
});

describe(".env.example", () => {
  const assigned = new Map(
    [...readDoc(".env.example").matchAll(/^#? ?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );

  it.each(PROCESSES)("lists each variable of the $process with its default", ({ names, fields }) => {
    for (const name of names) {
      expect(assigned.has(name), name).toBe(true);
      const field = fields[name];
      // Where both processes read it, its default stands here when they agree.
      if (field !== undefined && assigned.get(name))
        expect(assigned.get(name), name).toBe(standardValue(field) ?? assigned.get(name));
    }
  });

  it("lists nothing that nobody reads", () => {
    const read = PROCESSES.flatMap(({ names, secrets }) => [
      ...names,
      ...secrets.map((name) => name + FILE_SUFFIX),
    ]);
    expect([...assigned.keys()].filter((name) => !read.includes(name))).toEqual([]);
  });
});

describe("error codes", () => {
  it("are each used once", () => {
    const codes = Object.values(ERROR_CODES).map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)]);
  });

  it("have kept their numbers", () => {
    expect(ERROR_CODES).toMatchObject({
      discordUnreachable: { code: "E001" },
      tokenRefused: { code: "E002" },
      rateLimited: { code: "E003" },
      storageFailed: { code: "E004" },
      crashed: { code: "E005" },
      intentsRefused: { code: "E006" },
      shardInvalid: { code: "E007" },
      memoryLimit: { code: "E008" },
      diskFull: { code: "E009" },
      connectionLimit: { code: "E010" },
      configurationInvalid: { code: "E011" },
    });
  });
});

describe("Markdown", () => {
  it("is wrapped between words", () => {
    const text = "twelve chars ".repeat(20).trim();
    expect(wrapped(text).split("\n").join(" ")).toBe(text);
    expect(
      Math.max(
        ...wrapped(text)
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120);
  });

  it("has tables with even columns", () => {
    expect(
      table([
        ["a", "b"],
        ["long", "c"],
      ]),
    ).toBe("| a    | b |\n| ---- | - |\n| long | c |");
  });
});
