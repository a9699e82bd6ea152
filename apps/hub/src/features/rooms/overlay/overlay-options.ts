import type { PlainSearch } from "../../../plain-search.ts";
import { readWords } from "../embed/query-options.ts";

const WORDS = {
  size: ["s", "m", "l", "xl"],
  align: ["left", "center", "right"],
  flow: ["column", "row"],
  names: ["on", "off"],
  avatars: ["on", "off"],
  badges: ["on", "off"],
} as const;
const STANDARD = {
  size: "m",
  align: "left",
  flow: "column",
  names: "on",
  avatars: "on",
  badges: "on",
} as const;

export interface OverlayOptions {
  readonly size: "s" | "m" | "l" | "xl";
  readonly align: "left" | "center" | "right";
  /** One below the other, or side by side. */
  readonly flow: "column" | "row";
  readonly names: boolean;
  readonly avatars: boolean;
  readonly badges: boolean;
  readonly problems: readonly string[];
}

export function readOverlayOptions(search: PlainSearch): OverlayOptions {
  const { options, problems } = readWords(search, WORDS, STANDARD);
  const { size, align, flow, names, avatars, badges } = options;
  const nothing = "names and avatars cannot both be off: nothing would be left";
  return {
    size,
    align,
    flow,
    names: names === "on" || avatars === "off",
    avatars: avatars === "on",
    badges: badges === "on",
    problems: names === "off" && avatars === "off" ? [...problems, nothing] : problems,
  };
}
