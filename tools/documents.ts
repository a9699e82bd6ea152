/** The Markdown of the repository: its text, links and anchors. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { REPOSITORY } from "./source-tree.ts";

export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface Document {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** What `#…` may name. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
}

const PASSED_OVER = new Set(["node_modules", "dist", ".git", ".turbo", "release", "data", "coverage"]);

/** Every file of the repository whose name passes, from the root. */
export function filesNamed(isWanted: (name: string) => boolean): readonly string[] {
  const found: string[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) visit(path);
      if (entry.isFile() && isWanted(entry.name))
        found.push(relative(REPOSITORY, path).replaceAll("\\", "/"));
    }
  };
  visit(REPOSITORY);
  return found;
}

export function readDocument(path: string): Document {
  const text = readFileSync(join(REPOSITORY, path), "utf8");
  const anchors = new Set<string>();
  const links: Link[] = [];
  let isFenced = false;
  for (const [index, content] of text.split("\n").entries()) {
    const line = index + 1;
    if (/^\s*```/.test(content)) {
      isFenced = !isFenced;
      continue;
    }
    if (isFenced) continue;
    const heading = /^#{1,6} (.+)$/.exec(content)?.[1];
    if (heading !== undefined) anchors.add(unusedAnchor(anchors, anchorOf(heading)));
    const prose = content.replaceAll(/`[^`]*`/g, "code");
    for (const [, target = ""] of prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)) links.push({ target, line });
  }
  return { path, text, anchors, links };
}

/** As GitHub makes them: what is no letter, digit, space, `-` or `_` is left out, and spaces become `-`. */
function anchorOf(heading: string): string {
  const shown = heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase();
  return shown.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
}

function unusedAnchor(taken: ReadonlySet<string>, anchor: string): string {
  for (let number = 0; ; number++) {
    const candidate = number === 0 ? anchor : `${anchor}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
