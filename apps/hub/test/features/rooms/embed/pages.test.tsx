import type { Handoff } from "@guildwire/client";
import { HubProvider } from "@guildwire/client/react";
import { type MetaValue, PersonFlag, type VoiceEntry } from "@guildwire/client/rooms";
import type { ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ClosedNotice } from "../../../../src/features/rooms/embed/closed-notice.tsx";
import { readEmbedOptions } from "../../../../src/features/rooms/embed/embed-options.ts";
import { EmbedPage } from "../../../../src/features/rooms/embed/embed-page.tsx";
import { readOverlayOptions } from "../../../../src/features/rooms/overlay/overlay-options.ts";
import { OverlayPage } from "../../../../src/features/rooms/overlay/overlay-page.tsx";
import type { PlainSearch } from "../../../../src/plain-search.ts";

const room = { kind: "voice", parentId: null, userLimit: 0, status: null, startedAt: null } as const;
const person = { avatarUrl: null, bot: false, since: 1, roomSince: 1 } as const;
const entries: readonly VoiceEntry[] = [
  ["m", { guild: { id: "1", name: "Harbour", iconUrl: null }, source: { status: "live", since: 1 } }, 1],
  ["r:7", { ...room, name: "Lobby", position: 0, userLimit: 5 }, 2],
  ["r:8", { ...room, name: "Attic", position: 1 }, 3],
  ["r:9", { ...room, name: "Cellar", position: 2 }, 3],
  ["u:42", { ...person, name: "Élodie", room: "7", flags: PersonFlag.Mute }, 4],
  ["u:43", { ...person, name: "Bob", room: "7", flags: 0 }, 5],
  ["u:44", { ...person, name: "Cleo", room: "8", flags: 0 }, 5],
];
const initial: Handoff = { epoch: "e1", offset: 5, entries };

/** React marks where texts meet; a reader sees none of it. */
const htmlOf = (page: ReactElement): string =>
  renderToString(<HubProvider hub="/ws">{page}</HubProvider>).replaceAll("<!-- -->", "");

const [[, meta]] = entries as readonly [VoiceEntry];
const roomsAlone: Handoff = {
  ...initial,
  entries: [
    ["m", { ...(meta as MetaValue), people: "none" }, 1],
    ...entries.filter(([key]) => key.startsWith("r:")),
  ],
};

/** What is left when the bot was removed. */
const gone: Handoff = {
  ...initial,
  entries: [["m", { ...(meta as MetaValue), source: { status: "gone", since: 2 } }, 6]],
};

const embed = (search: PlainSearch = {}, handoff: Handoff | undefined = initial) =>
  htmlOf(<EmbedPage guildId="1" initial={handoff} options={readEmbedOptions(search)} view="public" />);

const overlay = (search: PlainSearch = {}, roomId = "7", handoff: Handoff | undefined = initial) =>
  htmlOf(
    <OverlayPage
      guildId="1"
      initial={handoff}
      options={readOverlayOptions(search)}
      roomId={roomId}
      view="public"
    />,
  );

describe("an embed's HTML", () => {
  it("already holds the rooms with people in them, and counts the others", () => {
    const html = embed();
    expect(html).toMatch(/data-room-id="7".*data-user-id="43".*data-user-id="42".*data-room-id="8"/s);
    expect(html).toContain("3 people in voice");
    expect(html).toContain("2/5");
    expect(html).toContain("1 room is empty.");
    expect(html).not.toContain('data-room-id="9"');
  });

  it("claims nothing to be live before the browser has heard from the hub", () => {
    expect(embed()).toContain('data-fresh="false"');
    expect(overlay()).toContain('data-fresh="false"');
  });

  it("holds the chosen rooms and no others", () => {
    const html = embed({ rooms: "8,9", empty: "list" });
    expect(html).not.toContain('data-room-id="7"');
    expect(html).toContain('data-room-id="9"');
    expect(html).toContain("1 person in voice");
  });

  it("says what is wrong with its address", () => {
    expect(embed({ theme: "pink" })).toContain("This address has a mistake: theme must be one of");
  });

  it("says so when nobody is there, when there is no room, and when the hub knows nothing", () => {
    expect(embed({ rooms: "9" })).toContain("Nobody is in voice right now; 1 room is empty.");
    expect(embed({ rooms: "404" })).toContain("There is no room to show.");
    const unknown = embed({}, { epoch: "e1", offset: 0, entries: [] });
    expect(unknown).toContain("No worker has delivered anything");
    expect(unknown).not.toContain("0 people");
  });

  it("says that nobody knows once the bot is gone, and counts nothing", () => {
    const html = embed({}, gone);
    expect(html).toContain("The bot is no longer in this server, so nobody knows who is in voice.");
    expect(html).not.toMatch(/\b0\b.{0,9}(people|rooms)/);
  });

  it("claims nothing about who is there when its view shows nobody", () => {
    const html = embed({}, roomsAlone);
    expect(html).toContain("3 rooms; who is in them is not shown");
    expect(html).toContain('data-room-id="9"');
    expect(html).not.toMatch(/empty|nobody|people/i);
  });

  it("carries no inline style, which a strict content security policy would drop", () => {
    expect(embed() + overlay()).not.toContain("style=");
  });
});

describe("an overlay's HTML", () => {
  it("finds no mistake in its address because the bot is gone", () => {
    expect(overlay({}, "7", gone)).not.toContain("overlay-problem");
  });

  it("holds the people of its room and nobody else", () => {
    const html = overlay();
    expect(html).toContain("Élodie");
    expect(html).toContain("muted by a moderator");
    expect(html).not.toContain("Cleo");
  });

  it("leaves out what it is asked to, but never a name from those who hear it", () => {
    const html = overlay({ names: "off", badges: "off" });
    expect(html).toContain('<span class="sr-only" translate="no">Élodie</span>');
    expect(html).not.toContain("muted by a moderator");
    expect(overlay({ avatars: "off" })).not.toContain("person-chip-face");
  });

  it("is empty when nobody is in the room", () => {
    expect(overlay({}, "9")).toContain('<ul class="overlay-people"></ul>');
  });

  it("says so when there is no such room, unless nothing is known at all", () => {
    expect(overlay({}, "404")).toContain("this room is not in this view");
    expect(overlay({}, "404", { epoch: "e1", offset: 0, entries: [] })).not.toContain("overlay-problem");
  });

  it("says so when its view shows nobody", () => {
    expect(overlay({}, "7", roomsAlone)).toContain("the view public shows nobody");
    expect(overlay()).not.toContain("overlay-problem");
  });
});

describe("a page that may not be shown", () => {
  it("says why", () => {
    const html = renderToString(<ClosedNotice message="the view staff needs a ticket" />);
    expect(html.replaceAll("<!-- -->", "")).toContain("The view staff needs a ticket.");
  });
});
