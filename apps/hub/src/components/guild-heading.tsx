import type { VoiceRoomsView } from "@guildwire/client";
import { useState } from "react";
import { counted, nounOf } from "../card/counted.ts";
import { roomsAlone } from "./rooms-alone.ts";

/** The server's name and how much is going on in it. */
export function GuildHeading({ rooms }: { readonly rooms: VoiceRoomsView }) {
  const [failedUrl, setFailedUrl] = useState<string | null>(null);
  const guild = rooms.guild;
  const iconUrl = guild?.iconUrl ?? null;
  return (
    <div className="flex min-w-0 items-center gap-4">
      <span
        aria-hidden="true"
        className="relative grid size-14 shrink-0 place-items-center overflow-hidden rounded-2xl bg-copper font-semibold text-paper text-xl"
      >
        {[...(guild?.name ?? "?")][0]?.toLocaleUpperCase("en")}
        {iconUrl !== null && iconUrl !== failedUrl && (
          <img
            alt=""
            className="absolute inset-0 size-full object-cover"
            onError={() => setFailedUrl(iconUrl)}
            referrerPolicy="no-referrer"
            src={iconUrl}
          />
        )}
      </span>
      <div className="min-w-0">
        <h1 className="line-clamp-3 font-semibold text-xl leading-tight tracking-[-0.025em] sm:text-2xl">
          {guild?.name ?? "Voice rooms"}
        </h1>
        <p className="text-soft">
          {rooms.showsPeople ? <InUse rooms={rooms} /> : roomsAlone(rooms.rooms.size)}
        </p>
      </div>
    </div>
  );
}

function InUse({ rooms }: { readonly rooms: VoiceRoomsView }) {
  return (
    <>
      <Count number={rooms.people.size} /> {nounOf(rooms.people.size, "person", "people")} in voice,{" "}
      <Count number={rooms.occupiedCount} /> of {counted(rooms.rooms.size, "room", "rooms")} in use
    </>
  );
}

function Count({ number }: { readonly number: number }) {
  return <strong className="font-semibold text-ink">{number}</strong>;
}
