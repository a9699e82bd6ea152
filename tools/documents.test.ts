/** Links lead to what is there, error codes that documents name have a section, decisions are numbered. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../packages/runtime/src/errors/index.ts";
import { filesNamed, readDocument } from "./documents.ts";
import { REPOSITORY } from "./source-tree.ts";

const documents = filesNamed((name) => name.endsWith(".md")).map(readDocument);
const byPath = new Map(documents.map((document) => [document.path, document]));

describe("a link", () => {
  it("leads to a file, and to a section of it", () => {
    const dead = documents.flatMap(({ path, anchors, links }) =>
      links
        .filter(({ target }) => !/^[a-z]+:/.test(target))
        .filter(({ target }) => {
          const [file = "", anchor] = target.split("#");
          const reached = file === "" ? path : normalize(join(dirname(path), file));
          if (!existsSync(join(REPOSITORY, reached))) return true;
          if (anchor === undefined) return false;
          const sections = file === "" ? anchors : byPath.get(reached)?.anchors;
          return sections === undefined || !sections.has(anchor);
        })
        .map(({ target, line }) => `${path}:${line}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it("leads to every page of docs/, from the index of docs/", () => {
    const index = byPath.get("docs/README.md");
    const reached = new Set(index?.links.map(({ target }) => target.split("#")[0]));
    const pages = documents
      .map(({ path }) => /^docs\/([^/]+\.md)$/.exec(path)?.[1])
      .filter((name) => name !== undefined);
    expect(pages.filter((name) => name !== "README.md" && !reached.has(name))).toEqual([]);
  });
});

describe("an error code", () => {
  it("that a document names is one of the codes", () => {
    const known = new Set<string>(Object.values(ERROR_CODES).map(({ code }) => code));
    const unknown = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\bE0\d\d\b/g)]
        .map(([code]) => [path, code] as const)
        .filter(([, code]) => !known.has(code)),
    );
    expect(unknown).toEqual([]);
  });
});

describe("a decision", () => {
  it("has a number of its own, and bears it", () => {
    const decisions = documents.filter(({ path }) => /^docs\/decisions\/\d/.test(path));
    const numbers = decisions.map(({ path }) =>
      path.slice("docs/decisions/".length, "docs/decisions/".length + 4),
    );
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    const misnamed = decisions.filter(
      ({ path }, index) => !readFileSync(join(REPOSITORY, path), "utf8").startsWith(`# ${numbers[index]} `),
    );
    expect(misnamed.map(({ path }) => path)).toEqual([]);
  });
});
