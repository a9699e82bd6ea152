import { type VoiceRoomsView, voiceRooms } from "@guildwire/client";
import type { VoiceEntry } from "@guildwire/client/rooms";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { CARD_DEFAULTS } from "../../../../src/features/rooms/card/card-options.ts";
import { guildCard } from "../../../../src/features/rooms/card/guild-card.ts";
import { GuildHeading } from "../../../../src/features/rooms/page/guild-heading.tsx";
import { pageMeta, pageTitle } from "../../../../src/features/rooms/page/page-title.tsx";

const guild = { id: "1", name: "Harbour", iconUrl: null };
const gone: readonly VoiceEntry[] = [["m", { guild, source: { status: "gone", since: 1 } }, 1]];
const viewOf = (entries: readonly VoiceEntry[]): VoiceRoomsView =>
  voiceRooms(new Map(entries.map((entry) => [entry[0], entry])));
const ZERO = /\b0\b|nobody is in voice/i;

describe.each([
  ["before the first snapshot", [] as readonly VoiceEntry[], "Who is in voice is not known yet."],
  ["after the bot was removed", gone, "nobody knows who is in voice"],
])("%s", (_when, entries, words) => {
  it("the heading says that nobody knows, and no number", () => {
    const text = renderToString(<GuildHeading rooms={viewOf(entries)} />).replaceAll(/<[^>]*>/g, "");
    expect(text).toContain(words);
    expect(text).not.toMatch(/\b0\b/);
  });

  it("the tab's title and the description count nobody", () => {
    expect(pageTitle(viewOf(entries))).not.toMatch(ZERO);
    expect(JSON.stringify(pageMeta(entries))).not.toMatch(ZERO);
  });

  it("a card says that it is not known", () => {
    const text = guildCard(viewOf(entries), CARD_DEFAULTS, 0).replaceAll(/<style>.*?<\/style>|<[^>]*>/g, " ");
    expect(text).toContain("who is in voice is not known");
    expect(text).not.toMatch(/\b0 (people|rooms|of)/);
  });
});
