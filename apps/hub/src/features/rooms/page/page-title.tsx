import { type VoiceRoomsView, voiceRooms } from "@guildwire/client";
import type { VoiceEntry } from "@guildwire/client/rooms";
import { useEffect } from "react";
import type { Freshness } from "../freshness/freshness.ts";
import { unknownWords } from "../freshness/unknown.ts";
import { roomsAlone } from "./rooms-alone.ts";

/** What a tab among others tells: how many are in voice, and by its icon whether that is live. */
export function PageTitle({
  rooms,
  freshness,
}: {
  readonly rooms: VoiceRoomsView;
  readonly freshness: Freshness;
}) {
  const title = pageTitle(rooms);
  const icon = FAVICONS[freshness.tone];
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]')?.setAttribute("href", icon);
  }, [icon]);
  return null;
}

export function pageTitle(rooms: VoiceRoomsView): string {
  const { guild, people, showsPeople } = rooms;
  return `${showsPeople && unknownWords(rooms) === null ? `${people.size} in voice` : "Voice rooms"} · ${guild?.name ?? "Guildwire"}`;
}

/** For search engines, and for the preview of a link to the page. */
export function pageMeta(entries: readonly VoiceEntry[]) {
  const rooms = voiceRooms(new Map(entries.map((entry) => [entry[0], entry])));
  if (rooms.guild === null) return [{ title: "Guildwire: live voice rooms" }];
  const title = pageTitle(rooms);
  const unknown = unknownWords(rooms);
  const description =
    unknown !== null
      ? `The voice rooms of ${rooms.guild.name}. ${unknown}`
      : rooms.showsPeople
        ? `Who is in which voice room of ${rooms.guild.name}, as it happens: ${rooms.rooms.size} rooms, ${rooms.occupiedCount} of them in use.`
        : `The voice rooms of ${rooms.guild.name}, as they are now: ${roomsAlone(rooms.rooms.size)}.`;
  return [
    { title },
    { name: "description", content: description },
    { property: "og:type", content: "website" },
    { property: "og:site_name", content: "Guildwire" },
    { property: "og:title", content: title },
    { property: "og:description", content: description },
    ...(rooms.guild.iconUrl === null ? [] : [{ property: "og:image", content: rooms.guild.iconUrl }]),
  ];
}

const FAVICONS: Readonly<Record<Freshness["tone"], string>> = {
  live: "/favicon.svg",
  wait: "/favicon-waiting.svg",
  stale: "/favicon-stale.svg",
  down: "/favicon-down.svg",
};
