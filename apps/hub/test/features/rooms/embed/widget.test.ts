import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HEIGHT_MESSAGE } from "../../../../src/features/rooms/embed/use-told-height.ts";

const WIDGET = readFileSync(new URL("../../../../public/widget.js", import.meta.url), "utf8");
/** What docs/embedding.md promises. */
const BYTES_MAX = 4_000;

describe("the widget's script", () => {
  it("stays small", () => {
    expect(Buffer.byteLength(WIDGET)).toBeLessThan(BYTES_MAX);
  });

  it("hears the message that the frame sends", () => {
    expect(WIDGET).toContain(`"${HEIGHT_MESSAGE}"`);
  });

  it("puts no text into markup and runs none", () => {
    expect(WIDGET).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(/);
  });
});
