import type { VoiceRoomsView } from "@guildwire/client";
import { useEffect, useRef, useState } from "react";
import type { Freshness } from "../freshness/freshness.ts";
import { unknownWords } from "../freshness/unknown.ts";
import { roomsAlone } from "./rooms-alone.ts";

/** A change of freshness must last this long to be worth saying. */
const SETTLED_MS = 3_000;
/** Comings and goings are summed up, not called out. */
const SUMMARY_EVERY_MS = 300_000;

/** What a screen reader hears of a page that changes all the time: little. */
export function LiveAnnouncement({
  freshness,
  rooms,
}: {
  readonly freshness: Freshness;
  readonly rooms: VoiceRoomsView;
}) {
  const [text, setText] = useState("");
  const latest = useRef("");
  const { tone, meaning } = freshness;
  const sum = rooms.showsPeople
    ? `${rooms.people.size} people in ${rooms.occupiedCount} rooms.`
    : `${roomsAlone(rooms.rooms.size)}.`;
  latest.current = `${meaning ?? SPOKEN[tone]} ${unknownWords(rooms) ?? sum}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change restarts the wait; the text is read when it ends
  useEffect(() => {
    const settled = setTimeout(() => setText(latest.current), SETTLED_MS);
    const summary = setInterval(() => setText(latest.current), SUMMARY_EVERY_MS);
    return () => {
      clearTimeout(settled);
      clearInterval(summary);
    };
  }, [tone, meaning]);
  return (
    <p aria-live="polite" className="sr-only" role="status">
      {text}
    </p>
  );
}

const SPOKEN: Readonly<Record<Freshness["tone"], string>> = {
  live: "Live.",
  wait: "Connecting; what is shown may be old.",
  stale: "Not live; what is shown may be old.",
  down: "Disconnected; what is shown may be old.",
};
