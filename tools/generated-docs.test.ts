import { describe, expect, it } from "vitest";
import {
  SECRET_NAMES,
  VARIABLE_NAMES,
  workerFields,
} from "../packages/discord-gateway-worker/src/environment/variables.ts";
import { ERROR_CODES } from "../packages/events/src/errors/index.ts";
import { standardValue } from "../packages/service/src/index.ts";
import { GENERATED_DOCS, readDoc } from "./generated-docs.ts";
import { table, wrapped } from "./markdown.ts";
import { sourceFiles } from "./source-tree.ts";

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

  it.each(VARIABLE_NAMES)("lists the worker's %s with its default", (name) => {
    expect(assigned.has(name)).toBe(true);
    if (assigned.get(name))
      expect(assigned.get(name)).toBe(standardValue(workerFields[name]) ?? assigned.get(name));
  });

  it("lists nothing that nobody reads", () => {
    const hub = sourceFiles("apps/hub")
      .filter(({ path }) => path.includes("/src/"))
      .map(({ text }) => text)
      .join("\n");
    const worker = [...VARIABLE_NAMES, ...SECRET_NAMES.map((name) => `${name}_FILE`)];
    const unread = [...assigned.keys()].filter(
      (name) => !worker.includes(name) && !new RegExp(`\\b${name}\\b`).test(hub),
    );
    expect(unread).toEqual([]);
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
