import { describe, expect, it } from "vitest";
import { readEmbedOptions } from "../../../../src/features/rooms/embed/embed-options.ts";
import { readOverlayOptions } from "../../../../src/features/rooms/overlay/overlay-options.ts";

describe("an embed's options", () => {
  it("have defaults, and pass over what they do not know", () => {
    expect(readEmbedOptions({ view: "members", utm: "x" })).toEqual({
      theme: "auto",
      background: "card",
      empty: "count",
      rooms: undefined,
      problems: [],
    });
  });

  it("are read from the address", () => {
    const search = { theme: "dark", background: "none", empty: "list", rooms: "1,613425648685547541," };
    expect(readEmbedOptions(search)).toEqual({
      theme: "dark",
      background: "none",
      empty: "list",
      rooms: new Set(["1", "613425648685547541"]),
      problems: [],
    });
  });

  it("are named when they are wrong, and the standard counts then", () => {
    const many = Array.from({ length: 101 }, (_, index) => String(index)).join(",");
    for (const rooms of ["lounge", many]) {
      expect(readEmbedOptions({ theme: "pink", rooms })).toMatchObject({
        theme: "auto",
        rooms: undefined,
        problems: [
          "theme must be one of auto, light, dark",
          "rooms must be up to 100 room ids with commas between; leave it out for all",
        ],
      });
    }
  });
});

describe("an overlay's options", () => {
  it("have defaults", () => {
    expect(readOverlayOptions({})).toEqual({
      size: "m",
      align: "left",
      flow: "column",
      names: true,
      avatars: true,
      badges: true,
      problems: [],
    });
  });

  it("are named when they are wrong", () => {
    expect(readOverlayOptions({ size: "99", align: "right" })).toMatchObject({
      size: "m",
      align: "right",
      problems: ["size must be one of s, m, l, xl"],
    });
  });

  it("leave something to see", () => {
    expect(readOverlayOptions({ names: "off", avatars: "off" })).toMatchObject({
      names: true,
      avatars: false,
      problems: ["names and avatars cannot both be off: nothing would be left"],
    });
  });
});
