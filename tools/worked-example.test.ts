/** Whether the blocks of `docs/adding-an-event.md` still fit; the e2e test beside this one carries the change out. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY } from "./source-tree.ts";
import { blocksOf, edited } from "./worked-example.ts";

const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");
const blocks = blocksOf(read("docs/adding-an-event.md"));

describe("the worked example of an event", () => {
  it("goes all the way", () => {
    const touched = new Set(blocks.map(({ path }) => path.split("/")[1]));
    for (const name of ["discord-wire", "events", "discord-gateway-worker", "live", "hub", "client"]) {
      expect(touched).toContain(name);
    }
  });

  it.each(blocks)("fits $path", (block) => {
    if (block.kind === "file") expect(existsSync(join(REPOSITORY, block.path))).toBe(false);
    else expect(edited(read(block.path), block)).not.toBe(read(block.path));
  });
});

describe("an edit", () => {
  const edit = (...hunks: string[][]) => ({ kind: "edit", path: "a.ts", hunks }) as const;

  it("finds its place by the lines around it, one hunk after the other", () => {
    expect(edited("a\nb\nc\nb", edit([" a", "+x"], [" c", "-b"]))).toBe("a\nx\nb\nc");
  });

  it("says which lines are not there, or are there twice", () => {
    expect(() => edited("a\nb", edit([" z", "+x"]))).toThrow("a.ts has these lines 0 times, not once:\nz");
    expect(() => edited("b\nb", edit([" b", "+x"]))).toThrow("2 times");
  });
});
