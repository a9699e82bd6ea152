import { describe, expect, it } from "vitest";
import { CARD_DEFAULTS, readCardOptions } from "../../../../src/features/rooms/card/card-options.ts";

const read = (query: string) => readCardOptions(new URLSearchParams(query));

describe("a card's options", () => {
  it("have defaults, and pass over what they do not know", () => {
    expect(read("utm_source=x&view=members")).toEqual({ ok: true, options: CARD_DEFAULTS });
  });

  it("are read from the address", () => {
    expect(read("theme=dark&width=300&rooms=2&names=off")).toEqual({
      ok: true,
      options: { theme: "dark", widthPx: 300, roomsMax: 2, names: false },
    });
  });

  it("are all named when they are wrong, with what they must be", () => {
    expect(read("theme=pink&width=1e2&rooms=0&names=maybe")).toEqual({
      ok: false,
      problems: [
        "theme must be one of auto, light, dark",
        "names must be on or off",
        "width must be a whole number from 260 to 900",
        "rooms must be a whole number from 1 to 20",
      ],
    });
  });
});
