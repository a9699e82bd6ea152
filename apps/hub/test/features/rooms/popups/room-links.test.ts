import { expect, it } from "vitest";
import { discordUrl, roomLinks } from "../../../../src/features/rooms/popups/room-links.ts";

const PLACE = { origin: "https://hub.example", guildId: "1", roomId: "7", view: "public" };

it("leads to the hub's other faces of a room", () => {
  expect(roomLinks(PLACE).map(({ text }) => text)).toEqual([
    "https://hub.example/overlay/1/7",
    "https://hub.example/card/1/7.svg",
    "https://hub.example/embed/1",
  ]);
});

it("names the view where it is not the public one", () => {
  for (const { text } of roomLinks({ ...PLACE, view: "members only" })) {
    expect(text).toMatch(/\?view=members%20only$/);
  }
});

it("leads to the room in Discord", () => {
  expect(discordUrl("1", "7")).toBe("https://discord.com/channels/1/7");
});
