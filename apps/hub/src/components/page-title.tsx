import type { VoiceRoomsView } from "@guildwire/client";
import { useEffect } from "react";
import type { Freshness } from "./freshness.ts";

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

export function pageTitle({ guild, people }: VoiceRoomsView): string {
  return `${people.size} in voice · ${guild?.name ?? "Guildwire"}`;
}

const FAVICONS: Readonly<Record<Freshness["tone"], string>> = {
  live: "/favicon.svg",
  wait: "/favicon-waiting.svg",
  stale: "/favicon-stale.svg",
  down: "/favicon-down.svg",
};
